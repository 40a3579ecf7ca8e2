"""Runs to try things on: drawn answers, the shipped assessments, and an oracle that knows no short cuts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import combinations, product
from random import Random

from hypothesis import strategies as st

from bot.domain.assess import NOTHING, SKIPPED, Run, Score, score
from bot.library.assessment import SLOTS, Assessment
from bot.library.read import read
from tests.chat import CONTENT


@cache
def shipped() -> dict[str, Assessment]:
    """The assessments that come with the bot."""
    return dict(read(CONTENT).assessments)


NAMES = sorted(path.stem for path in (CONTENT / "assessments").glob("*.yaml"))

ASSESSMENTS = st.sampled_from(NAMES).map(lambda name: shipped()[name])


def played(assessment: Assessment, draw: Random, skips: float = 0.0) -> Run:
    """A complete run with answers as they fall."""
    run = Run.replay(assessment, NOTHING)
    while (question := run.next) is not None:
        skip = draw.random() < skips
        run = run.put(question, SKIPPED if skip else draw.choice(question.options).letter)
    return run


@st.composite
def runs(draw: st.DrawFn, skips: bool = True) -> Run:
    """Any complete run of any shipped assessment."""
    run = Run.replay(draw(ASSESSMENTS), NOTHING)
    while (question := run.next) is not None:
        letters = [option.letter for option in question.options] + ([SKIPPED] if skips else [])
        run = run.put(question, draw(st.sampled_from(letters)))
    return run


def changed(run: Run, number: int) -> Iterator[tuple[dict[str, str], Score]]:
    """Every way of answering so many asked questions otherwise, replayed and scored from nothing."""
    for questions in combinations(run.asked, number):
        others = [
            [o.letter for o in question.options if o.letter != run.char(question)] for question in questions
        ]
        for letters in product(*others):
            kept = dict(zip(SLOTS, run.kept, strict=True))
            kept |= {question.slot: letter for question, letter in zip(questions, letters, strict=True)}
            after = score(Run.replay(run.assessment, "".join(kept.values())))
            yield {q.id: letter for q, letter in zip(questions, letters, strict=True)}, after
