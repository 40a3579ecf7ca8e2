"""The nearest other result against an oracle that replays and scores every single and double change."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings

from bot.domain.assess import Run, nearest, score
from tests.domain.assess.playing import NAMES, changed, played, runs, shipped


def _agrees(run: Run) -> None:
    found = score(run)
    if found.result is None:
        return
    near = nearest(run, found)
    for number in (1, 2):
        flips = [
            (letters, after)
            for letters, after in changed(run, number)
            if after.result not in (None, found.result)
        ]
        if not flips:
            continue
        assert near is not None
        assert len(near.changes) == number
        told = {change.question.id: change.option.letter for change in near.changes}
        moved = {
            frozenset(letters.items()): sum(
                abs(a - b) for a, b in zip(after.points, found.points, strict=True)
            )
            for letters, after in flips
        }
        assert moved[frozenset(told.items())] == min(moved.values())
        assert {after.result for letters, after in flips if letters == told} == {near.result}
        return
    assert near is None


@given(runs(skips=False))
@settings(max_examples=40, deadline=None)
def test_it_is_what_trying_everything_finds(run: Run) -> None:
    _agrees(run)


@given(runs())
@settings(max_examples=20, deadline=None)
def test_also_when_questions_were_skipped(run: Run) -> None:
    _agrees(run)


@pytest.mark.parametrize("name", NAMES)
def test_the_answers_it_names_do_change_the_result(name: str) -> None:
    draw = Random(7)
    for _ in range(20):
        run = played(shipped()[name], draw)
        near = nearest(run, score(run))
        if near is None:
            continue
        for change in near.changes:
            run = run.put(change.question, change.option.letter)
        assert score(run).result == near.result
