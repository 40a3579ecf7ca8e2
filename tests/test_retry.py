"""Backoff grows, is capped, and never overflows; a retried call is tried as often as it says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retry import Backoff, retry_async


@given(st.integers(min_value=-5, max_value=10**9))
def test_pauses_grow_up_to_the_longest(failures: int) -> None:
    backoff = Backoff(first=30.0, longest=600.0)
    assert 30.0 <= backoff.delay(failures) <= backoff.delay(failures + 1) <= 600.0


def test_pauses_double() -> None:
    backoff = Backoff(first=1.0, longest=15.0)
    assert [backoff.delay(failures) for failures in range(1, 7)] == [1, 2, 4, 8, 15, 15]


async def _try(failures: list[BaseException], backoff: Backoff) -> tuple[str, list[float]]:
    pauses: list[float] = []

    async def call() -> str:
        if failures:
            raise failures.pop(0)
        return "done"

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    return await retry_async(call, backoff, lambda error: isinstance(error, OSError), sleep), pauses


async def test_a_failure_that_may_pass_is_tried_again() -> None:
    result, pauses = await _try([OSError(), OSError()], Backoff(0.5, 4.0))
    assert (result, pauses) == ("done", [0.5, 1.0])


async def test_another_failure_is_raised_at_once() -> None:
    with pytest.raises(KeyError):
        await _try([KeyError("x")], Backoff(0.5, 4.0))


async def test_the_last_attempts_failure_is_raised() -> None:
    with pytest.raises(OSError, match="third"):
        await _try([OSError("first"), OSError("second"), OSError("third")], Backoff(0.5, 4.0, attempts=3))
