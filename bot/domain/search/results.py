"""What a search found, why, and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ConfidenceBand(StrEnum):
    """How the finding should be said."""

    SURE = "sure"  # show the best card
    MAYBE = "maybe"  # show the best card and offer the next two
    NO_MATCH = "miss"  # say that no card answers, and name the nearest three


@dataclass(frozen=True, slots=True)
class ScoreContribution:
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
class SearchHit:
    """One card with its score: 0 is the average card, 1 the most that any could have.

    The points of its shares add up to the score.
    """

    card_id: str
    score: float
    contributions: tuple[ScoreContribution, ...]


@dataclass(frozen=True, slots=True)
class SearchResult:
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

    hits: tuple[SearchHit, ...]
    confidence: float
    confidence_band: ConfidenceBand
    matched_words: tuple[str, ...]
    sure_threshold: float = 1.0
    no_match_threshold: float = 0.0
    no_match_category: str | None = None
    other_card_ids: tuple[str, ...] = ()
