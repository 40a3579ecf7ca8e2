"""Results: the dimension ahead, the two that are close, and near ties said in the points that are shown."""

from __future__ import annotations

import pytest
from hypothesis import given

from bot.domain.assess import NOTHING, SKIPPED, Run, score, weighed_most
from bot.domain.assess.score import decide
from tests.domain.assess.playing import runs, shipped

RESEARCH = "research-or-engineering"


@pytest.mark.parametrize(
    ("points", "result", "margin"),
    [
        ((80, 20), "research", 40),
        ((60, 39), "research", 1),
        ((60, 40), "hybrid", 1),
        ((40, 60), "hybrid", 1),
        ((39, 60), "engineering", 1),
        ((50, 50), "hybrid", 20),
        ((0, 0), None, 0),
    ],
)
def test_twenty_points_apart_is_both_and_twenty_one_is_not(
    points: tuple[int, int], result: str | None, margin: int
) -> None:
    found = decide(shipped()[RESEARCH], points)
    assert (found.result, found.margin) == (result, margin)


def test_a_result_between_two_needs_both_ahead_of_the_others() -> None:
    assessment = shipped()["research-gap"]  # four; one result between the first and the last
    assert decide(assessment, (50, 10, 10, 45)).result == "beside"
    assert decide(assessment, (50, 60, 10, 45)).result == "research"
    assert decide(assessment, (50, 48, 10, 10)).result == "pipelines"


def test_always_the_same_side_gives_all_the_points() -> None:
    run = Run.replay(shipped()[RESEARCH], NOTHING)
    while (question := run.next) is not None:
        best = max(question.options, key=lambda option: option.weighs.get("engineering", 0))
        run = run.put(question, best.letter)
    found = score(run)
    assert (found.points, found.result) == ((0, 100), "engineering")


def test_who_skips_everything_has_no_result() -> None:
    run = Run.replay(shipped()[RESEARCH], NOTHING)
    while run.next is not None:
        run = run.put(run.next, SKIPPED)
    assert score(run).result is None
    assert weighed_most(run, score(run)) == []


@given(runs())
def test_points_lie_between_nothing_and_all_and_the_best_is_never_beaten(run: Run) -> None:
    found = score(run)
    assert all(0 <= points <= 100 for points in found.points)
    if found.result is None:
        assert {run.char(question) for question in run.asked} == {SKIPPED}
        return
    verdict = run.assessment.results[found.result]
    names = list(run.assessment.dimensions)
    ahead = [found.points[names.index(name)] for name in verdict.between or (verdict.leads or "",)]
    assert max(found.points) in ahead


@given(runs())
def test_what_weighed_most_was_answered_and_weighs_for_the_result(run: Run) -> None:
    found = score(run)
    told = weighed_most(run, found)
    assert len(told) == len(set(told)) <= 3
    for question_id in told:
        question = next(question for question in run.asked if question.id == question_id)
        option = run.option(question)
        assert option is not None
        assert found.result is not None
        verdict = run.assessment.results[found.result]
        assert any(option.weighs.get(name) for name in verdict.between or (verdict.leads or "",))
