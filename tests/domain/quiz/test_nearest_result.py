"""The nearest other result against an oracle that replays and scores every single and double change."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings

from bot.content.quiz_models import Quiz
from bot.domain.quiz import QuizRun, find_nearest_result, score_run
from tests.domain.quiz.quiz_strategies import (
    QUIZ_NAMES,
    build_runs,
    iter_changed_answers,
    load_shipped_quizzes,
    play_randomly,
)


def _check_against_oracle(run: QuizRun) -> None:
    found = score_run(run)
    if found.result_id is None:
        return
    near = find_nearest_result(run, found)
    for number in (1, 2):
        flips = [
            (letters, after)
            for letters, after in iter_changed_answers(run, number)
            if after.result_id not in (None, found.result_id)
        ]
        if not flips:
            continue
        assert near is not None
        assert len(near.changes) == number
        told = {change.question.id: change.option.code for change in near.changes}
        moved = {
            frozenset(letters.items()): sum(
                abs(a - b) for a, b in zip(after.points, found.points, strict=True)
            )
            for letters, after in flips
        }
        assert moved[frozenset(told.items())] == min(moved.values())
        assert {after.result_id for letters, after in flips if letters == told} == {near.result_id}
        return
    assert near is None


@given(build_runs(allow_skips=False))
@settings(max_examples=40, deadline=None)
def test_it_is_what_trying_everything_finds(run: QuizRun) -> None:
    _check_against_oracle(run)


@given(build_runs())
@settings(max_examples=20, deadline=None)
def test_also_when_questions_were_skipped(run: QuizRun) -> None:
    _check_against_oracle(run)


@pytest.mark.parametrize("name", QUIZ_NAMES)
def test_the_answers_it_names_do_change_the_result(name: str) -> None:
    draw = Random(7)
    for _ in range(20):
        run = play_randomly(load_shipped_quizzes()[name], draw)
        near = find_nearest_result(run, score_run(run))
        if near is None:
            continue
        for change in near.changes:
            run = run.with_answer(change.question, change.option.code)
        assert score_run(run).result_id == near.result_id


def test_a_question_that_a_change_hides_counts_no_more() -> None:
    """With `gate` turned, `deep` is not asked; counting it all the same would seem to turn the result."""
    run = QuizRun.replay(_build_conditional_quiz(), "aaaaaaa-------")
    found = score_run(run)
    assert (found.result_id, find_nearest_result(run, found)) == ("up", None)
    _check_against_oracle(run)


def _build_conditional_quiz() -> Quiz:
    """Seven questions, the first decides whether the second is asked; both weigh three, the others one."""
    verdict = {"name": "Name", "says": "Says.", "cards": ("one", "two"), "experiment": "Try."}
    questions = [
        {
            "id": f"q{code}",
            "code": code,
            "ask": "Where?",
            "show_if": {"qa": ["high"]} if code == "b" else {},
            "options": (
                {"id": "high", "code": "a", "label": "High", "scores": {"up": 3 if code in "ab" else 1}},
                {"id": "low", "code": "b", "label": "Low", "scores": {"out": 3 if code in "ab" else 1}},
            ),
        }
        for code in "abcdefg"
    ]
    return Quiz.model_validate(
        {
            "title": "Up or out?",
            "short": "Up or out",
            "about": "Where to.",
            "minutes": 1,
            "source": "old-book",
            "does_not_measure": "Knees.",
            "near_tie": 10,
            "dimensions": {"up": "Up", "out": "Out"},
            "results": {"up": {**verdict, "dimension": "up"}, "out": {**verdict, "dimension": "out"}},
            "questions": questions,
        }
    )
