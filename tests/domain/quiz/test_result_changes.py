"""What moved: answers that differ, answers that no longer count, answers that are new."""

from __future__ import annotations

from bot.content.quiz_models import QUESTION_CODES, Quiz
from bot.domain.quiz import NOT_ASKED, QuizRun, compare_runs, score_run
from tests.domain.quiz.quiz_strategies import load_shipped_quizzes

EARLIER_ANSWERS = "abaaaaaa------"


def _load_quiz() -> Quiz:
    return load_shipped_quizzes()["research-or-engineering"]


def test_same_answers_give_no_changes() -> None:
    run = QuizRun.replay(_load_quiz(), EARLIER_ANSWERS)
    change = compare_runs(run.answers, run)
    assert (change.changed_answers, change.dropped_answers, change.new_questions) == ((), (), ())
    assert change.earlier_score == score_run(run)


def test_changed_answer_lists_both_options() -> None:
    run = QuizRun.replay(_load_quiz(), EARLIER_ANSWERS)
    question = run.asked_questions[0]
    ((told, then, now),) = compare_runs(run.answers, run.with_answer(question, "b")).changed_answers
    assert (told.id, then.id, now.id) == ("blocked", "side", "tidy")


def test_answers_to_removed_questions_are_listed_as_dropped() -> None:
    quiz = _load_quiz()
    shorter = quiz.model_copy(update={"questions": quiz.questions[:-1]})
    last = quiz.questions[-1]
    run = QuizRun.replay(shorter, EARLIER_ANSWERS)
    earlier = QuizRun.replay(quiz, EARLIER_ANSWERS).answers
    assert compare_runs(earlier, run).dropped_answers == (
        (last.code, earlier[QUESTION_CODES.index(last.code)]),
    )


def test_answers_to_new_questions_are_listed_as_new() -> None:
    quiz = _load_quiz()
    earlier = QuizRun.replay(quiz, EARLIER_ANSWERS).answers
    at = QUESTION_CODES.index(quiz.questions[-1].code)
    without = earlier[:at] + NOT_ASKED + earlier[at + 1 :]
    (fresh,) = compare_runs(without, QuizRun.replay(quiz, EARLIER_ANSWERS)).new_questions
    assert fresh.id == quiz.questions[-1].id
