"""A run is its kept answers, replayed: whatever was pressed, in whatever order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.assess import NOT_ASKED, NOTHING, SKIPPED, Run
from bot.library.assessment import LETTERS, SLOTS, Assessment
from tests.domain.quiz.quiz_strategies import QUIZ_NAMES, QUIZZES, build_runs, load_shipped_quizzes

ANSWER_STRINGS = st.text(alphabet=LETTERS + NOT_ASKED + SKIPPED, min_size=len(SLOTS), max_size=len(SLOTS))


@given(QUIZZES, ANSWER_STRINGS)
def test_a_replay_of_anything_keeps_only_what_this_quiz_can_have_asked(
    quiz: Assessment, answers: str
) -> None:
    run = Run.replay(quiz, answers)
    assert Run.replay(quiz, run.kept) == run
    for question in quiz.questions:
        if run.char(question) != NOT_ASKED:
            assert question in run.asked
            assert run.char(question) in {SKIPPED, *(option.letter for option in question.options)}


@given(build_runs(), st.integers(1, 12))
def test_back_and_the_same_answers_again_lead_to_the_same_place(run: Run, steps: int) -> None:
    answers: list[str] = []
    there = run
    for _ in range(steps):
        if there.last is None:
            break
        answers.append(there.char(there.last))
        there = there.back()
    for char in reversed(answers):
        assert there.next is not None
        there = there.put(there.next, char)
    assert there == run


def test_back_from_the_first_question_stays_there() -> None:
    run = Run.replay(load_shipped_quizzes()["sector-fit"], NOTHING)
    assert run.back() == run


@pytest.mark.parametrize("name", QUIZ_NAMES)
def test_a_condition_hides_a_question_and_takes_its_answer_along(name: str) -> None:
    assessment = load_shipped_quizzes()[name]
    hidden = next(question for question in assessment.questions if question.show_if)
    (parent_id, wanted), *_ = hidden.show_if.items()
    parent = next(question for question in assessment.questions if question.id == parent_id)
    shows = next(option.letter for option in parent.options if option.id in wanted)
    hides = next(option.letter for option in parent.options if option.id not in wanted)
    run = Run.replay(assessment, NOTHING)
    while run.next is not None:
        run = run.put(run.next, shows if run.next is parent else run.next.options[0].letter)
    assert hidden in run.asked
    turned = run.put(parent, hides)
    assert hidden not in turned.asked
    assert turned.put(parent, shows).char(hidden) == NOT_ASKED, "its old answer does not come back by itself"


@given(build_runs())
def test_question_count_never_exceeds_the_announced_count(run: Run) -> None:
    here = run
    while here.last is not None:
        here = here.back()
        assert here.total >= len(run.asked)
    assert run.total == len(run.asked)
