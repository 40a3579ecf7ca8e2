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
        kind: `word` (stands in the card or its ways of asking), `asking` (a known way of asking), `whole`
            (all that people ask of the card), `own` (its title and answer), `usual` (what the average card
            has too, taken off).
        text: the word or the way of asking, as it was written; empty for the others.
        points: what it adds to the card's score, or takes off.
    """

    kind: str
    text: str
    points: float


@dataclass(frozen=True, slots=True)
class Hit:
    """One card with its score: 0 is the average card, 1 the most that any could have.

    The points of its shares add up to the score.
    """

    card: str
    score: float
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to one question.

    Attributes:
        hits: best first, at most ten; empty when nothing in the question is known.
        confidence: 0 to 1; at `sure` and above the verdict is SURE, below `unsure` MISS.
        verdict: how it should be said.
        said: the question's own words that speak for the best card, the most telling first.
        sure, unsure: the thresholds that gave the verdict.
        outside: the out-of-scope class that the question lies nearest to; None when a card lies nearer. Only
            a sure card is shown all the same.
        also: the best cards for the other questions in the question, where each is sure.
    """

    hits: tuple[Hit, ...]
    confidence: float
    verdict: Verdict
    said: tuple[str, ...]
    sure: float = 1.0
    unsure: float = 0.0
    outside: str | None = None
    also: tuple[str, ...] = ()
