"""Retry with backoff: one description of how long to wait, and one loop that waits.

tenacity runs the loop; `Backoff` says how long each pause is, so that rows in the database, which wait for
hours and not inside a loop, grow their pauses by the same rule.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt, stop_never

T = TypeVar("T")
Sleep = Callable[[float], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Backoff:
    """Pauses that double from the first to the longest.

    Attributes:
        first: seconds after the first failure.
        longest: seconds; no pause is longer.
        attempts: how many attempts there are in all; None for as many as it takes.
    """

    first: float
    longest: float
    attempts: int | None = None

    def delay(self, failures: int) -> float:
        """Return the pause in seconds after so many failures in a row; the first failure is 1."""
        # 2 ** 64 is beyond any limit; without the bound a row that failed for years would overflow.
        return min(self.first * 2.0 ** min(max(failures, 1) - 1, 64), self.longest)


async def retry_async(
    call: Callable[[], Awaitable[T]],
    backoff: Backoff,
    should_retry: Callable[[BaseException], bool],
    sleep: Sleep = asyncio.sleep,
) -> T:
    """Return what `call` returns, calling it again after each failure that may pass.

    Args:
        should_retry: whether a failure may pass; anything else is raised at once.
        sleep: waits so many seconds.

    Raises:
        BaseException: what the last attempt raised.
    """

    def wait(state: RetryCallState) -> float:
        return backoff.delay(state.attempt_number)

    async def wait_out(seconds: float) -> None:
        await sleep(seconds)

    stop = stop_never if backoff.attempts is None else stop_after_attempt(backoff.attempts)
    retrying = AsyncRetrying(
        retry=retry_if_exception(should_retry), wait=wait, stop=stop, sleep=wait_out, reraise=True
    )
    return await retrying(call)
