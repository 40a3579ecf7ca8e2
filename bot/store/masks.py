"""Keyed hashes in place of people and words: countable, and readable by nobody who holds the rows alone.

The key of a 90-day window is derived from the bot's own, which lies outside the database. A mask holds for
one window, one table and one row's subject, so that masks of one person cannot be put together.
"""

from __future__ import annotations

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from bot.store.keys import Ring

WINDOW = timedelta(days=90)
_START = datetime(2026, 1, 1, tzinfo=UTC)
_BYTES = 12


def window_of(now: datetime) -> int:
    """The number of the window that a moment lies in."""
    return (now - _START) // WINDOW


class Masks:
    """Hashes under the keys of each window."""

    def __init__(self, ring: Ring) -> None:
        self._ring = ring

    def mask(self, window: int, *parts: str) -> str:
        """What stands for these parts in a new row."""
        return _mask(self._keys(window)[0], parts)

    def known(self, window: int, *parts: str) -> frozenset[str]:
        """All that may stand for these parts, under older keys of the ring too."""
        return frozenset(_mask(key, parts) for key in self._keys(window))

    def _keys(self, window: int) -> tuple[bytes, ...]:
        return self._ring.derived(f"masks of window {window}")


def _mask(key: bytes, parts: tuple[str, ...]) -> str:
    told = "".join(
        f"{len(part)}:{part}" for part in parts
    )  # lengths, so that no two runs of parts are one text
    return hmac.digest(key, told.encode(errors="surrogatepass"), sha256)[:_BYTES].hex()
