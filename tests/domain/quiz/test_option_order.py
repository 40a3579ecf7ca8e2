"""Options are mixed per run by a seed; what is stored is the option, so no result depends on the order."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.domain.quiz.option_order import NO_SEED, SEEDS, choose_seed, order_options
from tests.domain.quiz.quiz_strategies import QUIZ_NAMES, load_shipped_quizzes


@pytest.mark.parametrize("name", QUIZ_NAMES)
def test_every_order_holds_the_same_options(name: str) -> None:
    for question in load_shipped_quizzes()[name].questions:
        for seed in SEEDS:
            ordered = order_options(question, seed)
            assert sorted(option.code for option in ordered) == sorted(o.code for o in question.options)
            assert ordered == order_options(question, seed), "one seed, one order"


def test_without_a_seed_the_order_is_the_authors() -> None:
    question = load_shipped_quizzes()[QUIZ_NAMES[0]].questions[0]
    assert order_options(question, NO_SEED) == question.options


def test_no_option_gains_from_its_place() -> None:
    questions = [q for quiz in load_shipped_quizzes().values() for q in quiz.questions]
    first = Counter(
        order_options(question, seed)[0] is question.options[0] for question in questions for seed in SEEDS
    )
    expected = sum(1 / len(question.options) for question in questions) / len(questions)
    assert abs(first[True] / first.total() - expected) < 0.03


def test_seeds_differ() -> None:
    assert len({choose_seed() for _ in range(200)}) > 20
