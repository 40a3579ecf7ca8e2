"""Where people end up who answer at random: a measure of whether a quiz itself favours a result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from random import Random

from bot.content.quiz_models import Quiz
from bot.domain.quiz.nearest_result import is_firm
from bot.domain.quiz.quiz_run import NO_ANSWERS, QuizRun
from bot.domain.quiz.quiz_scoring import score_run
from bot.domain.quiz.reachability import compute_result_shares

ONE_SIDED_RANGE = (0.08, 0.40)
MAX_OPPOSITE_DIFFERENCE = 0.05
MAX_BALANCED = 0.70
MAX_FIRM = 0.10
_FIRM_SAMPLE = 400  # players; three standard errors at 5 % are 3.3 points


@dataclass(frozen=True, slots=True)
class RandomPlayers:
    """Shares of 1.

    Attributes:
        share_by_result: exact, over every way through the quiz; equal results share their players.
        firm_share: players whose result no one or two other answers would change, by a sample.
    """

    share_by_result: Mapping[str, float]
    firm_share: float


def play_at_random(quiz: Quiz) -> RandomPlayers:
    """Compute what random players come to; the same on every call."""
    random = Random(1)
    runs = [_play(quiz, random) for _ in range(_FIRM_SAMPLE)]
    firm = sum(is_firm(run, score_run(run)) for run in runs)
    return RandomPlayers(compute_result_shares(quiz), firm / _FIRM_SAMPLE)


def find_bias(quiz: Quiz, players: RandomPlayers) -> Iterator[tuple[str | None, str]]:
    """Yield a result's id, or None for the whole quiz, and what is out of bounds."""
    low, high = ONE_SIDED_RANGE
    shares = players.share_by_result
    for result_id, result in quiz.results.items():
        share = shares[result_id]
        if result.tie_between is None and not low <= share <= high:
            yield (
                result_id,
                f"random players must get it {low:.0%} to {high:.0%} of the time, got {share:.1%}",
            )
        elif result.tie_between is not None and share > MAX_BALANCED:
            yield (
                result_id,
                f"random players must get it at most {MAX_BALANCED:.0%} of the time, got {share:.1%}",
            )
    for first, second in _iter_opposites(quiz):
        if abs(shares[first] - shares[second]) > MAX_OPPOSITE_DIFFERENCE:
            yield (
                second,
                f"random players must get it as often as its opposite {first!r}, within"
                f" {MAX_OPPOSITE_DIFFERENCE:.0%}: got {shares[second]:.1%} and {shares[first]:.1%}",
            )
    if players.firm_share >= MAX_FIRM:
        yield None, f"under {MAX_FIRM:.0%} of random results may be firm, got {players.firm_share:.1%}"


def _iter_opposites(quiz: Quiz) -> Iterator[tuple[str, str]]:
    """Yield the one-sided results of two dimensions that are opposite.

    These are the two of a quiz that has two, and those that a result between them names.
    """
    result_by_dimension = {result.dimension: name for name, result in quiz.results.items()}
    pairs = {frozenset(result.tie_between) for result in quiz.results.values() if result.tie_between}
    if len(quiz.dimensions) == 2:
        pairs.add(frozenset(quiz.dimensions))
    for first, second in combinations(quiz.dimensions, 2):
        if {first, second} in pairs:
            yield result_by_dimension[first], result_by_dimension[second]


def _play(quiz: Quiz, random: Random) -> QuizRun:
    run = QuizRun.replay(quiz, NO_ANSWERS)
    while (question := run.next_question) is not None:
        run = run.with_answer(question, random.choice(question.options).code)
    return run
