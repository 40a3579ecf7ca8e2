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

from bot.dialogue.delivery import Delivery
from bot.errors import StoreAway
from bot.schedule.pacing import Pacing, Sleep
from bot.schedule.sending import Delivers, Sending
from bot.schedule.together import Aside
from bot.service import Service

log = logging.getLogger(__name__)

__all__ = ["Delivers", "Schedule"]

EVERY = 20.0  # seconds; what another process wrote is found by then
_JOINING = 1.0  # seconds; what waits for a platform goes out soon after this process begins to send there
_PLACES = 100  # messages of one platform that are claimed and not settled; sent well within a lease
_SOON = timedelta(seconds=0.25)  # another process may be at what is due just now
_GRACE = 8.0  # seconds for what is being sent when the bot stops


class Schedule:
    """Sends what is due on the platforms of this process.

    Args:
        pool: runs what touches the store.
        platforms: by name as in a request's origin.
        clock, sleep: seconds, monotonic; how fast messages follow each other.
    """

    def __init__(
        self,
        service: Service,
        pool: Aside,
        platforms: Mapping[str, Delivers],
        now: Callable[[], datetime],
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._service = service
        self._pool = pool
        self._platforms = platforms
        self._now = now
        self._sending = Sending(
            service, pool, platforms, now=now, pacing=Pacing(now, clock, sleep), sleep=sleep
        )
        self._ticking = asyncio.Lock()
        self._flying: dict[asyncio.Task[bool], Delivery] = {}
        self._dry: set[str] = set()  # platforms where all that was due is claimed
        self._joined: frozenset[str] = frozenset()  # platforms that this process was seen to send on
        self._changed = asyncio.Event()
        self._stopping = False
        self._alarm: Callable[[datetime], object] = lambda _due: None

    async def run(self) -> None:
        """Tick until cancelled, also at the very moment when the next tip is due."""
        scheduler = AsyncIOScheduler(timezone=UTC)
        always = {"misfire_grace_time": None, "coalesce": True}
        scheduler.start()
        scheduler.add_job(self._look, "interval", seconds=EVERY, **always)
        scheduler.add_job(self._join, "interval", seconds=_JOINING, **always)
        self._alarm = lambda due: scheduler.add_job(
            self._look, "date", run_date=due, id="due", replace_existing=True, **always
        )
        ticks = asyncio.create_task(self._ticks())
        try:
            await asyncio.Event().wait()
        finally:
            scheduler.shutdown(wait=False)
            await self._stop()
            for task in (ticks, *self._flying):
                task.cancel()
            await asyncio.gather(ticks, return_exceptions=True)

    async def tick(self) -> datetime | None:
        """Send what is due; when the next one is due, as far as the rows tell. Never raises."""
        async with self._ticking:
            try:
                await self._flow()
                return await self._next_due()
            except StoreAway as error:
                log.warning("no tips while the database is away: %s", error)
            except Exception:
                log.exception("a tick failed")
            return None

    async def _ticks(self) -> None:
        while True:
            self._changed.clear()
            self._wake_at(await self.tick())
            await self._changed.wait()

    async def _look(self) -> None:
        """Something may be due."""
        self._dry.clear()
        self._changed.set()

    async def _join(self) -> None:
        """Look at once when another platform is ready: logged in, or taken over from another process."""
        before, self._joined = self._joined, self._ready()
        if self._joined - before:
            await self._look()

    def _wake_at(self, due: datetime | None) -> None:
        if due is not None and due - self._now() < timedelta(seconds=EVERY):
            self._alarm(max(due, self._now() + _SOON))

    async def _flow(self) -> None:
        """Send until nothing is due; what is due later meanwhile too. A slow message holds up no other."""
        try:
            self._dry.clear()
            while not self._stopping:
                self._changed.clear()
                await self._fill()
                if self._flying:
                    await self._changed.wait()
                elif self._dry.issuperset(self._ready()):
                    return
                else:
                    self._dry.clear()
        finally:
            while self._flying:  # also when the database went away: what is being sent is settled
                await asyncio.wait(self._flying)

    async def _fill(self) -> None:
        """Claim as much as there is room for, many at once."""
        flying = Counter(one.platform for one in self._flying.values())
        for platform in sorted(self._ready() - self._dry):
            free = _PLACES - flying[platform]
            if free < _PLACES // 2:
                continue
            claimed = await self._claim(platform, free)
            if self._stopping:
                return await self._give_back(claimed)
            for one in claimed:
                task = asyncio.create_task(self._sending.send(one))
                self._flying[task] = one
                task.add_done_callback(self._landed)
            if not claimed:
                self._dry.add(platform)
                if self._flying:
                    self._wake_at(await self._next_due())
        return None

    def _landed(self, task: asyncio.Task[bool]) -> None:
        one = self._flying.pop(task)
        if not task.cancelled() and task.result():  # what it left is not to wait for a slow message
            self._dry.discard(one.platform)
        self._changed.set()

    async def _claim(self, platform: str, most: int) -> list[Delivery]:
        return await self._pool.aside(lambda: self._service.claim(frozenset({platform}), self._now(), most))

    async def _next_due(self) -> datetime | None:
        ready = self._ready()
        return await self._pool.aside(lambda: self._service.next_due(ready))

    def _ready(self) -> frozenset[str]:
        return frozenset(name for name, platform in self._platforms.items() if platform.ready)

    async def _stop(self) -> None:
        """Claim nothing more and give back what is not begun; what is being sent is sent and settled."""
        self._stopping = True
        self._changed.set()
        waiting = {task: one for task, one in self._flying.items() if not self._sending.begun(one)}
        for task in waiting:
            task.cancel()
        with suppress(TimeoutError):
            async with asyncio.timeout(_GRACE):
                await self._give_back([*waiting.values()])
                async with self._ticking:
                    pass

    async def _give_back(self, waiting: list[Delivery]) -> None:
        try:
            await self._pool.aside(lambda: self._service.give_back(waiting, self._now()))
        except StoreAway as error:
            log.warning("what is due waits for its lease: %s", error)
