"""How well a search finds: the questions with their right cards, and what is measured on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from statistics import fmean, median

from bot.domain.search import ConfidenceBand, SearchResult

_LENGTH_TOLERANCE = 0.2  # share of a question's words by which another may differ to be compared with it
_RELIABILITY_EDGES = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.97, 1.01)


@dataclass(frozen=True, slots=True)
class EvalQuestion:
    """One question whose right answer is known.

    Attributes:
        gold: the id of the card that answers it best; None when no card does.
        also: ids of cards that answer it too.
        in_scope: whether a card should answer it at all.
    """

    text: str
    gold: str | None
    also_correct: tuple[str, ...]
    in_scope: bool


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question with what the search returned, and how many seconds that took."""

    question: EvalQuestion
    result: SearchResult
    seconds: float

    @property
    def rank(self) -> float:
        """The place of the first right card, infinite when there is none."""
        if not self.question.in_scope:
            return float("inf")
        return _find_rank(self.result, {self.question.gold, *self.question.also_correct})

    @property
    def is_answered(self) -> bool:
        """Whether a card was offered as an answer."""
        return self.result.confidence_band is not ConfidenceBand.NO_MATCH


@dataclass(frozen=True, slots=True)
class SearchMetrics:
    """How well a search did; a number is None where there is no question to measure it on.

    Attributes:
        hit1, hit3: share of in-scope questions with a right card first, or among the first three.
        hit1_gold, hit3_gold: the same, where only the best card counts.
        mrr: mean of 1 / the place of the first right card, 0 where none is found.
        auroc: how often an in-scope question has more confidence than an out-of-scope one.
        auroc_len: the same over pairs of like length, so that length alone earns nothing.
        answered_in, answered_out: share answered with a card, not with an honest miss.
        sure: share of all questions whose first card is presented as the answer.
        sure_precision: share of those with a right card first; out of scope, no card is right.
        threshold: the confidence below which the answer is a miss.
        p50_ms, p95_ms: time of one search, milliseconds.
    """

    hit1: float | None
    hit3: float | None
    hit1_gold: float | None
    hit3_gold: float | None
    mrr: float | None
    auroc: float | None
    auroc_len: float | None
    answered_in: float | None
    answered_out: float | None
    sure: float | None
    sure_precision: float | None
    threshold: float | None
    p50_ms: float | None
    p95_ms: float | None
    n_in: int
    n_out: int


@dataclass(frozen=True, slots=True)
class ReliabilityRow:
    """Questions whose first card got a confidence from `low` to below `high`.

    Attributes:
        confidence: the mean over them.
        right: the share with a right card first; None for an empty row.
    """

    low: float
    high: float
    count: int
    confidence: float | None
    right: float | None


@dataclass(frozen=True, slots=True)
class ConfusedPair:
    """How often a card came first where another one was right."""

    shown: str
    right: str
    count: int


def ask_questions(
    questions: Sequence[EvalQuestion], find: Callable[[str], SearchResult], clock: Callable[[], float]
) -> list[AskedQuestion]:
    """Ask every question.

    Args:
        clock: seconds, monotonic.
    """
    asked = []
    for question in questions:
        began = clock()
        result = find(question.text)
        asked.append(AskedQuestion(question, result, clock() - began))
    return asked


def compute_metrics(asked: Sequence[AskedQuestion]) -> SearchMetrics:
    """Count."""
    inside = [one for one in asked if one.question.in_scope]
    outside = [one for one in asked if not one.question.in_scope]
    gold_ranks = [_find_rank(one.result, {one.question.gold}) for one in inside]
    sure = [one for one in asked if one.result.confidence_band.is_sure]
    pairs = [(i, o) for o in outside for i in inside]
    seconds = sorted(one.seconds for one in asked)
    return SearchMetrics(
        hit1=_mean([one.rank <= 1 for one in inside]),
        hit3=_mean([one.rank <= 3 for one in inside]),
        hit1_gold=_mean([rank <= 1 for rank in gold_ranks]),
        hit3_gold=_mean([rank <= 3 for rank in gold_ranks]),
        mrr=_mean([1 / one.rank for one in inside]),
        auroc=_mean([_compare_confidence(i.result, o.result) for i, o in pairs]),
        auroc_len=_mean(
            [
                _compare_confidence(i.result, o.result)
                for i, o in pairs
                if _is_similar_length(i.question, o.question)
            ]
        ),
        answered_in=_mean([one.is_answered for one in inside]),
        answered_out=_mean([one.is_answered for one in outside]),
        sure=_mean([one.result.confidence_band.is_sure for one in asked]),
        sure_precision=_mean([one.rank <= 1 for one in sure]),
        threshold=asked[0].result.no_match_threshold if asked else None,
        p50_ms=1_000 * median(seconds) if seconds else None,
        p95_ms=1_000 * seconds[min(int(0.95 * len(seconds)), len(seconds) - 1)] if seconds else None,
        n_in=len(inside),
        n_out=len(outside),
    )


