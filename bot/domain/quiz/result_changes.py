"""What moved between an earlier run, known by its code, and this one."""

from __future__ import annotations

from dataclasses import dataclass

from bot.content.quiz_models import QUESTION_CODES, QuizOption, QuizQuestion
from bot.domain.quiz.quiz_run import NOT_ASKED, QuizRun
from bot.domain.quiz.quiz_scoring import QuizScore, score_run


@dataclass(frozen=True, slots=True)
class ResultChanges:
    """An earlier run, scored by today's rules, beside this one.

    Attributes:
        changed: questions answered both times, with the earlier option and the one of now.
        dropped: slot and letter of the earlier answers that no longer count: their question or option is
            gone, or is not asked after the other answers.
        fresh: questions answered now and not then.
    """

    earlier_score: QuizScore
    changed_answers: tuple[tuple[QuizQuestion, QuizOption, QuizOption], ...]
    dropped_answers: tuple[tuple[str, str], ...]
    new_questions: tuple[QuizQuestion, ...]


def compare_runs(earlier_answers: str, run: QuizRun) -> ResultChanges:
    """Compare the earlier kept answers with a run."""
    before = QuizRun.replay(run.quiz, earlier_answers)
    changed: list[tuple[QuizQuestion, QuizOption, QuizOption]] = []
    fresh: list[QuizQuestion] = []
    for question in run.asked_questions:
        then, now = before.find_selected_option(question), run.find_selected_option(question)
        if now is None:
            continue
        if then is None:
            fresh.append(question)
        elif then is not now:
            changed.append((question, then, now))
    return ResultChanges(
        score_run(before), tuple(changed), find_dropped_answers(earlier_answers, before), tuple(fresh)
    )


def find_dropped_answers(earlier_answers: str, replayed_run: QuizRun) -> tuple[tuple[str, str], ...]:
    """Slot and letter of the answers that a replay left out."""
    pairs = zip(QUESTION_CODES, earlier_answers, replayed_run.answers, strict=True)
    return tuple((slot, then) for slot, then, now in pairs if then not in (now, NOT_ASKED))
