"""A bot, a platform that counts, and clocks that tests set."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import Any, TypeVar

from bot.dialogue.delivery import Delivery, Pace
from bot.errors import NotSent, StoreAway
from bot.platforms.answering import Answering
from bot.schedule import Schedule
from bot.service import Service
from bot.store.community import Community
from bot.store.tips import Subscription

NINE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
WORKSPACE = Community("slack", "T1")


@dataclass
class Channels:
    """Where Slack's servers would stand: takes messages, or fails as told."""

    pace: Pace = field(default_factory=Pace)
    ready: bool = True
    took: Counter[str] = field(default_factory=Counter)
    words: list[Delivery] = field(default_factory=list)
    fails: dict[str, list[Exception]] = field(default_factory=dict)

    async def deliver(self, delivery: Delivery) -> str:
        waiting = self.fails.get(delivery.channel, [])
        if waiting:
            error = waiting.pop(0)
            if isinstance(error, NotSent) and error.maybe:
                self.took[delivery.channel] += 1
            raise error
        if delivery.slot is None:
            self.words.append(delivery)
        else:
            self.took[delivery.channel] += 1
        return "1700000000.000100"


@dataclass
class Slow(Channels):
    """Takes a message, but answers only when told."""

    begun: asyncio.Event = field(default_factory=asyncio.Event)
    answers: asyncio.Event = field(default_factory=asyncio.Event)

    async def deliver(self, delivery: Delivery) -> str:
        self.begun.set()
        await self.answers.wait()
        return await super().deliver(delivery)


@dataclass
class Clock:
    """A clock that tests set."""

    now: datetime = NINE

    def __call__(self) -> datetime:
        return self.now


@dataclass
class World:
    """One bot on one database."""

    service: Service
    channels: Channels
    clock: Clock

    async def tick(self) -> datetime | None:
        answering = Answering(self.service)
        try:
            return await Schedule(self.service, answering, {"slack": self.channels}, self.clock).tick()
        finally:
            answering.close()

    def subscribe(self, *channels: str, due: datetime = NINE, where: Community = WORKSPACE) -> None:
        for channel in channels:
            self.service.context.store.subscriptions.put(
                Subscription(
                    where,
                    channel,
                    False,
                    "UADA",
                    "daily",
                    "09:00",
                    "Europe/Berlin",
                    date(2026, 11, 1),
                    next_due_at=due,
                ),
                NINE,
            )

    def last(self, channel: str) -> str:
        found = self.service.context.store.deliveries.last(WORKSPACE, channel)
        return "" if found is None else found[1]


T = TypeVar("T")
_SETTLED = 200  # turns of the loop after which nothing goes on by itself


@dataclass
class Hours:
    """Time that passes only when everybody waits for it; nothing takes any of it by itself."""

    passed: float = 0.0
    _sleepers: list[tuple[float, int, asyncio.Future[None]]] = field(default_factory=list)
    _numbers: count[int] = field(default_factory=count)

    def now(self) -> datetime:
        """The date."""
        return NINE + timedelta(seconds=self.passed)

    def clock(self) -> float:
        """Seconds."""
        return self.passed

    async def sleep(self, seconds: float) -> None:
        """Wait until so many seconds have passed."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heappush(self._sleepers, (self.passed + seconds, next(self._numbers), done))
        await done

    async def through(self, work: Coroutine[Any, Any, T]) -> T:
        """Let time pass until the work is done."""
        task = asyncio.create_task(work)
        while not await self._settled(task):
            assert self._sleepers, "it waits for something that is not time"
            at, _, done = heappop(self._sleepers)
            if not done.done():
                self.passed = at
                done.set_result(None)
        return task.result()

    async def _settled(self, task: asyncio.Task[Any]) -> bool:
        for _ in range(_SETTLED):
            await asyncio.sleep(0)
            if task.done():
                return True
        return False


@dataclass
class Shelf:
    """A pool that works at once; away, it says what a database says that does not answer."""

    away: Callable[[], bool] = lambda: False

    async def aside(self, work: Callable[[], T]) -> T:
        """Do it now."""
        await asyncio.sleep(0)
        if self.away():
            raise StoreAway("the test took it away")
        return work()


@dataclass
class Noted(Channels):
    """Notes when it took what."""

    hours: Hours = field(default_factory=Hours)
    at: list[tuple[float, Delivery]] = field(default_factory=list)

    async def deliver(self, delivery: Delivery) -> str:
        """Take a message, or fail as told."""
        await asyncio.sleep(0)
        taken = await super().deliver(delivery)
        self.at.append((self.hours.passed, delivery))
        return taken

    def times(self, *channels: str) -> list[float]:
        """When it took what for these channels, or for all."""
        return [at for at, one in self.at if not channels or one.channel in channels]


def timed(service: Service, pace: Pace, name: str = "slack") -> tuple[Hours, Noted, Schedule, Shelf]:
    """A schedule on a clock of its own."""
    hours, pool = Hours(), Shelf()
    noted = Noted(pace=pace, hours=hours)
    schedule = Schedule(service, pool, {name: noted}, hours.now, clock=hours.clock, sleep=hours.sleep)
    return hours, noted, schedule, pool


async def until_done(schedule: Schedule, hours: Hours) -> None:
    """Tick whenever something is due, for three hours at most."""
    while (due := await hours.through(schedule.tick())) is not None and due < NINE + timedelta(hours=3):
        hours.passed = max(hours.passed, (due - NINE).total_seconds())
