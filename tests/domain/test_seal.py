"""The seal: bound to person, place and name; several keys; nothing but what it wrote is accepted."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.seal import Seal

OLD, NEW = b"o" * 32, b"n" * 32
TOLD = ("quiz.answer", "slack", "W1", "U1")
TEXT = st.text(max_size=40)


@given(TEXT)
def test_what_was_closed_opens_and_what_was_signed_checks_out(text: str) -> None:
    seal = Seal([NEW])
    assume(text.encode("utf-8", "ignore").decode() == text)
    assert seal.open(seal.close(text, TOLD), TOLD) == text
    assert seal.signed(text, TOLD, seal.sign(text, TOLD))
    assert len(seal.sign(text, TOLD)) == 11


@pytest.mark.parametrize("place", range(len(TOLD)))
def test_it_says_nothing_to_another_person_place_or_button(place: int) -> None:
    seal = Seal([NEW])
    other = tuple("other" if index == place else part for index, part in enumerate(TOLD))
    assert not seal.signed("abc", other, seal.sign("abc", TOLD))
    assert seal.open(seal.close("abc", TOLD), other) is None


def test_parts_cannot_be_shifted_into_each_other() -> None:
    seal = Seal([NEW])
    assert not seal.signed("abc", ("a", "bc"), seal.sign("abc", ("ab", "c")))
    assert seal.open(seal.close("abc", ("ab", "c")), ("a", "bc")) is None


def test_a_new_first_key_still_reads_what_the_old_one_wrote() -> None:
    before, after, gone = Seal([OLD]), Seal([NEW, OLD]), Seal([NEW])
    assert after.signed("abc", TOLD, before.sign("abc", TOLD))
    assert after.open(before.close("abc", TOLD), TOLD) == "abc"
    assert after.sign("abc", TOLD) == gone.sign("abc", TOLD), "the first key writes"
    assert not gone.signed("abc", TOLD, before.sign("abc", TOLD))
    assert gone.open(before.close("abc", TOLD), TOLD) is None


@given(st.integers(0, 60), st.characters())
def test_any_changed_character_is_refused(at: int, char: str) -> None:
    seal = Seal([NEW])
    closed, signature = seal.close("abcabc", TOLD), seal.sign("abcabc", TOLD)
    assume(closed[at % len(closed)] != char and signature[at % len(signature)] != char)
    assert seal.open(_spoilt(closed, at, char), TOLD) is None
    assert not seal.signed("abcabc", TOLD, _spoilt(signature, at, char))


def _spoilt(text: str, at: int, char: str) -> str:
    place = at % len(text)
    return text[:place] + char + text[place + 1 :]


def test_closed_text_does_not_show_itself() -> None:
    seal = Seal([NEW])
    closed = seal.close("abcabcabcabcab", TOLD)
    assert "abc" not in closed
    assert closed != seal.close("abcabcabcabcab", ("quiz.stop", *TOLD[1:])), "nor when two buttons agree"


def test_there_is_no_seal_without_a_key() -> None:
    with pytest.raises(ValueError):
        Seal([])
