"""The shares of random players are exact, and a quiz that favours a result is found."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from bot.content.quiz_models import Quiz
from bot.domain.quiz import find_nearest_result, score_run
from bot.domain.quiz.nearest_result import is_firm
from bot.domain.quiz.quiz_scoring import decide_result
from bot.domain.quiz.random_players import RandomPlayers, find_bias, play_at_random
from bot.domain.quiz.reachability import compute_result_shares
from tests.domain.quiz.quiz_strategies import QUIZ_NAMES, load_shipped_quizzes, play_randomly


@pytest.mark.parametrize("name", QUIZ_NAMES)
def test_the_shares_are_those_of_many_random_players(name: str) -> None:
    quiz, random = load_shipped_quizzes()[name], Random(7)
    shares = compute_result_shares(quiz)
    assert abs(sum(shares.values()) - 1) < 1e-9
    played: Counter[str] = Counter()
    for _ in range(3000):
        result_ids = score_run(play_randomly(quiz, random)).result_ids
        for result_id in result_ids:
            played[result_id] += 1 / len(result_ids)  # type: ignore[assignment]
    for result_id, share in shares.items():
        assert abs(played[result_id] / 3000 - share) < 0.035


@pytest.mark.parametrize("name", QUIZ_NAMES)
def test_every_shipped_quiz_is_within_the_bounds(name: str) -> None:
    quiz = load_shipped_quizzes()[name]
    assert list(find_bias(quiz, play_at_random(quiz))) == []


def test_a_quiz_that_favours_a_result_is_out_of_bounds() -> None:
    quiz = load_shipped_quizzes()["research-or-engineering"]
    first = quiz.questions[0]
    options = (
        first.options[0],
        *(o.model_copy(update={"scores": {"research": 3}}) for o in first.options[1:]),
    )
    tilted = tuple(q.model_copy(update={"options": options, "code": q.code}) for q in quiz.questions)
    biased = quiz.model_copy(update={"questions": tilted})
    assert {result_id for result_id, _ in find_bias(biased, play_at_random(biased))} >= {"engineering"}


def test_each_bound_has_its_own_sentence() -> None:
    quiz = load_shipped_quizzes()["research-or-engineering"]
    shares = {"research": 0.05, "engineering": 0.15, "hybrid": 0.8}
    messages = dict(find_bias(quiz, RandomPlayers(shares, 0.10)))
    assert "8% to 40% of the time, got 5.0%" in messages["research"]
    assert "as often as its opposite 'research', within 5%: got 15.0% and 5.0%" in messages["engineering"]
    assert "at most 70% of the time, got 80.0%" in messages["hybrid"]
    assert "under 10% of random results may be firm, got 10.0%" in messages[None]


@pytest.mark.parametrize("name", QUIZ_NAMES)
def test_firm_is_what_the_search_for_the_nearest_result_says(name: str) -> None:
    quiz, random = load_shipped_quizzes()[name], Random(3)
    for _ in range(8):
        run = play_randomly(quiz, random)
        score = score_run(run)
        assert is_firm(run, score) is (find_nearest_result(run, score) is None)


def _find_quiz_without_balance() -> Quiz:
    return next(
        quiz
        for quiz in load_shipped_quizzes().values()
        if not any(result.tie_between for result in quiz.results.values())
    )


def test_equal_points_name_every_equal_result() -> None:
    quiz = _find_quiz_without_balance()
    count = len(quiz.dimensions)
    score = decide_result(quiz, (60, 60, *[10] * (count - 2)))
    assert len(score.result_ids) == 2
    assert score.result_id == score.result_ids[0]
    assert score.margin == 0
    assert len(decide_result(quiz, (60, 59, *[10] * (count - 2))).result_ids) == 1
