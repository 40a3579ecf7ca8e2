"""Work on the database that arrives while the database is at work: done in one go, as soon as it is free."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Generic, Protocol, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
T = TypeVar("T")


class WorkerPool(Protocol):
    """Runs what touches the store where it cannot stall the loop."""

    async def run_in_worker(self, work: Callable[[], T]) -> T:
        """What the work gives; what it raises, this raises."""


class Batcher(Generic[Item, Result]):
    """Nothing waits for company: a first item goes alone, what comes meanwhile goes together.

    Args:
        work: one transaction for all items; each of them gets what it gives, or what it raises.
    """

    def __init__(self, worker_pool: WorkerPool, work: Callable[[list[Item]], Result]) -> None:
        self._worker_pool = worker_pool
        self._work = work
        self._pending: list[tuple[Item, asyncio.Future[Result]]] = []
        self._task: asyncio.Task[None] | None = None

    async def submit(self, item: Item) -> Result:
        """Have it done; gives what the transaction gave that it was done in."""
        done: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._pending.append((item, done))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run_batches())
        return await done

    async def _run_batches(self) -> None:
        while self._pending:
            batch, self._pending = self._pending, []
            items = [item for item, _ in batch]
            run_batch = partial(self._work, items)
            doing = asyncio.ensure_future(self._worker_pool.run_in_worker(run_batch))
            await asyncio.wait((doing,))
            for _, done in batch:
                if done.done():
                    continue  # whoever waited was told to stop
                if doing.cancelled():
                    done.cancel()
                elif (error := doing.exception()) is not None:
                    done.set_exception(error)
                else:
                    done.set_result(doing.result())
