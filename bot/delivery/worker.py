"""The tick: claims what is due and sends it. Any number of processes may tick on one database."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.delivery.batcher import WorkerPool
from bot.delivery.dispatcher import DeliveryAdapter, Dispatcher
from bot.delivery.rate_limiter import RateLimiter, Sleep
from bot.errors import StoreUnavailableError
from bot.messaging.delivery import Delivery
from bot.service import Service

log = logging.getLogger(__name__)

__all__ = ["DeliveryAdapter", "DeliveryWorker"]

POLL_INTERVAL = 20.0  # seconds; what another process wrote is found by then
_READY_POLL_INTERVAL = (
    1.0  # seconds; what waits for a platform goes out soon after this process begins to send there
)
_MAX_IN_FLIGHT = 100  # messages of one platform that are claimed and not settled; sent well within a lease
_MIN_WAKE_DELAY = timedelta(seconds=0.25)  # another process may be at what is due just now
_SHUTDOWN_GRACE = 8.0  # seconds for what is being sent when the bot stops


class DeliveryWorker:
    """Sends what is due on the platforms of this process.

    Args:
        pool: runs what touches the store.
        platforms: by name as in a request's origin.
        clock, sleep: seconds, monotonic; how fast messages follow each other.
    """

    def __init__(
        self,
        service: Service,
        worker_pool: WorkerPool,
        platforms: Mapping[str, DeliveryAdapter],
        now: Callable[[], datetime],
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._service = service
        self._worker_pool = worker_pool
        self._platforms = platforms
        self._now = now
        self._dispatcher = Dispatcher(
            service, worker_pool, platforms, now=now, rate_limiter=RateLimiter(now, clock, sleep), sleep=sleep
        )
        self._tick_lock = asyncio.Lock()
        self._in_flight: dict[asyncio.Task[bool], Delivery] = {}
        self._drained_platforms: set[str] = set()  # platforms where all that was due is claimed
        self._known_ready_platforms: frozenset[str] = (
            frozenset()
        )  # platforms that this process was seen to send on
        self._wake_event = asyncio.Event()
        self._is_stopping = False
        self._set_timer: Callable[[datetime], object] = lambda _due: None

    async def run(self) -> None:
        """Tick until cancelled, also at the very moment when the next tip is due."""
        scheduler = AsyncIOScheduler(timezone=UTC)
        always = {"misfire_grace_time": None, "coalesce": True}
        scheduler.start()
        scheduler.add_job(self._wake, "interval", seconds=POLL_INTERVAL, **always)
        scheduler.add_job(self._wake_on_new_platform, "interval", seconds=_READY_POLL_INTERVAL, **always)
        self._set_timer = lambda due: scheduler.add_job(
            self._wake, "date", run_date=due, id="due", replace_existing=True, **always
        )
        ticks = asyncio.create_task(self._run_ticks())
        try:
            await asyncio.Event().wait()
        finally:
            scheduler.shutdown(wait=False)
            await self._stop()
            for task in (ticks, *self._in_flight):
                task.cancel()
            await asyncio.gather(ticks, return_exceptions=True)

    async def tick(self) -> datetime | None:
        """Send what is due; when the next one is due, as far as the rows tell. Never raises."""
        async with self._tick_lock:
            try:
                await self._send_all_due()
                return await self._find_next_due()
            except StoreUnavailableError as error:
                log.warning("no tips while the database is away: %s", error)
            except Exception:
                log.exception("a tick failed")
            return None

    async def _run_ticks(self) -> None:
        while True:
            self._wake_event.clear()
            self._wake_at(await self.tick())
            await self._wake_event.wait()

    async def _wake(self) -> None:
        """Something may be due."""
        self._drained_platforms.clear()
        self._wake_event.set()

    async def _wake_on_new_platform(self) -> None:
        """Look at once when another platform is ready: logged in, or taken over from another process."""
        before, self._known_ready_platforms = self._known_ready_platforms, self._list_ready_platforms()
        if self._known_ready_platforms - before:
            await self._wake()

    def _wake_at(self, due_at: datetime | None) -> None:
        if due_at is not None and due_at - self._now() < timedelta(seconds=POLL_INTERVAL):
            self._set_timer(max(due_at, self._now() + _MIN_WAKE_DELAY))

    async def _send_all_due(self) -> None:
        """Send until nothing is due; what is due later meanwhile too. A slow message holds up no other."""
        try:
            self._drained_platforms.clear()
            while not self._is_stopping:
                self._wake_event.clear()
                await self._claim_and_dispatch()
                if self._in_flight:
                    await self._wake_event.wait()
                elif self._drained_platforms.issuperset(self._list_ready_platforms()):
                    return
                else:
                    self._drained_platforms.clear()
        finally:
            while self._in_flight:  # also when the database went away: what is being sent is settled
                await asyncio.wait(self._in_flight)

    async def _claim_and_dispatch(self) -> None:
        """Claim as much as there is room for, many at once."""
        flying = Counter(one.platform for one in self._in_flight.values())
        for platform in sorted(self._list_ready_platforms() - self._drained_platforms):
            free = _MAX_IN_FLIGHT - flying[platform]
            if free < _MAX_IN_FLIGHT // 2:
                continue
            claimed = await self._claim(platform, free)
            if self._is_stopping:
                return await self._release_claims(claimed)
            for one in claimed:
                task = asyncio.create_task(self._dispatcher.send(one))
                self._in_flight[task] = one
                task.add_done_callback(self._on_task_done)
            if not claimed:
                self._drained_platforms.add(platform)
                if self._in_flight:
                    self._wake_at(await self._find_next_due())
        return None

    def _on_task_done(self, task: asyncio.Task[bool]) -> None:
        one = self._in_flight.pop(task)
        if not task.cancelled() and task.result():  # what it left is not to wait for a slow message
            self._drained_platforms.discard(one.platform)
        self._wake_event.set()

    async def _claim(self, platform: str, limit: int) -> list[Delivery]:
        return await self._worker_pool.run_in_worker(
            lambda: self._service.claim_due(frozenset({platform}), self._now(), limit)
        )

    async def _find_next_due(self) -> datetime | None:
        ready = self._list_ready_platforms()
        return await self._worker_pool.run_in_worker(lambda: self._service.find_next_due(ready))

    def _list_ready_platforms(self) -> frozenset[str]:
        return frozenset(name for name, platform in self._platforms.items() if platform.can_send)

    async def _stop(self) -> None:
        """Claim nothing more and give back what is not begun; what is being sent is sent and settled."""
        self._is_stopping = True
        self._wake_event.set()
        waiting = {task: one for task, one in self._in_flight.items() if not self._dispatcher.has_begun(one)}
        for task in waiting:
            task.cancel()
        with suppress(TimeoutError):
            async with asyncio.timeout(_SHUTDOWN_GRACE):
                await self._release_claims([*waiting.values()])
                async with self._tick_lock:
                    pass

    async def _release_claims(self, deliveries: list[Delivery]) -> None:
        try:
            await self._worker_pool.run_in_worker(
                lambda: self._service.release_claims(deliveries, self._now())
            )
        except StoreUnavailableError as error:
            log.warning("what is due waits for its lease: %s", error)
