"""A run is its kept answers, replayed: whatever was pressed, in whatever order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.quiz_models import OPTION_CODES, QUESTION_CODES, Quiz
from bot.domain.quiz import NO_ANSWERS, NOT_ASKED, SKIPPED, QuizRun
from tests.domain.quiz.quiz_strategies import QUIZ_NAMES, QUIZZES, build_runs, load_shipped_quizzes

ANSWER_STRINGS = st.text(
    alphabet=OPTION_CODES + NOT_ASKED + SKIPPED, min_size=len(QUESTION_CODES), max_size=len(QUESTION_CODES)
)


@given(QUIZZES, ANSWER_STRINGS)
def test_a_replay_of_anything_keeps_only_what_this_quiz_can_have_asked(quiz: Quiz, answers: str) -> None:
    run = QuizRun.replay(quiz, answers)
    assert QuizRun.replay(quiz, run.answers) == run
    for question in quiz.questions:
        if run.get_answer_code(question) != NOT_ASKED:
            assert question in run.asked_questions
            assert run.get_answer_code(question) in {SKIPPED, *(option.code for option in question.options)}


@given(build_runs(), st.integers(1, 12))
def test_back_and_the_same_answers_again_lead_to_the_same_place(run: QuizRun, steps: int) -> None:
    answers: list[str] = []
    there = run
    for _ in range(steps):
        if there.previous_question is None:
            break
        answers.append(there.get_answer_code(there.previous_question))
        there = there.without_last_answer()
    for char in reversed(answers):
        assert there.next_question is not None
        there = there.with_answer(there.next_question, char)
    assert there == run


def test_back_from_the_first_question_stays_there() -> None:
    run = QuizRun.replay(load_shipped_quizzes()["sector-fit"], NO_ANSWERS)
    assert run.without_last_answer() == run


@pytest.mark.parametrize("name", QUIZ_NAMES)
def test_a_condition_hides_a_question_and_takes_its_answer_along(name: str) -> None:
    assessment = load_shipped_quizzes()[name]
    hidden = next(question for question in assessment.questions if question.show_if)
    (parent_id, wanted), *_ = hidden.show_if.items()
    parent = next(question for question in assessment.questions if question.id == parent_id)
    shows = next(option.code for option in parent.options if option.id in wanted)
    hides = next(option.code for option in parent.options if option.id not in wanted)
    run = QuizRun.replay(assessment, NO_ANSWERS)
    while run.next_question is not None:
        run = run.with_answer(
            run.next_question, shows if run.next_question is parent else run.next_question.options[0].code
        )
    assert hidden in run.asked_questions
    turned = run.with_answer(parent, hides)
    assert hidden not in turned.asked_questions
    assert turned.with_answer(parent, shows).get_answer_code(hidden) == NOT_ASKED, (
        "its old answer does not come back by itself"
    )


@given(build_runs())
def test_question_count_never_exceeds_the_announced_count(run: QuizRun) -> None:
    here = run
    while here.previous_question is not None:
        here = here.without_last_answer()
        assert here.max_question_count >= len(run.asked_questions)
    assert run.max_question_count == len(run.asked_questions)
