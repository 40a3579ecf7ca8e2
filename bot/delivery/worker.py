"""The delivery worker: its tick claims what is due and sends it. Several processes may share one database.

How it wakes up
    `run` ticks, then waits for `_wake_event`. Three timers set the event: one every POLL_INTERVAL, for rows
    that other processes wrote; one at the moment when the next row is due (`_set_timer`, moved after each
    look at the database); and one that sees a platform become ready. Inside a tick the event has a second
    use: each message that finishes sets it, so that `_send_all_due` claims more as soon as it can.

    The event is cleared before the database is read, never after. Whatever sets it during the read leaves it
    set, so the next wait returns at once and nothing is lost; the price is a needless read.

    `_drained_platforms` holds the platforms where the last claim found nothing due. It saves reads while
    messages are in flight, and it may be wrong: a row becomes due by the passing of time, another process
    writes one, or a result of ours writes a notification. So every timer clears it (`_wake`), it is cleared
    before a tick ends, and a message that leaves something to do takes its platform out. A tick ends only
    when nothing is in flight and a claim since then found nothing on any platform.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import timing
from bot.delivery.batcher import WorkerPool
from bot.delivery.dispatcher import DeliveryAdapter, Dispatcher
from bot.delivery.rate_limiter import RateLimiter
from bot.errors import StoreUnavailableError
from bot.messaging.delivery import Delivery
from bot.retry import Sleep
from bot.service import Service

log = logging.getLogger(__name__)

_MAX_IN_FLIGHT = 100  # messages of one platform that are claimed and not settled; all are sent within a lease


class DeliveryWorker:
    """Sends what is due on the platforms of this process.

    Args:
        worker_pool: runs work on the store.
        platforms: by name as in a request's origin.
        now: the date, aware.
        clock: seconds, monotonic; spaces messages.
        sleep: waits so many seconds.
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
        self._drained_platforms: set[str] = set()
        self._known_ready_platforms: frozenset[str] = frozenset()
        self._wake_event = asyncio.Event()
        self._is_stopping = False
        self._set_timer: Callable[[datetime], object] = lambda _due: None

    async def run(self) -> None:
        """Tick until cancelled, also at the very moment when the next tip is due.

        Raises:
            Exception: whatever ends the loop of ticks, so that its supervisor can start it again.
        """
        self._is_stopping = False
        scheduler = AsyncIOScheduler(timezone=UTC)
        always = {"misfire_grace_time": None, "coalesce": True}
        scheduler.start()
        scheduler.add_job(self._wake, "interval", seconds=timing.POLL_INTERVAL, **always)
        scheduler.add_job(
            self._wake_on_new_platform, "interval", seconds=timing.READY_POLL_INTERVAL, **always
        )
        self._set_timer = lambda due: scheduler.add_job(
            self._wake, "date", run_date=due, id="due", replace_existing=True, **always
        )
        ticks = asyncio.create_task(self._run_ticks())
        try:
            # Waited for and not awaited: a cancellation of `run` must not cut off what is being sent.
            await asyncio.wait((ticks,))
            ticks.result()
        finally:
            self._set_timer = lambda _due: None
            scheduler.shutdown(wait=False)
            await self._stop()
            for task in (ticks, *self._in_flight):
                task.cancel()
            await asyncio.gather(ticks, return_exceptions=True)

    async def tick(self) -> datetime | None:
        """Send what is due; return when the next row is due, as far as is known. Never raises."""
        async with self._tick_lock:
            try:
                await self._send_all_due()
                return await self._find_next_due()
            except StoreUnavailableError as error:
                log.warning("delivery worker skipped a tick: %s", error)
            except Exception:
                log.exception("delivery worker failed in a tick")
            return None

    async def _run_ticks(self) -> None:
        """Tick at every wake-up; see the protocol at the top."""
        while True:
            self._wake_event.clear()
            self._wake_at(await self.tick())
            await self._wake_event.wait()

    async def _wake(self) -> None:
        """Look at the database again: something may be due."""
        self._drained_platforms.clear()
        self._wake_event.set()

    async def _wake_on_new_platform(self) -> None:
        """Wake up when a platform becomes ready: logged in, or taken over from another process."""
        before, self._known_ready_platforms = self._known_ready_platforms, self._list_ready_platforms()
        if self._known_ready_platforms - before:
            await self._wake()

    def _wake_at(self, due_at: datetime | None) -> None:
        """Set the timer, unless the poll comes first. A row that is due this instant may be another's."""
        if due_at is not None and due_at - self._now() < timedelta(seconds=timing.POLL_INTERVAL):
            self._set_timer(max(due_at, self._now() + timing.MIN_WAKE_DELAY))

    async def _send_all_due(self) -> None:
        """Send until nothing is due, including what becomes due meanwhile. A slow message delays no other."""
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
        """Claim as many messages as may be in flight, in batches of half that number or more."""
        in_flight = Counter(delivery.platform for delivery in self._in_flight.values())
        for platform in sorted(self._list_ready_platforms() - self._drained_platforms):
            free = _MAX_IN_FLIGHT - in_flight[platform]
            if free < _MAX_IN_FLIGHT // 2:
                continue
            claimed = await self._claim(platform, free)
            if self._is_stopping:
                return await self._release_claims(claimed)
            for delivery in claimed:
                task = asyncio.create_task(self._dispatcher.send(delivery))
                self._in_flight[task] = delivery
                task.add_done_callback(self._on_task_done)
            if not claimed:
                self._drained_platforms.add(platform)
                if self._in_flight:
                    self._wake_at(await self._find_next_due())
        return None

    def _on_task_done(self, task: asyncio.Task[bool]) -> None:
        """Free the slot and wake the worker, so that work this message left never waits for a slow one."""
        delivery = self._in_flight.pop(task)
        if not task.cancelled() and task.result():
            self._drained_platforms.discard(delivery.platform)
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
        """Claim nothing more and release what has not begun; what is being sent is sent and settled."""
        self._is_stopping = True
        self._wake_event.set()
        waiting = {
            task: delivery
            for task, delivery in self._in_flight.items()
            if not self._dispatcher.has_begun(delivery)
        }
        for task in waiting:
            task.cancel()
        with suppress(TimeoutError):
            async with asyncio.timeout(timing.WORKER_STOP_GRACE):
                await self._release_claims([*waiting.values()])
                async with self._tick_lock:  # held by the tick until everything in flight is settled
                    pass

    async def _release_claims(self, deliveries: list[Delivery]) -> None:
        try:
            await self._worker_pool.run_in_worker(
                lambda: self._service.release_claims(deliveries, self._now())
            )
        except StoreUnavailableError as error:
            log.warning("%d claimed messages wait for their lease: %s", len(deliveries), error)
