"""Runs slow work in a thread that does not hold up the end of the process.

`asyncio.to_thread` uses the loop's executor, and `asyncio.run` waits for its threads: a stop in the middle of
encoding new lines took half a minute. A daemon thread is abandoned at the end, so it may only do work whose result
nobody keeps, such as warming up a model.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def run_in_daemon_thread(work: Callable[[], T], name: str) -> T:
    """Return what the work returns; a cancelled caller leaves it running until the process ends.

    Raises:
        Exception: what the work raised.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(set_result: Callable[[], None]) -> None:
        if not future.done():
            set_result()

    def run() -> None:
        try:
            result = work()
        except Exception as error:
            failure = error
            set_result: Callable[[], None] = lambda: future.set_exception(failure)  # noqa: E731
        else:
            set_result = lambda: future.set_result(result)  # noqa: E731
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, set_result)

    threading.Thread(target=run, name=name, daemon=True).start()
    return await future
