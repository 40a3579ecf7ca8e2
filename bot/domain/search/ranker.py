"""One score from several likenesses, by a few weights that lie in a data file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, sqrt
from pathlib import Path

import numpy as np

from bot.domain.search.search_targets import FloatArray

RANKER_FILE = Path(__file__).parent / "ranker.json"
_DEFAULT_NO_MATCH_SCORE = (
    0.2  # how near what no card answers is taken to lie where nobody wrote down any of it
)
_MIN_CARDS = 24  # among fewer cards, one is easily ahead of all others


@dataclass(frozen=True, slots=True)
class Ranker:
    """How much each likeness counts, and when an answer is sure.

    Attributes:
        weights: by the likeness's name.
        confidence: by the name of a sign (see `signs`).
        always: how sure it is without any sign.
        sure: at this confidence and above, a card is shown as the answer.
        unsure: below this confidence nothing is.
    """

    weights: Mapping[str, float]
    confidence: Mapping[str, float]
    always: float
    sure: float
    unsure: float

    def compute_confidence(self, features: Mapping[str, float]) -> float:
        """How sure it is that some card answers, 0 to 1."""
        told = self.always + sum(weight * features.get(name, 0.0) for name, weight in self.confidence.items())
        return 1 / (1 + exp(-max(-30.0, min(30.0, told))))


@dataclass(frozen=True, slots=True)
class Scale:
    """What turns a likeness into points that can be added to those of another one.

    Over the cards the mean becomes 0 and the spread the same for every likeness; a card that stands out from
    all others as far as possible gets `weight`.
    """

    mean: float
    factor: float

    def to_points(self, similarity: float) -> float:
        """The points of one likeness."""
        return (similarity - self.mean) * self.factor


def fit_scale(similarities: FloatArray, weight: float) -> Scale:
    """The scale of a likeness over the cards."""
    spread = float(similarities.std())
    if spread < 1e-9:
        return Scale(float(similarities.mean()), 0.0)
    return Scale(float(similarities.mean()), weight / spread / sqrt(max(len(similarities) - 1, _MIN_CARDS)))


def compute_confidence_features(
    scores: FloatArray, utterance_scores: FloatArray, card_count: int, known_share: float
) -> Mapping[str, float]:
    """What tells whether any card answers.

    Args:
        scores: of every target, the cards first.
        asking: every target's likeness to its nearest ways of asking.
        cards: how many of the targets are cards.
        known: the share of the question's words that the content knows.
    """
    best = np.sort(scores[:card_count])[::-1]
    return {
        "best": float(best[0]),
        "lead": float(best[0] - best[min(3, len(best) - 1)]),
        "outside": _max_no_match_score(scores[card_count:]),
        "asking": float(utterance_scores[:card_count].max()),
        "beyond": _max_no_match_score(utterance_scores[card_count:]),
        "known": known_share,
    }


def _max_no_match_score(scores: FloatArray) -> float:
    return float(scores.max()) if len(scores) else _DEFAULT_NO_MATCH_SCORE


def load_rankers(file: Path = RANKER_FILE) -> Mapping[str, Ranker]:
    """The shipped weights: `model`, and `words` for when the model is off."""
    return {name: Ranker(**one) for name, one in json.loads(file.read_text(encoding="utf-8")).items()}
