"""A bot, a platform that counts, and clocks that tests set."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import Any, TypeVar

from bot.delivery import DeliveryWorker
from bot.domain.tenant import Tenant
from bot.domain.tips.schedule import Schedule
from bot.domain.tips.subscription import Subscription
from bot.errors import DeliveryError, StoreUnavailableError
from bot.messaging.delivery import Delivery, DeliveryKind, SendIntervals
from bot.platforms.discord import failures as discord_failures
from bot.platforms.request_runner import RequestRunner
from bot.platforms.slack import failures as slack_failures
from bot.service import Service

NINE_IN_BERLIN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
TENANT = Tenant("slack", "T1")


@dataclass
class FakePlatform:
    """Where Slack's servers would stand: takes messages, or fails as told."""

    send_intervals: SendIntervals = field(default_factory=SendIntervals)
    can_send: bool = True
    sent_counts: Counter[str] = field(default_factory=Counter)
    notifications: list[Delivery] = field(default_factory=list)
    errors: dict[str, list[Exception]] = field(default_factory=dict)

    async def deliver(self, delivery: Delivery) -> str:
        waiting = self.errors.get(delivery.channel, [])
        if waiting:
            error = waiting.pop(0)
            if type(error) is DeliveryError and error.retry_after is None:  # a code, as the adapter reads it
                error = _read_code(error)
            if isinstance(error, DeliveryError) and error.possibly_delivered:
                self.sent_counts[delivery.channel] += 1
            raise error
        if delivery.kind is DeliveryKind.NOTIFICATION:
            self.notifications.append(delivery)
        else:
            self.sent_counts[delivery.channel] += 1
        return "1700000000.000100"


@dataclass
class SlowPlatform(FakePlatform):
    """Takes a message, but answers only when told."""

    started: asyncio.Event = field(default_factory=asyncio.Event)
    release: asyncio.Event = field(default_factory=asyncio.Event)

    async def deliver(self, delivery: Delivery) -> str:
        self.started.set()
        await self.release.wait()
        return await super().deliver(delivery)


@dataclass
class FakeClock:
    """A clock that tests set."""

    now: datetime = NINE_IN_BERLIN

    def __call__(self) -> datetime:
        return self.now


@dataclass
class DeliveryHarness:
    """One bot on one database."""

    service: Service
    platform: FakePlatform
    clock: FakeClock

    async def tick(self) -> datetime | None:
        answering = RequestRunner(self.service)
        try:
            return await DeliveryWorker(self.service, answering, {"slack": self.platform}, self.clock).tick()
        finally:
            answering.close()

    def subscribe(self, *channels: str, due_at: datetime = NINE_IN_BERLIN, tenant: Tenant = TENANT) -> None:
        for channel in channels:
            self.service.context.open_store().subscriptions.save(
                Subscription(
                    tenant,
                    channel,
                    False,
                    "UADA",
                    Schedule("daily", time(9), "Europe/Berlin", date(2026, 11, 1)),
                    next_due_at=due_at,
                ),
                NINE_IN_BERLIN,
            )

    def find_last_state(self, channel: str) -> str:
        found = self.service.context.open_store().deliveries.load_last_delivery(TENANT, channel)
        return "" if found is None else found[1]


def _read_code(error: DeliveryError) -> DeliveryError:
    """Map a code as its adapter does; a number is Discord's. What never reached a platform has no code."""
    if error.possibly_delivered or error.reason == "unreachable":
        return error
    if error.reason.isdigit():
        return discord_failures.build_delivery_error(int(error.reason))
    return slack_failures.build_delivery_error(error.reason)


T = TypeVar("T")
_MAX_LOOP_TURNS = 200  # turns of the loop after which nothing goes on by itself


@dataclass
class VirtualTime:
    """Time that passes only when everybody waits for it; nothing takes any of it by itself."""

    elapsed: float = 0.0
    _sleepers: list[tuple[float, int, asyncio.Future[None]]] = field(default_factory=list)
    _numbers: count[int] = field(default_factory=count)

    def now(self) -> datetime:
        """The date."""
        return NINE_IN_BERLIN + timedelta(seconds=self.elapsed)

    def read_seconds(self) -> float:
        """Seconds."""
        return self.elapsed

    async def sleep(self, seconds: float) -> None:
        """Wait until so many seconds have passed."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heappush(self._sleepers, (self.elapsed + seconds, next(self._numbers), done))
        await done

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Let time pass until the work is done."""
        task = asyncio.create_task(work)
        while not await self._runs_to_end(task):
            assert self._sleepers, "it waits for something that is not time"
            at, _, done = heappop(self._sleepers)
            if not done.done():
                self.elapsed = at
                done.set_result(None)
        return task.result()

    async def _runs_to_end(self, task: asyncio.Task[Any]) -> bool:
        for _ in range(_MAX_LOOP_TURNS):
            await asyncio.sleep(0)
            if task.done():
                return True
        return False


@dataclass
class FakeWorkerPool:
    """A pool that works at once; away, it says what a database says that does not answer."""

    is_database_down: Callable[[], bool] = lambda: False

    async def run_in_worker(self, work: Callable[[], T]) -> T:
        """Do it now."""
        await asyncio.sleep(0)
        if self.is_database_down():
            raise StoreUnavailableError("the test took it away")
        return work()


@dataclass
class RecordingPlatform(FakePlatform):
    """Notes when it took what."""

    virtual_time: VirtualTime = field(default_factory=VirtualTime)
    timeline: list[tuple[float, Delivery]] = field(default_factory=list)

    async def deliver(self, delivery: Delivery) -> str:
        """Take a message, or fail as told."""
        await asyncio.sleep(0)
        taken = await super().deliver(delivery)
        self.timeline.append((self.virtual_time.elapsed, delivery))
        return taken

    def list_times(self, *channels: str) -> list[float]:
        """When it took what for these channels, or for all."""
        return [at for at, one in self.timeline if not channels or one.channel in channels]


def build_timed_worker(
    service: Service, send_intervals: SendIntervals, name: str = "slack"
) -> tuple[VirtualTime, RecordingPlatform, DeliveryWorker, FakeWorkerPool]:
    """A schedule on a clock of its own."""
    hours, pool = VirtualTime(), FakeWorkerPool()
    noted = RecordingPlatform(send_intervals=send_intervals, virtual_time=hours)
    schedule = DeliveryWorker(
        service, pool, {name: noted}, hours.now, clock=hours.read_seconds, sleep=hours.sleep
    )
    return hours, noted, schedule, pool


async def run_until_idle(worker: DeliveryWorker, virtual_time: VirtualTime) -> None:
    """Tick whenever something is due, for three hours at most."""
    while (due := await virtual_time.run(worker.tick())) is not None and due < NINE_IN_BERLIN + timedelta(
        hours=3
    ):
        virtual_time.elapsed = max(virtual_time.elapsed, (due - NINE_IN_BERLIN).total_seconds())
