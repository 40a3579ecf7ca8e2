"""Results: the dimension ahead, the two that are close, and near ties said in the points that are shown."""

from __future__ import annotations

import pytest
from hypothesis import given

from bot.domain.quiz import NO_ANSWERS, SKIPPED, QuizRun, list_decisive_questions, score_run
from bot.domain.quiz.quiz_scoring import decide_result
from tests.domain.quiz.quiz_strategies import build_runs, load_shipped_quizzes

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
    found = decide_result(load_shipped_quizzes()[RESEARCH], points)
    assert (found.result_id, found.margin) == (result, margin)


def test_a_result_between_two_needs_both_ahead_of_the_others() -> None:
    quiz = load_shipped_quizzes()["research-gap"]  # four; one result between the first and the last
    assert decide_result(quiz, (50, 10, 10, 45)).result_id == "beside"
    assert decide_result(quiz, (50, 60, 10, 45)).result_id == "research"
    assert decide_result(quiz, (50, 48, 10, 10)).result_id == "pipelines"


def test_always_the_same_side_gives_all_the_points() -> None:
    run = QuizRun.replay(load_shipped_quizzes()[RESEARCH], NO_ANSWERS)
    while (question := run.next_question) is not None:
        best = max(question.options, key=lambda option: option.scores.get("engineering", 0))
        run = run.with_answer(question, best.code)
    found = score_run(run)
    assert (found.points, found.result_id) == ((0, 100), "engineering")


def test_who_skips_everything_has_no_result() -> None:
    run = QuizRun.replay(load_shipped_quizzes()[RESEARCH], NO_ANSWERS)
    while run.next_question is not None:
        run = run.with_answer(run.next_question, SKIPPED)
    assert score_run(run).result_id is None
    assert list_decisive_questions(run, score_run(run)) == []


@given(build_runs())
def test_points_lie_between_nothing_and_all_and_the_best_is_never_beaten(run: QuizRun) -> None:
    found = score_run(run)
    assert all(0 <= points <= 100 for points in found.points)
    if found.result_id is None:
        assert {run.get_answer_code(question) for question in run.asked_questions} == {SKIPPED}
        return
    verdict = run.quiz.results[found.result_id]
    names = list(run.quiz.dimensions)
    ahead = [found.points[names.index(name)] for name in verdict.tie_between or (verdict.dimension or "",)]
    assert max(found.points) in ahead


@given(build_runs())
def test_what_weighed_most_was_answered_and_weighs_for_the_result(run: QuizRun) -> None:
    found = score_run(run)
    told = list_decisive_questions(run, found)
    assert len(told) == len(set(told)) <= 3
    for question_id in told:
        question = next(question for question in run.asked_questions if question.id == question_id)
        option = run.find_selected_option(question)
        assert option is not None
        assert found.result_id is not None
        verdict = run.quiz.results[found.result_id]
        assert any(option.scores.get(name) for name in verdict.tie_between or (verdict.dimension or "",))