def evaluate_search(
    questions: Sequence[EvalQuestion], find: Callable[[str], SearchResult], clock: Callable[[], float]
) -> SearchMetrics:
    """Ask every question and count; see `ask_questions`."""
    return compute_metrics(ask_questions(questions, find, clock))


def compute_intervals(
    asked: Sequence[AskedQuestion], samples: int = 1_000, seed: int = 0
) -> dict[str, tuple[float, float]]:
    """Return the 95 % bootstrap interval of each share by its name; without those that have no questions."""
    inside = [one for one in asked if one.question.in_scope]
    outside = [one for one in asked if not one.question.in_scope]
    sure = [one for one in asked if one.result.confidence_band.is_sure]
    outcomes = {
        "hit1": [one.rank <= 1 for one in inside],
        "hit3": [one.rank <= 3 for one in inside],
        "answered_in": [one.is_answered for one in inside],
        "answered_out": [one.is_answered for one in outside],
        "sure_precision": [one.rank <= 1 for one in sure],
    }
    rng = Random(seed)
    intervals = {}
    for name, outcome in outcomes.items():
        if outcome:
            means = sorted(fmean(rng.choices(outcome, k=len(outcome))) for _ in range(samples))
            intervals[name] = (means[int(0.025 * samples)], means[int(0.975 * samples) - 1])
    return intervals


def compute_reliability(asked: Sequence[AskedQuestion]) -> list[ReliabilityRow]:
    """Return, by the first card's confidence, how often that card was right."""
    rows = []
    for low, high in pairwise(_RELIABILITY_EDGES):
        inside = [one for one in asked if low <= one.result.first_confidence < high]
        rows.append(
            ReliabilityRow(
                low,
                high,
                len(inside),
                _mean([one.result.first_confidence for one in inside]),
                _mean([one.rank <= 1 for one in inside]),
            )
        )
    return rows


def list_confused_pairs(asked: Sequence[AskedQuestion], limit: int = 10) -> list[ConfusedPair]:
    """Return the pairs of cards that were mixed up most often, the worst first."""
    pairs = Counter(
        (one.result.hits[0].card_id, one.question.gold)
        for one in asked
        if one.question.in_scope and one.rank > 1 and one.result.hits and one.question.gold is not None
    )
    ordered = sorted(pairs.items(), key=lambda item: (-item[1], item[0]))
    return [ConfusedPair(shown, right, number) for (shown, right), number in ordered[:limit]]


def _find_rank(result: SearchResult, correct_ids: set[str | None]) -> float:
    """The place of the first right card, infinite when there is none."""
    places = (place for place, hit in enumerate(result.hits, start=1) if hit.card_id in correct_ids)
    return next(places, float("inf"))


def _compare_confidence(in_scope_result: SearchResult, out_of_scope_result: SearchResult) -> float:
    if in_scope_result.confidence == out_of_scope_result.confidence:
        return 0.5
    return float(in_scope_result.confidence > out_of_scope_result.confidence)


def _is_similar_length(in_scope: EvalQuestion, out_of_scope: EvalQuestion) -> bool:
    """Whether the in-scope question's length lies within a fifth of the other's."""
    words = len(out_of_scope.text.split())
    return abs(len(in_scope.text.split()) - words) <= _LENGTH_TOLERANCE * words


def _mean(values: Sequence[float]) -> float | None:
    return fmean(values) if values else None
