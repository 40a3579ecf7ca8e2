"""The seal: bound to person, place and name; several keys; nothing but what it wrote is accepted."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.state_token import TokenSigner

OLD_KEY, NEW_KEY = b"o" * 32, b"n" * 32
CONTEXT = ("quiz.answer", "slack", "W1", "U1")
TEXT = st.text(max_size=40)


@given(TEXT)
def test_encrypted_text_decrypts_and_signed_text_verifies(text: str) -> None:
    seal = TokenSigner([NEW_KEY])
    assume(text.encode("utf-8", "ignore").decode() == text)
    assert seal.decrypt(seal.encrypt(text, CONTEXT), CONTEXT) == text
    assert seal.verify(text, CONTEXT, seal.sign(text, CONTEXT))
    assert len(seal.sign(text, CONTEXT)) == 11


@pytest.mark.parametrize("place", range(len(CONTEXT)))
def test_token_is_bound_to_person_channel_and_button(place: int) -> None:
    seal = TokenSigner([NEW_KEY])
    other = tuple("other" if index == place else part for index, part in enumerate(CONTEXT))
    assert not seal.verify("abc", other, seal.sign("abc", CONTEXT))
    assert seal.decrypt(seal.encrypt("abc", CONTEXT), other) is None


def test_parts_cannot_be_shifted_into_each_other() -> None:
    seal = TokenSigner([NEW_KEY])
    assert not seal.verify("abc", ("a", "bc"), seal.sign("abc", ("ab", "c")))
    assert seal.decrypt(seal.encrypt("abc", ("ab", "c")), ("a", "bc")) is None


def test_a_new_first_key_still_reads_what_the_old_one_wrote() -> None:
    before, after, gone = TokenSigner([OLD_KEY]), TokenSigner([NEW_KEY, OLD_KEY]), TokenSigner([NEW_KEY])
    assert after.verify("abc", CONTEXT, before.sign("abc", CONTEXT))
    assert after.decrypt(before.encrypt("abc", CONTEXT), CONTEXT) == "abc"
    assert after.sign("abc", CONTEXT) == gone.sign("abc", CONTEXT), "the first key writes"
    assert not gone.verify("abc", CONTEXT, before.sign("abc", CONTEXT))
    assert gone.decrypt(before.encrypt("abc", CONTEXT), CONTEXT) is None


@given(st.integers(0, 60), st.characters())
def test_any_changed_character_is_refused(at: int, char: str) -> None:
    seal = TokenSigner([NEW_KEY])
    closed, signature = seal.encrypt("abcabc", CONTEXT), seal.sign("abcabc", CONTEXT)
    assume(closed[at % len(closed)] != char and signature[at % len(signature)] != char)
    assert seal.decrypt(_replace_character(closed, at, char), CONTEXT) is None
    assert not seal.verify("abcabc", CONTEXT, _replace_character(signature, at, char))


def _replace_character(text: str, index: int, char: str) -> str:
    place = index % len(text)
    return text[:place] + char + text[place + 1 :]


def test_encrypted_text_does_not_contain_the_plaintext() -> None:
    seal = TokenSigner([NEW_KEY])
    closed = seal.encrypt("abcabcabcabcab", CONTEXT)
    assert "abc" not in closed
    assert closed != seal.encrypt("abcabcabcabcab", ("quiz.stop", *CONTEXT[1:])), "nor when two buttons agree"


def test_signer_requires_a_key() -> None:
    with pytest.raises(ValueError):
        TokenSigner([])
