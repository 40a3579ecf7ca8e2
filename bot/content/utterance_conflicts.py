"""Ways of asking that look alike and lead to different cards: one of the two cards loses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_MIN_SIMILARITY = 80  # of 100; two lines of different cards that share every word but one or two
_WORD = re.compile(r"\w+")
_BLOCK_SIZE = 1_000  # lines that are compared at once: a million scores of one byte


@dataclass(frozen=True, slots=True)
class LocatedUtterance:
    """One way of asking and where it stands."""

    file: Path
    line: int
    text: str


def find_conflicts(
    utterances: Sequence[LocatedUtterance],
) -> Iterator[tuple[LocatedUtterance, LocatedUtterance]]:
    """Pairs of different files whose words are nearly the same, whatever their order.

    Lines are sorted by length and compared only where one is not much shorter than the other, since then no
    ratio can reach the mark: thousands of lines take a second or two.
    """
    import numpy  # only who checks needs it; the bot starts without
    from rapidfuzz import fuzz, process

    rows = sorted(((_normalize(asking.text), asking) for asking in utterances), key=lambda row: len(row[0]))
    keys = [key for key, _ in rows]
    for start in range(0, len(rows), _BLOCK_SIZE):
        block = keys[start : start + _BLOCK_SIZE]
        reach = len(block[-1]) * (200 - _MIN_SIMILARITY) / _MIN_SIMILARITY
        end = next((at for at in range(start, len(keys)) if len(keys[at]) > reach), len(keys))
        scores = process.cdist(
            block, keys[start:end], scorer=fuzz.ratio, score_cutoff=_MIN_SIMILARITY, dtype=numpy.uint8
        )
        for a, b in zip(*(places.tolist() for places in scores.nonzero()), strict=True):
            if a < b and (one := rows[start + a][1]).file != (other := rows[start + b][1]).file:
                yield (one, other) if one.file < other.file else (other, one)


def _normalize(text: str) -> str:
    return " ".join(sorted(_WORD.findall(text.casefold())))
