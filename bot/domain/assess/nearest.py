"""How near another result was: the fewest answers that would have led there, found by trying them all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from bot.domain.assess.run import Run
from bot.domain.assess.score import Score, decide, most_of, points_of, sums
from bot.library.assessment import AnswerOption, Question


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """A question that was asked, and another option of it than the one taken."""

    question: Question
    option: AnswerOption


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest other result.

    Attributes:
        changes: the answers that lead to it, in the order asked; one or two.
    """

    result: str
    changes: tuple[Change, ...]


def nearest(run: Run, found: Score) -> Nearest | None:
    """The other result that needs the fewest changed answers; None when one or two never suffice.

    Of equally many changes the one that moves the points least wins, then the earlier questions. A question
    that was skipped may be answered; one that a change would newly show stays unanswered.
    """
    changed = {change: _Sums.of(run.put(change.question, change.option.letter)) for change in _changes(run)}
    singles = (((change,), sums.score()) for change, sums in changed.items())
    return _least(singles, found) or _least(_doubles(run, changed), found)


def _changes(run: Run) -> Iterator[Change]:
    for question in run.asked:
        for option in question.options:
            if option.letter != run.char(question):
                yield Change(question, option)


def _doubles(run: Run, changed: Mapping[Change, _Sums]) -> Iterator[tuple[tuple[Change, ...], Score]]:
    parents = {parent for question in run.assessment.questions for parent in question.show_if}
    for one, other in combinations(changed, 2):
        if one.question is other.question:
            continue
        # What decides which questions are shown goes first; the rest is a difference of sums.
        if other.question.id not in parents:
            yield (one, other), changed[one].after(other).score()
        elif one.question.id not in parents:
            yield (one, other), changed[other].after(one).score()
        else:
            both = changed[one].run.put(other.question, other.option.letter)
            yield (one, other), _Sums.of(both).score()


def _least(tried: Iterator[tuple[tuple[Change, ...], Score]], found: Score) -> Nearest | None:
    best: tuple[int, Nearest] | None = None
    for changes, other in tried:
        if other.result is None or other.result == found.result:
            continue
        moved = sum(abs(one - two) for one, two in zip(found.points, other.points, strict=True))
        if best is None or moved < best[0]:
            best = moved, Nearest(other.result, changes)
    return best[1] if best is not None else None


@dataclass(frozen=True, slots=True)
class _Sums:
    """A run with its sums, so that trying one more answer costs a handful of additions, not a replay."""

    run: Run
    got: tuple[int, ...]
    most: tuple[int, ...]

    @classmethod
    def of(cls, run: Run) -> _Sums:
        got, most = sums(run)
        return cls(run, tuple(got), tuple(most))

    def after(self, change: Change) -> _Sums:
        """With one more answer changed, which must not decide what is shown."""
        if change.question not in self.run.asked:
            return self
        got, most = list(self.got), list(self.most)
        before = self.run.option(change.question)
        for index, name in enumerate(self.run.assessment.dimensions):
            got[index] += change.option.weighs.get(name, 0)
            if before is not None:
                got[index] -= before.weighs.get(name, 0)
            else:
                most[index] += most_of(change.question, name)
        return _Sums(self.run, tuple(got), tuple(most))

    def score(self) -> Score:
        return decide(self.run.assessment, points_of(self.got, self.most))
