"""How near another result was: the fewest answers that would have led there, found by trying them all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from bot.content.quiz_models import QuizOption, QuizQuestion
from bot.domain.quiz.quiz_run import QuizRun
from bot.domain.quiz.quiz_scoring import QuizScore, compute_points, decide_result, max_weight, sum_weights


@dataclass(frozen=True, slots=True, eq=False)
class AnswerChange:
    """A question that was asked, and another option of it than the one taken."""

    question: QuizQuestion
    option: QuizOption


@dataclass(frozen=True, slots=True)
class NearestResult:
    """The nearest other result.

    Attributes:
        changes: the answers that lead to it, in the order asked; one or two.
    """

    result_id: str
    changes: tuple[AnswerChange, ...]


def find_nearest_result(run: QuizRun, score: QuizScore) -> NearestResult | None:
    """The other result that needs the fewest changed answers; None when one or two never suffice.

    Of equally many changes the one that moves the points least wins, then the earlier questions. A question
    that was skipped may be answered; one that a change would newly show stays unanswered.
    """
    changed = {
        change: _RunSums.from_run(run.with_answer(change.question, change.option.code))
        for change in _iter_changes(run)
    }
    singles = (((change,), sums.compute_score()) for change, sums in changed.items())
    return _choose_smallest_change(singles, score) or _choose_smallest_change(
        _iter_double_changes(run, changed), score
    )


def is_firm(run: QuizRun, score: QuizScore) -> bool:
    """Whether no one or two other answers lead to another result; ends at the first that do."""
    changed = {}
    for change in _iter_changes(run):
        sums = _RunSums.from_run(run.with_answer(change.question, change.option.code))
        if _is_other_result(sums.compute_score(), score):
            return False
        changed[change] = sums
    return not any(_is_other_result(other, score) for _, other in _iter_double_changes(run, changed))


def _is_other_result(other: QuizScore, score: QuizScore) -> bool:
    return other.result_id is not None and other.result_id != score.result_id


def _iter_changes(run: QuizRun) -> Iterator[AnswerChange]:
    for question in run.asked_questions:
        for option in question.options:
            if option.code != run.get_answer_code(question):
                yield AnswerChange(question, option)


def _iter_double_changes(
    run: QuizRun, sums_by_change: Mapping[AnswerChange, _RunSums]
) -> Iterator[tuple[tuple[AnswerChange, ...], QuizScore]]:
    parents = {parent for question in run.quiz.questions for parent in question.show_if}
    for one, other in combinations(sums_by_change, 2):
        if one.question is other.question:
            continue
        # What decides which questions are shown goes first; the rest is a difference of sums.
        if other.question.id not in parents:
            yield (one, other), sums_by_change[one].with_change(other).compute_score()
        elif one.question.id not in parents:
            yield (one, other), sums_by_change[other].with_change(one).compute_score()
        else:
            both = sums_by_change[one].run.with_answer(other.question, other.option.code)
            yield (one, other), _RunSums.from_run(both).compute_score()


def _choose_smallest_change(
    candidates: Iterator[tuple[tuple[AnswerChange, ...], QuizScore]], score: QuizScore
) -> NearestResult | None:
    best: tuple[int, NearestResult] | None = None
    for changes, other in candidates:
        if other.result_id is None or not _is_other_result(other, score):
            continue
        moved = sum(abs(one - two) for one, two in zip(score.points, other.points, strict=True))
        if best is None or moved < best[0]:
            best = moved, NearestResult(other.result_id, changes)
    return best[1] if best is not None else None


@dataclass(frozen=True, slots=True)
class _RunSums:
    """A run with its sums, so that trying one more answer costs a handful of additions, not a replay."""

    run: QuizRun
    earned: tuple[int, ...]
    maximum: tuple[int, ...]

    @classmethod
    def from_run(cls, run: QuizRun) -> _RunSums:
        got, most = sum_weights(run)
        return cls(run, tuple(got), tuple(most))

    def with_change(self, change: AnswerChange) -> _RunSums:
        """With one more answer changed, which must not decide what is shown."""
        if change.question not in self.run.asked_questions:
            return self
        got, most = list(self.earned), list(self.maximum)
        before = self.run.find_selected_option(change.question)
        for index, name in enumerate(self.run.quiz.dimensions):
            got[index] += change.option.scores.get(name, 0)
            if before is not None:
                got[index] -= before.scores.get(name, 0)
            else:
                most[index] += max_weight(change.question, name)
        return _RunSums(self.run, tuple(got), tuple(most))

    def compute_score(self) -> QuizScore:
        return decide_result(self.run.quiz, compute_points(self.earned, self.maximum))
