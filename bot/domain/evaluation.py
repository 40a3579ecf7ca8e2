"""How well a search finds: the questions with their right cards, and what is measured on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from bot.domain.search import ConfidenceBand, SearchResult

_LENGTH_TOLERANCE = (
    0.2  # of a question's words: how much longer or shorter another may be to be compared with it
)


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
class SearchMetrics:
    """What a search came to; a number is None where there is no question to measure it on.

    Attributes:
        hit1, hit3: share of in-scope questions with a right card first, or among the first three.
        hit1_gold, hit3_gold: the same, where only the best card counts.
        mrr: mean of 1 / the place of the first right card, 0 where none is found.
        auroc: how often an in-scope question has more confidence than an out-of-scope one.
        auroc_len: the same over pairs of like length, so that length alone earns nothing.
        answered_in, answered_out: share answered as if known: with a card, not with an honest miss.
        threshold: the confidence below which the answer is a miss.
        p50_ms: median time of one search, milliseconds.
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
    threshold: float | None
    p50_ms: float | None
    n_in: int
    n_out: int


def evaluate_search(
    questions: Sequence[EvalQuestion], find: Callable[[str], SearchResult], clock: Callable[[], float]
) -> SearchMetrics:
    """Ask every question and count.

    Args:
        seconds: a clock that only runs forward.
    """
    findings: list[SearchResult] = []
    times: list[float] = []
    for question in questions:
        began = clock()
        findings.append(find(question.text))
        times.append(clock() - began)
    asked = list(zip(questions, findings, strict=True))
    inside = [(question, finding) for question, finding in asked if question.in_scope]
    outside = [(question, finding) for question, finding in asked if not question.in_scope]
    places = [_find_rank(finding, {question.gold, *question.also_correct}) for question, finding in inside]
    gold = [_find_rank(finding, {question.gold}) for question, finding in inside]
    pairs = [(i, o) for o in outside for i in inside]
    return SearchMetrics(
        hit1=_mean([place <= 1 for place in places]),
        hit3=_mean([place <= 3 for place in places]),
        hit1_gold=_mean([place <= 1 for place in gold]),
        hit3_gold=_mean([place <= 3 for place in gold]),
        mrr=_mean([1 / place for place in places]),
        auroc=_mean([_compare_confidence(i[1], o[1]) for i, o in pairs]),
        auroc_len=_mean(
            [_compare_confidence(i[1], o[1]) for i, o in pairs if _is_similar_length(i[0], o[0])]
        ),
        answered_in=_mean([finding.confidence_band is not ConfidenceBand.NO_MATCH for _, finding in inside]),
        answered_out=_mean(
            [finding.confidence_band is not ConfidenceBand.NO_MATCH for _, finding in outside]
        ),
        threshold=findings[0].no_match_threshold if findings else None,
        p50_ms=1_000 * median(times) if times else None,
        n_in=len(inside),
        n_out=len(outside),
    )


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
