"""What an author's assessment can lead to, over every way through it: no sampling, no brute force.

Ways that came to the same points and will be asked the same from here on are one state, so the five
assessments take well under a second where their ways number millions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.content.quiz_models import QUESTION_CODES, Quiz, QuizOption, QuizQuestion, QuizResult
from bot.domain.quiz.quiz_run import NO_ANSWERS, NOT_ASKED
from bot.domain.quiz.quiz_scoring import compute_points, decide_result, max_weight

_PathState = tuple[tuple[int, ...], tuple[int, ...], tuple[tuple[str, str], ...]]
"""Points got, most points to get, and the answers that a later question still asks about."""


@dataclass(frozen=True, slots=True)
class ResultPaths:
    """Where the complete ways lead, skipping nothing.

    Attributes:
        to: how many lead to each result; every result is a key.
        examples: the kept answers of one of them, for the results that can be reached.
    """

    count_by_result: Mapping[str, int]
    example_by_result: Mapping[str, str]

    @property
    def total(self) -> int:
        """How many complete ways there are."""
        return sum(self.count_by_result.values())


def count_result_paths(quiz: Quiz) -> ResultPaths:
    """Count the ways to each result."""
    none = (0,) * len(quiz.dimensions)
    states: dict[_PathState, tuple[int, str]] = {(none, none, ()): (1, NO_ANSWERS)}
    for index, question in enumerate(quiz.questions):
        wanted = {parent for later in quiz.questions[index + 1 :] for parent in later.show_if}
        after: dict[_PathState, tuple[int, str]] = {}
        for state, (number, kept) in states.items():
            for next_state, char in _iter_next_states(quiz, question, state, wanted):
                known, example = after.get(next_state, (0, _set_answer(kept, question, char)))
                after[next_state] = known + number, example
        states = after
    found = dict.fromkeys(quiz.results, 0)
    examples: dict[str, str] = {}
    for (got, most, _), (number, kept) in states.items():
        result = decide_result(quiz, compute_points(got, most)).result_id
        assert result is not None, "every option weighs at least one point"
        found[result] += number
        examples.setdefault(result, kept)
    return ResultPaths(found, examples)


def compute_result_shares(quiz: Quiz) -> Mapping[str, float]:
    """Return how often each result comes up when every option is as likely as the others of its question.

    Results with equal points share a run between them. Exact: states are merged, nothing is sampled.
    """
    none = (0,) * len(quiz.dimensions)
    states: dict[_PathState, float] = {(none, none, ()): 1.0}
    for index, question in enumerate(quiz.questions):
        needed = {parent for later in quiz.questions[index + 1 :] for parent in later.show_if}
        after: dict[_PathState, float] = {}
        for state, probability in states.items():
            next_states = list(_iter_next_states(quiz, question, state, needed))
            for next_state, _ in next_states:
                after[next_state] = after.get(next_state, 0.0) + probability / len(next_states)
        states = after
    shares = dict.fromkeys(quiz.results, 0.0)
    for (earned, maximum, _), probability in states.items():
        result_ids = decide_result(quiz, compute_points(earned, maximum)).result_ids
        for result_id in result_ids:
            shares[result_id] += probability / len(result_ids)
    return shares


def _set_answer(answers: str, question: QuizQuestion, code: str) -> str:
    at = QUESTION_CODES.index(question.code)
    return answers[:at] + code + answers[at + 1 :]


def _iter_next_states(
    quiz: Quiz, question: QuizQuestion, state: _PathState, needed_question_ids: set[str]
) -> Iterator[tuple[_PathState, str]]:
    got, most, answers = state
    known = dict(answers)
    if any(known.get(parent) not in options for parent, options in question.show_if.items()):
        yield (got, most, tuple(pair for pair in answers if pair[0] in needed_question_ids)), NOT_ASKED
        return
    names = tuple(quiz.dimensions)
    most = tuple(one + max_weight(question, name) for one, name in zip(most, names, strict=True))
    for option in question.options:
        kept = tuple(pair for pair in (*answers, (question.id, option.id)) if pair[0] in needed_question_ids)
        sums = tuple(one + option.scores.get(name, 0) for one, name in zip(got, names, strict=True))
        yield (sums, most, kept), option.code


def find_unpreferred_options(quiz: Quiz) -> Iterator[tuple[int, int]]:
    """Question and option by place, where for every result another option of the question does more."""
    for index, question in enumerate(quiz.questions):
        for place, option in enumerate(question.options):
            if not any(_is_preferred(verdict, option, question) for verdict in quiz.results.values()):
                yield index, place


def _is_preferred(result: QuizResult, option: QuizOption, question: QuizQuestion) -> bool:
    does = _compute_contribution(result, option)
    return does > 0 and all(_compute_contribution(result, other) <= does for other in question.options)


def _compute_contribution(result: QuizResult, option: QuizOption) -> int:
    """What an option does for a result: its weight there; for a result between two, the lesser of both."""
    return min(option.scores.get(name, 0) for name in result.tie_between or (result.dimension or "",))
