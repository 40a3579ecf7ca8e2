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


class TokenSigner:
    """Signs and encrypts short texts.

    Args:
        keys: 32 bytes each, at least one: the first writes, all read.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys:
            raise ValueError("a seal needs a key")
        self._signing_keys = [hmac.digest(key, b"sign", sha256) for key in keys]
        self._encryption_keys = [hmac.digest(key, b"encrypt", sha256) for key in keys]

    def sign(self, text: str, associated_data: Sequence[str]) -> str:
        """The signature of a text: eleven characters, letters, digits, `-` and `_`."""
        return _encode_base64(_compute_tag(self._signing_keys[0], text, associated_data))

    def verify(self, text: str, associated_data: Sequence[str], signature: str) -> bool:
        """Whether `sign` gave this signature, under any key."""
        given = signature.encode("utf-8", "replace")
        tags = [
            _encode_base64(_compute_tag(key, text, associated_data)).encode() for key in self._signing_keys
        ]
        return any(hmac.compare_digest(tag, given) for tag in tags)

    def encrypt(self, text: str, associated_data: Sequence[str]) -> str:
        """The text encrypted, with a tag of 128 bits; 4 characters for each 3 of the text and 22 more."""
        return _encode_base64(
            _build_cipher(self._encryption_keys[0]).encrypt(
                text.encode(), _encode_associated_data(associated_data)
            )
        )

    def decrypt(self, token: str, associated_data: Sequence[str]) -> str | None:
        """What `close` was given, under any key; None when this is not from there."""
        try:
            sealed = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
        except (NotBase64, UnicodeEncodeError):
            return None
        if _encode_base64(sealed) != token:  # base64 has several spellings of the same bytes; ours is one
            return None
        for key in self._encryption_keys:
            if (text := _try_decrypt(key, sealed, _encode_associated_data(associated_data))) is not None:
                return text
        return None


def _build_cipher(key: bytes) -> AESSIV:
    # Loading the library takes longer than answering a question; few processes ever seal anything.
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

    return AESSIV(key)


def _try_decrypt(key: bytes, ciphertext: bytes, associated_data: list[bytes]) -> str | None:
    from cryptography.exceptions import InvalidTag

    try:
        return _build_cipher(key).decrypt(ciphertext, associated_data).decode()
    except (InvalidTag, ValueError):
        return None


def _compute_tag(key: bytes, text: str, associated_data: Sequence[str]) -> bytes:
    digest = hmac.new(key, digestmod=sha256)
    for part in (text.encode("utf-8", "replace"), *_encode_associated_data(associated_data)):
        digest.update(len(part).to_bytes(4, "big") + part)
    return digest.digest()[:_TAG_BYTES]


def _encode_associated_data(associated_data: Sequence[str]) -> list[bytes]:
    return [part.encode("utf-8", "replace") for part in associated_data]


def _encode_base64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
