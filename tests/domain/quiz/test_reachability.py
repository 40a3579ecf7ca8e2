"""The author's proof against walking every way, where that is short enough."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from bot.content.quiz_models import Quiz
from bot.domain.quiz import NO_ANSWERS, QuizRun, score_run
from bot.domain.quiz.reachability import count_result_paths, find_unpreferred_options
from tests.domain.quiz.quiz_strategies import QUIZ_NAMES, load_shipped_quizzes


def _iter_complete_runs(run: QuizRun) -> Iterator[QuizRun]:
    if run.next_question is None:
        yield run
        return
    for option in run.next_question.options:
        yield from _iter_complete_runs(run.with_answer(run.next_question, option.code))


def test_it_counts_what_walking_every_way_counts() -> None:
    assessment = load_shipped_quizzes()["research-or-engineering"]
    walked = Counter(
        score_run(run).result_id for run in _iter_complete_runs(QuizRun.replay(assessment, NO_ANSWERS))
    )
    assert count_result_paths(assessment).count_by_result == walked


@pytest.mark.parametrize("name", QUIZ_NAMES)
def test_every_result_is_reached_by_its_example_and_by_one_way_in_twenty(name: str) -> None:
    found = count_result_paths(load_shipped_quizzes()[name])
    for result, number in found.count_by_result.items():
        assert (
            score_run(QuizRun.replay(load_shipped_quizzes()[name], found.example_by_result[result])).result_id
            == result
        )
        assert number * 20 >= found.total, f"{result} is for {number} of {found.total}"


@pytest.mark.parametrize("name", QUIZ_NAMES)
def test_every_option_is_preferred_by_some_result(name: str) -> None:
    assert list(find_unpreferred_options(load_shipped_quizzes()[name])) == []


def test_a_result_that_cannot_be_reached_is_counted_as_none() -> None:
    quiz = load_shipped_quizzes()["research-or-engineering"]
    assert count_result_paths(_copy_with_scores(quiz, {"research": 2})).count_by_result == {
        "research": 49152, "engineering": 0, "hybrid": 0,
    }  # fmt: skip


def _copy_with_scores(quiz: Quiz, scores: dict[str, int]) -> Quiz:
    questions = tuple(
        question.model_copy(
            update={"options": tuple(o.model_copy(update={"scores": scores}) for o in question.options)}
        )
        for question in quiz.questions
    )
    return quiz.model_copy(update={"questions": questions})
