"""Result codes: they come back as they went, and a mistyped one is never taken for another."""

from __future__ import annotations

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.assess import NOT_ASKED, SKIPPED, Unreadable, decode, encode
from bot.domain.assess.code import _ALPHABET
from bot.library.assessment import LETTERS, SLOTS
from tests.domain.assess.playing import NAMES

QUIZ = st.sampled_from(NAMES)
KEPT = st.text(alphabet=LETTERS + NOT_ASKED + SKIPPED, min_size=len(SLOTS), max_size=len(SLOTS))


@given(QUIZ, KEPT)
def test_a_code_gives_the_answers_back_and_takes_skipped_for_not_asked(quiz: str, kept: str) -> None:
    code = encode(quiz, kept)
    assert len(code) == 11
    assert code[5] == "-"
    assert decode(quiz, code) == kept.replace(SKIPPED, NOT_ASKED)


@given(QUIZ, KEPT)
def test_case_hyphen_and_misread_letters_do_not_matter(quiz: str, kept: str) -> None:
    code = encode(quiz, kept)
    read = decode(quiz, code)
    assert decode(quiz, code.lower().replace("-", " ")) == read
    assert decode(quiz, code.replace("0", "O").replace("1", "l")) == read


@given(QUIZ, KEPT, st.integers(0, 9), st.sampled_from(_ALPHABET))
def test_one_wrong_character_is_always_found(quiz: str, kept: str, at: int, char: str) -> None:
    code = encode(quiz, kept).replace("-", "")
    assume(code[at] != char)
    assert isinstance(decode(quiz, code[:at] + char + code[at + 1 :]), Unreadable)


@given(QUIZ, KEPT, st.integers(0, 8))
def test_two_swapped_characters_are_always_found(quiz: str, kept: str, at: int) -> None:
    code = encode(quiz, kept).replace("-", "")
    assume(code[at] != code[at + 1])
    assert isinstance(decode(quiz, code[:at] + code[at + 1] + code[at] + code[at + 2 :]), Unreadable)


@pytest.mark.parametrize("quiz", NAMES)
def test_a_code_of_another_assessment_is_not_taken(quiz: str) -> None:
    code = encode(quiz, "abcabcabca----")
    assert [name for name in NAMES if not isinstance(decode(name, code), Unreadable)] == [quiz]


@given(QUIZ, st.text(alphabet=string.printable, max_size=14))
def test_any_text_is_refused_or_is_a_code(quiz: str, text: str) -> None:
    read = decode(quiz, text)
    if not isinstance(read, Unreadable):
        assert encode(quiz, read).replace("-", "")[1:] == encode(quiz, read).replace("-", "")[1:]


def test_each_fault_has_its_name() -> None:
    code = encode("sector-fit", "abcabcabca----")
    assert decode("sector-fit", code[:-1]) is Unreadable.LENGTH
    assert decode("sector-fit", "U" + code[1:]) is Unreadable.CHARACTER
    assert decode("sector-fit", code[:-1] + ("0" if code[-1] != "0" else "1")) is Unreadable.MISTYPED
