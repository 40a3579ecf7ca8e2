"""What a search found, why, and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How the finding should be said."""

    SURE = "sure"  # show the best card
    MAYBE = "maybe"  # show the best card and offer the next two
    MISS = "miss"  # say that no card answers, and name the nearest three


@dataclass(frozen=True, slots=True)
class Share:
    """One reason for a score.

    Attributes:
        kind: `word` (of the card), `asking` (a known way of asking).
        text: the word, or the way of asking, as the author wrote it.
        points: what it adds to the card's score.
    """

    kind: str
    text: str
    points: float


@dataclass(frozen=True, slots=True)
class Hit:
    """One card with its score, 0 to 1; the points of its shares add up to the score."""

    card: str
    score: float
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to one question.

    Attributes:
        hits: best first, at most ten; empty when no word of the question is known.
        confidence: 0 to 1; at `sure` and above the verdict is SURE, below `unsure` MISS.
        said: the question's own words that counted, as the person wrote them.
        sure, unsure: the thresholds that gave the verdict.
    """

    hits: tuple[Hit, ...]
    confidence: float
    verdict: Verdict
    said: tuple[str, ...]
    sure: float = 1.0
    unsure: float = 0.0
