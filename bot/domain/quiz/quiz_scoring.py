"""From answers to a result, decided in whole points of 100: the ones that people are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.content.quiz_models import Quiz, QuizQuestion
from bot.domain.quiz.quiz_run import QuizRun

DimensionPoints = tuple[int, ...]
"""Points of 100 a dimension, in the assessment's order."""


@dataclass(frozen=True, slots=True)
class QuizScore:
    """What a run came to.

    Attributes:
        result_id: the result's id, of equal results the first; None when every question was skipped.
        margin: how many points lie between it and another result.
        equal_result_ids: all results with the same points, two or more; empty when one is ahead.
    """

    points: DimensionPoints
    result_id: str | None
    margin: int
    equal_result_ids: tuple[str, ...] = ()

    @property
    def result_ids(self) -> tuple[str, ...]:
        """Every result that the points give: several when they are equal, none when all was skipped."""
        return self.equal_result_ids or (() if self.result_id is None else (self.result_id,))


def score_run(run: QuizRun) -> QuizScore:
    """Score the answered questions of a run."""
    return decide_result(run.quiz, compute_points(*sum_weights(run)))


def sum_weights(run: QuizRun) -> tuple[list[int], list[int]]:
    """What the answers got a dimension, and the most that the answered questions could give it."""
    assessment = run.quiz
    got = [0] * len(assessment.dimensions)
    most = [0] * len(assessment.dimensions)
    for question in run.asked_questions:
        option = run.find_selected_option(question)
        if option is None:
            continue
        for index, dimension in enumerate(assessment.dimensions):
            got[index] += option.scores.get(dimension, 0)
            most[index] += max_weight(question, dimension)
    return got, most


def max_weight(question: QuizQuestion, dimension: str) -> int:
    """The most that a question can give a dimension."""
    return max(option.scores.get(dimension, 0) for option in question.options)


def compute_points(earned: Sequence[int], maximum: Sequence[int]) -> DimensionPoints:
    """What was got of the most that the answered questions could give, in whole points of 100."""
    return tuple(
        (200 * one + top) // (2 * top) if top else 0 for one, top in zip(earned, maximum, strict=True)
    )


def decide_result(quiz: Quiz, points: DimensionPoints) -> QuizScore:
    """The result of these points: one between the two ahead when they are close enough, else the first's."""
    if not any(points):
        return QuizScore(points, None, 0)
    names = tuple(quiz.dimensions)
    order = sorted(range(len(points)), key=lambda index: -points[index])
    first, second = order[:2]
    gap = points[first] - points[second]
    third = points[order[2]] if len(order) > 2 else 0
    for result, verdict in quiz.results.items():
        if verdict.tie_between is not None and set(verdict.tie_between) == {names[first], names[second]}:
            within = verdict.tie_within or 0
            if gap <= within:
                behind = points[second] - third if len(order) > 2 else within
                return QuizScore(points, result, min(within + 1 - gap, behind))
            gap -= within
    results = _map_results_by_dimension(quiz)
    ahead = tuple(results[name] for name, value in zip(names, points, strict=True) if value == points[first])
    return QuizScore(points, results[names[first]], gap, ahead if len(ahead) > 1 else ())


def _map_results_by_dimension(quiz: Quiz) -> Mapping[str, str]:
    return {
        verdict.dimension: name for name, verdict in quiz.results.items() if verdict.dimension is not None
    }


def list_decisive_questions(run: QuizRun, score: QuizScore, limit: int = 3) -> list[str]:
    """The ids of the answered questions that did most for the result, strongest first.

    An answer does for a result what it gives to its dimension and not to the nearest rival; for a result
    between two, what it gives to both.
    """
    if score.result_id is None:
        return []
    names = tuple(run.quiz.dimensions)
    verdict = run.quiz.results[score.result_id]
    order = sorted(range(len(names)), key=lambda index: -score.points[index])
    for_it = [names.index(one) for one in verdict.tie_between or (verdict.dimension,) if one is not None]
    rivals = [index for index in order if index not in for_it][:1] if verdict.tie_between is None else []
    told: list[tuple[int, int, int, str]] = []
    for place, question in enumerate(run.asked_questions):
        option = run.find_selected_option(question)
        if option is None:
            continue
        given = [option.scores.get(name, 0) for name in names]
        good = sum(given[index] for index in for_it) - sum(given[index] for index in rivals)
        if good > 0:
            told.append((-good, -min(given[index] for index in for_it), place, question.id))
    return [question_id for *_, question_id in sorted(told)[:limit]]
