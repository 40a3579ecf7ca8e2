"""The nearest known word to a mistyped one, for "did you mean"."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process

_MIN_SIMILARITY = 70.0  # of 100, rapidfuzz ratio: `try_this_weak` and `try_this_week` have 92


def suggest(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean 'tower'?` for `towre`; nothing when no known word is near."""
    match = process.extractOne(word, sorted(known), scorer=fuzz.ratio, score_cutoff=_MIN_SIMILARITY)
    return f"; did you mean {match[0]!r}?" if match else ""
