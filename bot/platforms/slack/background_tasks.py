"""What goes on after an ack: waited for when the bot stops, and one message's in its order."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakValueDictionary

Job = Callable[[], Awaitable[None]]


class BackgroundTasks:
    """Jobs in flight."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def start(self, job: Job, message_key: str | None = None) -> None:
        """Do a job; jobs of the same message are done one after the other, as they were started."""
        lock = None if message_key is None else self._locks.setdefault(message_key, asyncio.Lock())
        running = asyncio.create_task(_run_job(job, lock))
        self._tasks.add(running)
        running.add_done_callback(self._tasks.discard)

    @contextmanager
    def track_current_task(self) -> Iterator[None]:
        """The task that is running belongs to what is waited for."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            yield
        finally:
            self._tasks.discard(task)

    async def drain(self) -> None:
        """Wait for all jobs, those started meanwhile included."""
        while self._tasks:
            await asyncio.wait(self._tasks)


async def _run_job(job: Job, lock: asyncio.Lock | None) -> None:
    if lock is None:
        await job()
        return
    async with lock:  # the map forgets the lock with the last job that holds or awaits it
        await job()
