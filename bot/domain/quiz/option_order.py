"""The order in which a run shows a question's options.

The order is mixed per run, so that no option gains from its place. A seed of one character travels with the
run's state and gives the same order on every page; an answer is stored by the option's code, never by its
place, so results do not depend on the order.
"""

from __future__ import annotations

import secrets
from hashlib import blake2b

from bot.content.quiz_models import QuizOption, QuizQuestion

SEEDS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
NO_SEED = ""
"""The author's order: for runs that began before orders were mixed."""


def choose_seed() -> str:
    """Return a random seed for a new run."""
    return secrets.choice(SEEDS)


def order_options(question: QuizQuestion, seed: str) -> tuple[QuizOption, ...]:
    """Return the options of a question in the order of a run; the author's order without a seed."""
    if not seed:
        return question.options

    def compute_rank(option: QuizOption) -> bytes:
        return blake2b(f"{seed}:{question.id}:{option.code}".encode(), digest_size=8).digest()

    return tuple(sorted(question.options, key=compute_rank))
