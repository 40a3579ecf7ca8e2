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
def load_shipped_quizzes() -> dict[str, Assessment]:
    """The assessments that come with the bot."""
    return dict(read(CONTENT).assessments)


QUIZ_NAMES = sorted(path.stem for path in (CONTENT / "assessments").glob("*.yaml"))

QUIZZES = st.sampled_from(QUIZ_NAMES).map(lambda name: load_shipped_quizzes()[name])


def play_randomly(quiz: Assessment, random: Random, skip_probability: float = 0.0) -> Run:
    """A complete run with answers as they fall."""
    run = Run.replay(quiz, NOTHING)
    while (question := run.next) is not None:
        skip = random.random() < skip_probability
        run = run.put(question, SKIPPED if skip else random.choice(question.options).letter)
    return run


@st.composite
def build_runs(draw: st.DrawFn, allow_skips: bool = True) -> Run:
    """Any complete run of any shipped assessment."""
    run = Run.replay(draw(QUIZZES), NOTHING)
    while (question := run.next) is not None:
        letters = [option.letter for option in question.options] + ([SKIPPED] if allow_skips else [])
        run = run.put(question, draw(st.sampled_from(letters)))
    return run


def iter_changed_answers(run: Run, change_count: int) -> Iterator[tuple[dict[str, str], Score]]:
    """Every way of answering so many asked questions otherwise, replayed and scored from nothing."""
    for questions in combinations(run.asked, change_count):
        others = [
            [o.letter for o in question.options if o.letter != run.char(question)] for question in questions
        ]
        for letters in product(*others):
            kept = dict(zip(SLOTS, run.kept, strict=True))
            kept |= {question.slot: letter for question, letter in zip(questions, letters, strict=True)}
            after = score(Run.replay(run.assessment, "".join(kept.values())))
            yield {q.id: letter for q, letter in zip(questions, letters, strict=True)}, after
