"""What travels in a button and comes back: signed where only its owner reads it, encrypted where others do.

Both bind the text to what it was written for (`told`: the button's name, the platform, workspace and user),
so a button says nothing to anybody else and nothing under another name. Both are deterministic: the same
message written twice carries the same buttons.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

_TAG_BYTES = 8  # 64 bits, eleven characters


class Seal:
    """Signs and encrypts short texts.

    Args:
        keys: 32 bytes each, at least one: the first writes, all read.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys:
            raise ValueError("a seal needs a key")
        self._signing = [hmac.digest(key, b"sign", sha256) for key in keys]
        self._encrypting = [hmac.digest(key, b"encrypt", sha256) for key in keys]

    def sign(self, text: str, told: Sequence[str]) -> str:
        """The signature of a text: eleven characters, letters, digits, `-` and `_`."""
        return _encoded(_tag(self._signing[0], text, told))

    def signed(self, text: str, told: Sequence[str], signature: str) -> bool:
        """Whether `sign` gave this signature, under any key."""
        given = signature.encode("utf-8", "replace")
        tags = [_encoded(_tag(key, text, told)).encode() for key in self._signing]
        return any(hmac.compare_digest(tag, given) for tag in tags)

    def close(self, text: str, told: Sequence[str]) -> str:
        """The text encrypted, with a tag of 128 bits; 4 characters for each 3 of the text and 22 more."""
        return _encoded(_cipher(self._encrypting[0]).encrypt(text.encode(), _parts(told)))

    def open(self, closed: str, told: Sequence[str]) -> str | None:
        """What `close` was given, under any key; None when this is not from there."""
        try:
            sealed = urlsafe_b64decode(closed.encode("ascii") + b"=" * (-len(closed) % 4))
        except (NotBase64, UnicodeEncodeError):
            return None
        if _encoded(sealed) != closed:  # base64 has several spellings of the same bytes; ours is one
            return None
        for key in self._encrypting:
            if (text := _decrypted(key, sealed, _parts(told))) is not None:
                return text
        return None


def _cipher(key: bytes) -> AESSIV:
    # Loading the library takes longer than answering a question; few processes ever seal anything.
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

    return AESSIV(key)


def _decrypted(key: bytes, sealed: bytes, told: list[bytes]) -> str | None:
    from cryptography.exceptions import InvalidTag

    try:
        return _cipher(key).decrypt(sealed, told).decode()
    except (InvalidTag, ValueError):
        return None


def _tag(key: bytes, text: str, told: Sequence[str]) -> bytes:
    digest = hmac.new(key, digestmod=sha256)
    for part in (text.encode("utf-8", "replace"), *_parts(told)):
        digest.update(len(part).to_bytes(4, "big") + part)
    return digest.digest()[:_TAG_BYTES]


def _parts(told: Sequence[str]) -> list[bytes]:
    return [part.encode("utf-8", "replace") for part in told]


def _encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
