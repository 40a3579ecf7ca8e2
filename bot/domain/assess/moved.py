"""What moved between an earlier run, known by its code, and this one."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.assess.run import NOT_ASKED, Run
from bot.domain.assess.score import Score, score
from bot.library.assessment import SLOTS, AnswerOption, Question


@dataclass(frozen=True, slots=True)
class Moved:
    """An earlier run, scored by today's rules, beside this one.

    Attributes:
        changed: questions answered both times, with the earlier option and the one of now.
        dropped: slot and letter of the earlier answers that no longer count: their question or option is
            gone, or is not asked after the other answers.
        fresh: questions answered now and not then.
    """

    before: Score
    changed: tuple[tuple[Question, AnswerOption, AnswerOption], ...]
    dropped: tuple[tuple[str, str], ...]
    fresh: tuple[Question, ...]


def moved(earlier: str, run: Run) -> Moved:
    """Compare the earlier kept answers with a run."""
    before = Run.replay(run.assessment, earlier)
    changed: list[tuple[Question, AnswerOption, AnswerOption]] = []
    fresh: list[Question] = []
    for question in run.asked:
        then, now = before.option(question), run.option(question)
        if now is None:
            continue
        if then is None:
            fresh.append(question)
        elif then is not now:
            changed.append((question, then, now))
    return Moved(score(before), tuple(changed), dropped(earlier, before), tuple(fresh))


def dropped(earlier: str, replayed: Run) -> tuple[tuple[str, str], ...]:
    """Slot and letter of the answers that a replay left out."""
    pairs = zip(SLOTS, earlier, replayed.kept, strict=True)
    return tuple((slot, then) for slot, then, now in pairs if then not in (now, NOT_ASKED))
