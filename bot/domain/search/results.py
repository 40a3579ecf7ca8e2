"""What a search found, why, and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ConfidenceBand(StrEnum):
    """How to present a result."""

    CERTAIN = "certain"  # show the best card alone
    SURE = "sure"  # show the best card, then the next two as smaller choices
    MAYBE = "maybe"  # show three cards as equals
    NO_MATCH = "miss"  # say that no card answers, and name the nearest three

    @property
    def is_sure(self) -> bool:
        """Whether the best card is presented as the answer."""
        return self in (ConfidenceBand.CERTAIN, ConfidenceBand.SURE)


@dataclass(frozen=True, slots=True)
class ScoreContribution:
    """One reason for a score.

    Attributes:
        kind: `word` (a word of the card or its example questions), `asking` (an example question), `whole`
            (all example questions at once), `own` (the title and the answer), `usual` (what the average card
            has too, subtracted).
        text: the word or the example question; empty for the others.
        points: what it adds to the card's score, or subtracts.
    """

    kind: str
    text: str
    points: float


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One card with its score: 0 is the average card, 1 the most that any could have.

    The points of its contributions add up to the score.
    """

    card_id: str
    score: float
    contributions: tuple[ScoreContribution, ...]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The answer to one question.

    Attributes:
        hits: best first, at most ten; empty when nothing in the question is known.
        confidence: 0 to 1, how likely some card answers; below `no_match_threshold` none is offered.
        confidence_band: how to present it.
        matched_words: the question's own words that speak for the best card, the most telling first.
        first_confidence: 0 to 1, how likely the first card is right; it decides the band above NO_MATCH.
        sure_threshold, no_match_threshold: the thresholds that gave the band.
        no_match_category: the out-of-scope category that is nearer than every card; None when a card is.
        other_card_ids: the best cards for further questions in the text, where each is sure.
        is_preliminary: keywords answered because the model was still loading; asking again may help.
    """

    hits: tuple[SearchHit, ...]
    confidence: float
    confidence_band: ConfidenceBand
    matched_words: tuple[str, ...]
    first_confidence: float = 0.0
    sure_threshold: float = 1.0
    no_match_threshold: float = 0.0
    no_match_category: str | None = None
    other_card_ids: tuple[str, ...] = ()
    is_preliminary: bool = False
