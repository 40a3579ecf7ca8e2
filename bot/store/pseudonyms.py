"""Keyed hashes in place of people and words: countable, and readable by nobody who holds the rows alone.

The key of a 90-day window is derived from the bot's own, which lies outside the database. A mask holds for
one window, one table and one row's subject, so that masks of one person cannot be put together.
"""

from __future__ import annotations

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from bot.store.key_ring import KeyRing

PERIOD = timedelta(days=90)
_FIRST_PERIOD_START = datetime(2026, 1, 1, tzinfo=UTC)
_PSEUDONYM_BYTES = 12


def period_index(now: datetime) -> int:
    """The number of the window that a moment lies in."""
    return (now - _FIRST_PERIOD_START) // PERIOD


class Pseudonymizer:
    """Hashes under the keys of each window."""

    def __init__(self, key_ring: KeyRing) -> None:
        self._key_ring = key_ring

    def pseudonymize(self, period: int, *parts: str) -> str:
        """What stands for these parts in a new row."""
        return _hash_parts(self._derive_period_keys(period)[0], parts)

    def all_pseudonyms(self, period: int, *parts: str) -> frozenset[str]:
        """All that may stand for these parts, under older keys of the ring too."""
        return frozenset(_hash_parts(key, parts) for key in self._derive_period_keys(period))

    def _derive_period_keys(self, period: int) -> tuple[bytes, ...]:
        return self._key_ring.derive_keys(f"masks of window {period}")


def _hash_parts(key: bytes, parts: tuple[str, ...]) -> str:
    told = "".join(
        f"{len(part)}:{part}" for part in parts
    )  # lengths, so that no two runs of parts are one text
    return hmac.digest(key, told.encode(errors="surrogatepass"), sha256)[:_PSEUDONYM_BYTES].hex()
