"""Keyed hashes in place of people and words: they can be counted, but not read from the rows alone.

The key of a 90-day period is derived from the bot's own, which is kept outside the database. A pseudonym is
for one period, one table and one row's subject, so that pseudonyms of one person cannot be linked.
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
    """Return the number of the period that a moment is in."""
    return (now - _FIRST_PERIOD_START) // PERIOD


class Pseudonymizer:
    """Hashes under the keys of each period."""

    def __init__(self, key_ring: KeyRing) -> None:
        self._key_ring = key_ring

    def pseudonymize(self, period: int, *parts: str) -> str:
        """Return the pseudonym of these parts for a new row."""
        return _hash_parts(self._derive_period_keys(period)[0], parts)

    def all_pseudonyms(self, period: int, *parts: str) -> frozenset[str]:
        """Return all pseudonyms of these parts, under older keys of the ring too."""
        return frozenset(_hash_parts(key, parts) for key in self._derive_period_keys(period))

    def _derive_period_keys(self, period: int) -> tuple[bytes, ...]:
        return self._key_ring.derive_keys(f"masks of window {period}")


def _hash_parts(key: bytes, parts: tuple[str, ...]) -> str:
    framed = "".join(
        f"{len(part)}:{part}" for part in parts
    )  # lengths, so that no two runs of parts are one text
    return hmac.digest(key, framed.encode(errors="surrogatepass"), sha256)[:_PSEUDONYM_BYTES].hex()
