"""Runs to try things on: drawn answers, the shipped quizs, and an oracle that knows no short cuts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import combinations, product
from random import Random

from hypothesis import strategies as st

from bot.content.loader import load_content
from bot.content.quiz_models import QUESTION_CODES, Quiz
from bot.domain.quiz import NO_ANSWERS, SKIPPED, QuizRun, QuizScore, score_run
from tests.chat import CONTENT


@cache
def load_shipped_quizzes() -> dict[str, Quiz]:
    """The quizzes that come with the bot."""
    return dict(load_content(CONTENT).quizzes)


QUIZ_NAMES = sorted(path.stem for path in (CONTENT / "quizzes").glob("*.yaml"))

QUIZZES = st.sampled_from(QUIZ_NAMES).map(lambda name: load_shipped_quizzes()[name])


def play_randomly(quiz: Quiz, random: Random, skip_probability: float = 0.0) -> QuizRun:
    """A complete run with answers as they fall."""
    run = QuizRun.replay(quiz, NO_ANSWERS)
    while (question := run.next_question) is not None:
        skip = random.random() < skip_probability
        run = run.with_answer(question, SKIPPED if skip else random.choice(question.options).code)
    return run


@st.composite
def build_runs(draw: st.DrawFn, allow_skips: bool = True) -> QuizRun:
    """Any complete run of any shipped quiz."""
    run = QuizRun.replay(draw(QUIZZES), NO_ANSWERS)
    while (question := run.next_question) is not None:
        letters = [option.code for option in question.options] + ([SKIPPED] if allow_skips else [])
        run = run.with_answer(question, draw(st.sampled_from(letters)))
    return run


def iter_changed_answers(run: QuizRun, change_count: int) -> Iterator[tuple[dict[str, str], QuizScore]]:
    """Every way of answering so many asked questions otherwise, replayed and scored from nothing."""
    for questions in combinations(run.asked_questions, change_count):
        others = [
            [o.code for o in question.options if o.code != run.get_answer_code(question)]
            for question in questions
        ]
        for letters in product(*others):
            kept = dict(zip(QUESTION_CODES, run.answers, strict=True))
            kept |= {question.code: letter for question, letter in zip(questions, letters, strict=True)}
            after = score_run(QuizRun.replay(run.quiz, "".join(kept.values())))
            yield {q.id: letter for q, letter in zip(questions, letters, strict=True)}, after
