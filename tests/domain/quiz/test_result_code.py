"""Result codes: they come back as they went, and a mistyped one is never taken for another."""

from __future__ import annotations

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.content.quiz_models import OPTION_CODES, QUESTION_CODES
from bot.domain.quiz import NOT_ASKED, SKIPPED, InvalidCodeReason, decode_result_code, encode_result_code
from bot.domain.quiz.result_code import _ALPHABET
from tests.domain.quiz.quiz_strategies import QUIZ_NAMES

QUIZ_NAME_STRATEGY = st.sampled_from(QUIZ_NAMES)
ANSWER_STRINGS = st.text(
    alphabet=OPTION_CODES + NOT_ASKED + SKIPPED, min_size=len(QUESTION_CODES), max_size=len(QUESTION_CODES)
)


@given(QUIZ_NAME_STRATEGY, ANSWER_STRINGS)
def test_a_code_gives_the_answers_back_and_takes_skipped_for_not_asked(quiz: str, answers: str) -> None:
    code = encode_result_code(quiz, answers)
    assert len(code) == 11
    assert code[5] == "-"
    assert decode_result_code(quiz, code) == answers.replace(SKIPPED, NOT_ASKED)


@given(QUIZ_NAME_STRATEGY, ANSWER_STRINGS)
def test_case_hyphen_and_misread_letters_do_not_matter(quiz: str, answers: str) -> None:
    code = encode_result_code(quiz, answers)
    read = decode_result_code(quiz, code)
    assert decode_result_code(quiz, code.lower().replace("-", " ")) == read
    assert decode_result_code(quiz, code.replace("0", "O").replace("1", "l")) == read


@given(QUIZ_NAME_STRATEGY, ANSWER_STRINGS, st.integers(0, 9), st.sampled_from(_ALPHABET))
def test_one_wrong_character_is_always_found(quiz: str, answers: str, at: int, char: str) -> None:
    code = encode_result_code(quiz, answers).replace("-", "")
    assume(code[at] != char)
    assert isinstance(decode_result_code(quiz, code[:at] + char + code[at + 1 :]), InvalidCodeReason)


@given(QUIZ_NAME_STRATEGY, ANSWER_STRINGS, st.integers(0, 8))
def test_two_swapped_characters_are_always_found(quiz: str, answers: str, at: int) -> None:
    code = encode_result_code(quiz, answers).replace("-", "")
    assume(code[at] != code[at + 1])
    assert isinstance(
        decode_result_code(quiz, code[:at] + code[at + 1] + code[at] + code[at + 2 :]), InvalidCodeReason
    )


@pytest.mark.parametrize("quiz", QUIZ_NAMES)
def test_code_of_another_quiz_is_refused(quiz: str) -> None:
    code = encode_result_code(quiz, "abcabcabca----")
    assert [
        name for name in QUIZ_NAMES if not isinstance(decode_result_code(name, code), InvalidCodeReason)
    ] == [quiz]


@given(QUIZ_NAME_STRATEGY, st.text(alphabet=string.printable, max_size=14))
def test_any_text_is_refused_or_is_a_code(quiz: str, text: str) -> None:
    read = decode_result_code(quiz, text)
    if not isinstance(read, InvalidCodeReason):
        assert (
            encode_result_code(quiz, read).replace("-", "")[1:]
            == encode_result_code(quiz, read).replace("-", "")[1:]
        )


def test_each_fault_has_its_name() -> None:
    code = encode_result_code("sector-fit", "abcabcabca----")
    assert decode_result_code("sector-fit", code[:-1]) is InvalidCodeReason.LENGTH
    assert decode_result_code("sector-fit", "U" + code[1:]) is InvalidCodeReason.CHARACTER
    assert (
        decode_result_code("sector-fit", code[:-1] + ("0" if code[-1] != "0" else "1"))
        is InvalidCodeReason.MISTYPED
    )
