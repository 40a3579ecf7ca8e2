"""The batcher: writes that arrive while the database is busy share one transaction when it is free."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Generic, Protocol, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
T = TypeVar("T")


class WorkerPool(Protocol):
    """Runs work on the store where it cannot block the event loop."""

    async def run_in_worker(self, work: Callable[[], T]) -> T:
        """Return what the work returns; raise what it raises."""


class Batcher(Generic[Item, Result]):
    """Runs the first item at once and batches items that arrive while it runs.

    Args:
        work: one transaction for all items; each item gets its result, or its exception.
    """

    def __init__(self, worker_pool: WorkerPool, work: Callable[[list[Item]], Result]) -> None:
        self._worker_pool = worker_pool
        self._work = work
        self._pending: list[tuple[Item, asyncio.Future[Result]]] = []
        self._task: asyncio.Task[None] | None = None

    async def submit(self, item: Item) -> Result:
        """Run an item; return the result of the transaction that it was in."""
        item_result: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._pending.append((item, item_result))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run_batches())
        return await item_result

    async def _run_batches(self) -> None:
        """Run batches until nothing waits; one task at a time, so that transactions never overlap."""
        while self._pending:
            batch, self._pending = self._pending, []
            items = [item for item, _ in batch]
            run_batch = partial(self._work, items)
            transaction = asyncio.ensure_future(self._worker_pool.run_in_worker(run_batch))
            await asyncio.wait((transaction,))
            for _, item_result in batch:
                if item_result.done():
                    continue  # its caller was cancelled
                if transaction.cancelled():
                    item_result.cancel()
                elif (error := transaction.exception()) is not None:
                    item_result.set_exception(error)
                else:
                    item_result.set_result(transaction.result())
