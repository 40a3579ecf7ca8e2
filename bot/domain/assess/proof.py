"""What an author's assessment can lead to, over every way through it: no sampling, no brute force.

Ways that came to the same points and will be asked the same from here on are one state, so the five
assessments take well under a second where their ways number millions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.domain.assess.run import NOT_ASKED, NOTHING
from bot.domain.assess.score import decide, most_of, points_of
from bot.library.assessment import SLOTS, AnswerOption, Assessment, Question, Verdict

_State = tuple[tuple[int, ...], tuple[int, ...], tuple[tuple[str, str], ...]]
"""Points got, most points to get, and the answers that a later question still asks about."""


@dataclass(frozen=True, slots=True)
class Ways:
    """Where the complete ways lead, skipping nothing.

    Attributes:
        to: how many lead to each result; every result is a key.
        examples: the kept answers of one of them, for the results that can be reached.
    """

    to: Mapping[str, int]
    examples: Mapping[str, str]

    @property
    def all(self) -> int:
        """How many complete ways there are."""
        return sum(self.to.values())


def ways(assessment: Assessment) -> Ways:
    """Count the ways to each result."""
    none = (0,) * len(assessment.dimensions)
    states: dict[_State, tuple[int, str]] = {(none, none, ()): (1, NOTHING)}
    for index, question in enumerate(assessment.questions):
        wanted = {parent for later in assessment.questions[index + 1 :] for parent in later.show_if}
        after: dict[_State, tuple[int, str]] = {}
        for state, (number, kept) in states.items():
            for next_state, char in _steps(assessment, question, state, wanted):
                known, example = after.get(next_state, (0, _put(kept, question, char)))
                after[next_state] = known + number, example
        states = after
    found = dict.fromkeys(assessment.results, 0)
    examples: dict[str, str] = {}
    for (got, most, _), (number, kept) in states.items():
        result = decide(assessment, points_of(got, most)).result
        assert result is not None, "every option weighs at least one point"
        found[result] += number
        examples.setdefault(result, kept)
    return Ways(found, examples)


def _put(kept: str, question: Question, char: str) -> str:
    at = SLOTS.index(question.slot)
    return kept[:at] + char + kept[at + 1 :]


def _steps(
    assessment: Assessment, question: Question, state: _State, wanted: set[str]
) -> Iterator[tuple[_State, str]]:
    got, most, answers = state
    known = dict(answers)
    if any(known.get(parent) not in options for parent, options in question.show_if.items()):
        yield (got, most, tuple(pair for pair in answers if pair[0] in wanted)), NOT_ASKED
        return
    names = tuple(assessment.dimensions)
    most = tuple(one + most_of(question, name) for one, name in zip(most, names, strict=True))
    for option in question.options:
        kept = tuple(pair for pair in (*answers, (question.id, option.id)) if pair[0] in wanted)
        sums = tuple(one + option.weighs.get(name, 0) for one, name in zip(got, names, strict=True))
        yield (sums, most, kept), option.letter


def preferred_by_none(assessment: Assessment) -> Iterator[tuple[int, int]]:
    """Question and option by place, where for every result another option of the question does more."""
    for index, question in enumerate(assessment.questions):
        for place, option in enumerate(question.options):
            if not any(_prefers(verdict, option, question) for verdict in assessment.results.values()):
                yield index, place


def _prefers(verdict: Verdict, option: AnswerOption, question: Question) -> bool:
    does = _does(verdict, option)
    return does > 0 and all(_does(verdict, other) <= does for other in question.options)


def _does(verdict: Verdict, option: AnswerOption) -> int:
    """What an option does for a result: its weight there; for a result between two, the lesser of both."""
    return min(option.weighs.get(name, 0) for name in verdict.between or (verdict.leads or "",))
