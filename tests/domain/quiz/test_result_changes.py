"""What moved: answers that differ, answers that no longer count, answers that are new."""

from __future__ import annotations

from bot.domain.assess import NOT_ASKED, Run, moved, score
from bot.library.assessment import SLOTS, Assessment
from tests.domain.quiz.quiz_strategies import load_shipped_quizzes

EARLIER_ANSWERS = "abaaaaaa------"


def _load_quiz() -> Assessment:
    return load_shipped_quizzes()["research-or-engineering"]


def test_same_answers_give_no_changes() -> None:
    run = Run.replay(_load_quiz(), EARLIER_ANSWERS)
    change = moved(run.kept, run)
    assert (change.changed, change.dropped, change.fresh) == ((), (), ())
    assert change.before == score(run)


def test_changed_answer_lists_both_options() -> None:
    run = Run.replay(_load_quiz(), EARLIER_ANSWERS)
    question = run.asked[0]
    ((told, then, now),) = moved(run.kept, run.put(question, "b")).changed
    assert (told.id, then.id, now.id) == ("blocked", "side", "tidy")


def test_answers_to_removed_questions_are_listed_as_dropped() -> None:
    quiz = _load_quiz()
    shorter = quiz.model_copy(update={"questions": quiz.questions[:-1]})
    last = quiz.questions[-1]
    run = Run.replay(shorter, EARLIER_ANSWERS)
    earlier = Run.replay(quiz, EARLIER_ANSWERS).kept
    assert moved(earlier, run).dropped == ((last.slot, earlier[SLOTS.index(last.slot)]),)


def test_answers_to_new_questions_are_listed_as_new() -> None:
    quiz = _load_quiz()
    earlier = Run.replay(quiz, EARLIER_ANSWERS).kept
    at = SLOTS.index(quiz.questions[-1].slot)
    without = earlier[:at] + NOT_ASKED + earlier[at + 1 :]
    (fresh,) = moved(without, Run.replay(quiz, EARLIER_ANSWERS)).fresh
    assert fresh.id == quiz.questions[-1].id
