"""The keys that sign button state and make pseudonyms."""

from __future__ import annotations

import hmac
import logging
import os
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

log = logging.getLogger(__name__)

KEY_FILE_NAME = "secret.key"
_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Keys of one bot: the first signs, all verify; never empty."""

    root_keys: tuple[bytes, ...] = field(repr=False)

    def derive_keys(self, purpose: str) -> tuple[bytes, ...]:
        """Return 32 bytes per key, for one purpose: a leak of one purpose opens no other."""
        return tuple(hmac.digest(root, purpose.encode(), sha256) for root in self.root_keys)


def build_key_ring(secret_texts: tuple[str, ...]) -> KeyRing:
    """Build the key ring of the secrets in the settings."""
    return KeyRing(tuple(sha256(text.strip().encode()).digest() for text in secret_texts))


def load_key_ring(folder: Path) -> KeyRing:
    """Load the key ring of the key file in a folder, which is created (0600) when it does not exist.

    Raises:
        OSError: when the folder cannot be written.
    """
    file = folder / KEY_FILE_NAME
    if not file.exists():
        _create_key_file(file)
    if file.stat().st_mode & 0o077:
        log.warning("key file %s is readable by other users: run chmod 600 %s", file, file)
    return build_key_ring((file.read_text(encoding="ascii"),))


def _create_key_file(file: Path) -> None:
    """Write a draft and link it into place, so that of several starting processes one wins and none reads half."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as written:
        written.write(secrets.token_hex(_KEY_BYTES) + "\n")
    try:
        file.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
