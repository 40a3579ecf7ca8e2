"""Combine several similarities into one score, with a few weights from a data file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, sqrt
from pathlib import Path

import numpy as np

from bot.domain.search.search_targets import FloatArray

RANKER_FILE = Path(__file__).parent / "ranker.json"
_DEFAULT_NO_MATCH_SCORE = 0.2  # taken where the content has no out-of-scope lines
_MIN_CARDS = 24  # among fewer cards, one is easily ahead of all others


@dataclass(frozen=True, slots=True)
class Logistic:
    """A probability from a few features: their weighted sum through the logistic function."""

    weights: Mapping[str, float]
    bias: float

    def predict(self, features: Mapping[str, float]) -> float:
        """Return the probability, 0 to 1."""
        total = self.bias + sum(weight * features.get(name, 0.0) for name, weight in self.weights.items())
        return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


@dataclass(frozen=True, slots=True)
class Ranker:
    """How much each similarity counts, and how sure an answer is.

    Attributes:
        weights: by the similarity's name.
        any_card: how likely some card answers; see `compute_confidence_features`.
        first_card: how likely the first card is a right one, from the same features.
        certain: from this probability that the first card is right, it is shown alone.
        sure: from this one, it is shown as the answer.
        no_match: below this probability that some card answers, none is offered.
    """

    weights: Mapping[str, float]
    any_card: Logistic
    first_card: Logistic
    certain: float
    sure: float
    no_match: float


@dataclass(frozen=True, slots=True)
class Scale:
    """Turns a similarity into points that can be added to those of another one.

    Over the cards the mean becomes 0 and the spread is the same for every similarity; a card as far above all
    others as possible gets `weight`.
    """

    mean: float
    factor: float

    def to_points(self, similarity: float) -> float:
        """Return the points of one similarity."""
        return (similarity - self.mean) * self.factor


def fit_scale(similarities: FloatArray, weight: float) -> Scale:
    """Return the scale of a similarity over the cards."""
    spread = float(similarities.std())
    if spread < 1e-9:
        return Scale(float(similarities.mean()), 0.0)
    return Scale(float(similarities.mean()), weight / spread / sqrt(max(len(similarities) - 1, _MIN_CARDS)))


def compute_confidence_features(
    scores: FloatArray, utterance_scores: FloatArray, card_count: int, known_share: float
) -> Mapping[str, float]:
    """Return what tells whether any card answers, and whether the first one does.

    Args:
        scores: of every target, the cards first.
        utterance_scores: every target's similarity to its nearest example questions.
        card_count: how many of the targets are cards.
        known_share: the share of the question's words that the content knows.

    Returns:
        `best`: the first card's score; `lead` and `lead2`: how far it is ahead of the fourth and the second;
        `outside`: the best score of an out-of-scope category; `asking` and `beyond`: the similarity of the
        nearest example questions of a card and of a category; `known`: `known_share`.
    """
    best = np.sort(scores[:card_count])[::-1]
    return {
        "best": float(best[0]),
        "lead": float(best[0] - best[min(3, len(best) - 1)]),
        "lead2": float(best[0] - best[min(1, len(best) - 1)]),
        "outside": _max_no_match_score(scores[card_count:]),
        "asking": float(utterance_scores[:card_count].max()),
        "beyond": _max_no_match_score(utterance_scores[card_count:]),
        "known": known_share,
    }


def _max_no_match_score(scores: FloatArray) -> float:
    return float(scores.max()) if len(scores) else _DEFAULT_NO_MATCH_SCORE


def load_rankers(file: Path = RANKER_FILE) -> Mapping[str, Ranker]:
    """Load the shipped weights: by the model's size, and `words` for keywords alone."""
    data = json.loads(file.read_text(encoding="utf-8"))
    return {
        name: Ranker(
            **{
                **row,
                "any_card": Logistic(**row["any_card"]),
                "first_card": Logistic(**row["first_card"]),
            }
        )
        for name, row in data.items()
    }
