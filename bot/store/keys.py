"""The keys that sign what travels in buttons and that hide who did what in rows."""

from __future__ import annotations

import hmac
import logging
import os
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

log = logging.getLogger(__name__)

FILE = "secret.key"
_BYTES = 32


@dataclass(frozen=True, slots=True)
class Ring:
    """Keys of one bot: the first signs, all verify; never empty."""

    roots: tuple[bytes, ...] = field(repr=False)

    def derived(self, purpose: str) -> tuple[bytes, ...]:
        """32 bytes a key, for one purpose alone: what leaks of one purpose opens no other."""
        return tuple(hmac.digest(root, purpose.encode(), sha256) for root in self.roots)


def ring_of(texts: tuple[str, ...]) -> Ring:
    """The ring of the secrets that the settings name."""
    return Ring(tuple(sha256(text.strip().encode()).digest() for text in texts))


def ring_in(folder: Path) -> Ring:
    """The ring of the key file in a folder, which is made (0600) when there is none.

    Raises:
        OSError: when the folder cannot be written.
    """
    file = folder / FILE
    if not file.exists():
        _make(file)
    if file.stat().st_mode & 0o077:
        log.warning("%s can be read by others on this machine: chmod 600 %s", file, file)
    return ring_of((file.read_text(encoding="ascii"),))


def _make(file: Path) -> None:
    """Written aside and linked into place: of processes that start at once one wins, and none reads half."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as written:
        written.write(secrets.token_hex(_BYTES) + "\n")
    try:
        file.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
