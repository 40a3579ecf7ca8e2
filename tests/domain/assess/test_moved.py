"""What moved: answers that differ, answers that no longer count, answers that are new."""

from __future__ import annotations

from bot.domain.assess import NOT_ASKED, Run, moved, score
from bot.library.assessment import SLOTS, Assessment
from tests.domain.assess.playing import shipped

THEN = "abaaaaaa------"


def _quiz() -> Assessment:
    return shipped()["research-or-engineering"]


def test_the_same_answers_have_not_moved() -> None:
    run = Run.replay(_quiz(), THEN)
    change = moved(run.kept, run)
    assert (change.changed, change.dropped, change.fresh) == ((), (), ())
    assert change.before == score(run)


def test_a_changed_answer_is_told_with_both_options() -> None:
    run = Run.replay(_quiz(), THEN)
    question = run.asked[0]
    ((told, then, now),) = moved(run.kept, run.put(question, "b")).changed
    assert (told.id, then.id, now.id) == ("blocked", "side", "tidy")


def test_answers_to_what_the_quiz_no_longer_asks_are_told_as_dropped() -> None:
    quiz = _quiz()
    shorter = quiz.model_copy(update={"questions": quiz.questions[:-1]})
    last = quiz.questions[-1]
    run = Run.replay(shorter, THEN)
    earlier = Run.replay(quiz, THEN).kept
    assert moved(earlier, run).dropped == ((last.slot, earlier[SLOTS.index(last.slot)]),)


def test_answers_to_new_questions_are_told_as_new() -> None:
    quiz = _quiz()
    earlier = Run.replay(quiz, THEN).kept
    at = SLOTS.index(quiz.questions[-1].slot)
    without = earlier[:at] + NOT_ASKED + earlier[at + 1 :]
    (fresh,) = moved(without, Run.replay(quiz, THEN)).fresh
    assert fresh.id == quiz.questions[-1].id
