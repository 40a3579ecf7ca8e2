"""From answers to a result. All is decided in whole points of 100, the very ones that people are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.assess.run import Run
from bot.library.assessment import Assessment, Question

Points = tuple[int, ...]
"""Points of 100 a dimension, in the assessment's order."""


@dataclass(frozen=True, slots=True)
class Score:
    """What a run came to.

    Attributes:
        result: the result's id; None when every question was skipped.
        margin: how many points lie between it and another result.
    """

    points: Points
    result: str | None
    margin: int


def score(run: Run) -> Score:
    """Score the answered questions of a run."""
    return decide(run.assessment, points_of(*sums(run)))


def sums(run: Run) -> tuple[list[int], list[int]]:
    """What the answers got a dimension, and the most that the answered questions could give it."""
    assessment = run.assessment
    got = [0] * len(assessment.dimensions)
    most = [0] * len(assessment.dimensions)
    for question in run.asked:
        option = run.option(question)
        if option is None:
            continue
        for index, dimension in enumerate(assessment.dimensions):
            got[index] += option.weighs.get(dimension, 0)
            most[index] += most_of(question, dimension)
    return got, most


def most_of(question: Question, dimension: str) -> int:
    """The most that a question can give a dimension."""
    return max(option.weighs.get(dimension, 0) for option in question.options)


def points_of(got: Sequence[int], most: Sequence[int]) -> Points:
    """What was got of the most that the answered questions could give, in whole points of 100."""
    return tuple((200 * one + top) // (2 * top) if top else 0 for one, top in zip(got, most, strict=True))


def decide(assessment: Assessment, points: Points) -> Score:
    """The result of these points: one between the two ahead when they are close enough, else the first's."""
    if not any(points):
        return Score(points, None, 0)
    names = tuple(assessment.dimensions)
    order = sorted(range(len(points)), key=lambda index: -points[index])
    first, second = order[:2]
    gap = points[first] - points[second]
    third = points[order[2]] if len(order) > 2 else 0
    for result, verdict in assessment.results.items():
        if verdict.between is not None and set(verdict.between) == {names[first], names[second]}:
            within = verdict.within or 0
            if gap <= within:
                behind = points[second] - third if len(order) > 2 else within
                return Score(points, result, min(within + 1 - gap, behind))
            gap -= within
    return Score(points, _led_by(assessment)[names[first]], gap)


def _led_by(assessment: Assessment) -> Mapping[str, str]:
    return {verdict.leads: name for name, verdict in assessment.results.items() if verdict.leads is not None}


def weighed_most(run: Run, found: Score, most: int = 3) -> list[str]:
    """The ids of the answered questions that did most for the result, strongest first.

    An answer does for a result what it gives to its dimension and not to the nearest rival; for a result
    between two, what it gives to both.
    """
    if found.result is None:
        return []
    names = tuple(run.assessment.dimensions)
    verdict = run.assessment.results[found.result]
    order = sorted(range(len(names)), key=lambda index: -found.points[index])
    for_it = [names.index(one) for one in verdict.between or (verdict.leads,) if one is not None]
    rivals = [index for index in order if index not in for_it][:1] if verdict.between is None else []
    told: list[tuple[int, int, int, str]] = []
    for place, question in enumerate(run.asked):
        option = run.option(question)
        if option is None:
            continue
        given = [option.weighs.get(name, 0) for name in names]
        good = sum(given[index] for index in for_it) - sum(given[index] for index in rivals)
        if good > 0:
            told.append((-good, -min(given[index] for index in for_it), place, question.id))
    return [question_id for *_, question_id in sorted(told)[:most]]
