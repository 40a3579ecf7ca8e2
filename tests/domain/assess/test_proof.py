"""The author's proof against walking every way, where that is short enough."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from bot.domain.assess import NOTHING, Run, score
from bot.domain.assess.proof import preferred_by_none, ways
from bot.library.assessment import Assessment
from tests.domain.assess.playing import NAMES, shipped


def _every(run: Run) -> Iterator[Run]:
    if run.next is None:
        yield run
        return
    for option in run.next.options:
        yield from _every(run.put(run.next, option.letter))


def test_it_counts_what_walking_every_way_counts() -> None:
    assessment = shipped()["research-or-engineering"]
    walked = Counter(score(run).result for run in _every(Run.replay(assessment, NOTHING)))
    assert ways(assessment).to == walked


@pytest.mark.parametrize("name", NAMES)
def test_every_result_is_reached_by_its_example_and_by_one_way_in_twenty(name: str) -> None:
    found = ways(shipped()[name])
    for result, number in found.to.items():
        assert score(Run.replay(shipped()[name], found.examples[result])).result == result
        assert number * 20 >= found.all, f"{result} is for {number} of {found.all}"


@pytest.mark.parametrize("name", NAMES)
def test_every_option_is_preferred_by_some_result(name: str) -> None:
    assert list(preferred_by_none(shipped()[name])) == []


def test_a_result_that_cannot_be_reached_is_counted_as_none() -> None:
    quiz = shipped()["research-or-engineering"]
    assert ways(_with_weights(quiz, {"research": 2})).to == {
        "research": 49152, "engineering": 0, "hybrid": 0,
    }  # fmt: skip


def _with_weights(quiz: Assessment, weighs: dict[str, int]) -> Assessment:
    questions = tuple(
        question.model_copy(
            update={"options": tuple(o.model_copy(update={"weighs": weighs}) for o in question.options)}
        )
        for question in quiz.questions
    )
    return quiz.model_copy(update={"questions": questions})
