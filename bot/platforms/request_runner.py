"""How every platform gets an answer: in time, and always one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from bot.errors import StoreUnavailableError
from bot.messaging.reply import Form, Reply
from bot.messaging.request import Request
from bot.service import Service, compute_request_ref

log = logging.getLogger(__name__)

Result = TypeVar("Result")
_RETRY_DELAYS = (1.0, 5.0, 30.0, 300.0)  # seconds
RESPONSE_TIMEOUT = 2.0  # seconds; Slack and Discord give up after 3


class RequestRunner:
    """Runs `service.respond` where it belongs: quick commands at once, those with a store in its own pool,
    a search in its worker.

    A thread hop costs more than a quick command, and a stalled database must not stop those that need none.
    """

    def __init__(self, service: Service, timeout: float = RESPONSE_TIMEOUT) -> None:
        self._service = service
        self._timeout = timeout
        self._store_pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="store")
        self._search_pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="search")

    async def respond(self, request: Request) -> Reply | Form:
        """The answer, after two seconds at most; then the sentence with a reference."""
        request, command = self._service.parse_request(request)
        if command is None or not (command.uses_store or command.is_slow):
            return self._service.respond(request)
        loop = asyncio.get_running_loop()
        pool = self._store_pool if command.uses_store else self._search_pool
        running = loop.run_in_executor(pool, self._service.respond, request)
        try:
            return await asyncio.wait_for(running, self._timeout)
        except TimeoutError:
            reference = compute_request_ref(request)
            log.error("reference %s: %s took over %.1f s", reference, request.action.name, self._timeout)
            return (
                self._service.build_timeout_reply(reference)
                if command.uses_store
                else self._service.build_failure_reply(reference)
            )

    async def run_in_worker(self, work: Callable[[], Result]) -> Result:
        """Something else of the store's, in the same pool; what it raises, this raises."""
        return await asyncio.get_running_loop().run_in_executor(self._store_pool, work)

    async def erase_tenant_with_retries(self, platform: str, workspace: str) -> None:
        """Erase a workspace's rows, again and again for some minutes while the database does not answer."""
        for pause in _RETRY_DELAYS:
            try:
                await self.run_in_worker(lambda: self._service.erase_tenant(platform, workspace))
            except StoreUnavailableError as error:
                log.error("the rows of %s/%s are still there: %s", platform, workspace, error)
                await asyncio.sleep(pause)
            else:
                log.info("%s/%s sent the bot away; its rows are erased", platform, workspace)
                return

    def close(self) -> None:
        """Let go of the threads; what still runs there is not waited for."""
        self._store_pool.shutdown(wait=False, cancel_futures=True)
        self._search_pool.shutdown(wait=False, cancel_futures=True)
