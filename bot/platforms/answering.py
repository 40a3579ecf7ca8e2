"""How every platform gets an answer: in time, and always one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from bot.dialogue.reply import Form, Reply
from bot.dialogue.request import Request
from bot.errors import StoreAway
from bot.service import Service, reference_of

log = logging.getLogger(__name__)

Result = TypeVar("Result")
_PAUSES = (1.0, 5.0, 30.0, 300.0)  # seconds
LIMIT = 2.0  # seconds; Slack and Discord give up after 3


class Answering:
    """Runs `service.respond` where it belongs: quick commands at once, those with a store in its own pool,
    a search in its worker.

    A thread hop costs more than a quick command, and a stalled database must not stop those that need none.
    """

    def __init__(self, service: Service, limit: float = LIMIT) -> None:
        self._service = service
        self._limit = limit
        self._pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="store")
        self._thinker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="search")

    async def answer(self, request: Request) -> Reply | Form:
        """The answer, after two seconds at most; then the sentence with a reference."""
        request, command = self._service.understand(request)
        if command is None or not (command.store or command.thinks):
            return self._service.respond(request)
        loop = asyncio.get_running_loop()
        pool = self._pool if command.store else self._thinker
        running = loop.run_in_executor(pool, self._service.respond, request)
        try:
            return await asyncio.wait_for(running, self._limit)
        except TimeoutError:
            reference = reference_of(request)
            log.error("reference %s: %s took over %.1f s", reference, request.action.name, self._limit)
            return self._service.late(reference) if command.store else self._service.failure(reference)

    async def aside(self, work: Callable[[], Result]) -> Result:
        """Something else of the store's, in the same pool; what it raises, this raises."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    async def uninstalled(self, platform: str, workspace: str) -> None:
        """Erase a workspace's rows, again and again for some minutes while the database does not answer."""
        for pause in _PAUSES:
            try:
                await self.aside(lambda: self._service.uninstalled(platform, workspace))
            except StoreAway as error:
                log.error("the rows of %s/%s are still there: %s", platform, workspace, error)
                await asyncio.sleep(pause)
            else:
                log.info("%s/%s sent the bot away; its rows are erased", platform, workspace)
                return

    def close(self) -> None:
        """Let go of the threads; what still runs there is not waited for."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._thinker.shutdown(wait=False, cancel_futures=True)
