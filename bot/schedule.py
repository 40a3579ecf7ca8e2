"""The tick: claims what is due, sends it, settles it. Any number of processes may tick on one database."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.dialogue.delivery import Delivery, Pace, Paused, RetryAt, Sent, Settled, Unknown
from bot.errors import NotSent, StoreAway
from bot.service import Service

log = logging.getLogger(__name__)

EVERY = 20.0  # seconds; what another process wrote is found by then
_AGAIN = timedelta(seconds=30)  # after a failure that names no time
_GRACE = 8.0  # seconds for what is being sent when the bot stops
_PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)  # seconds; a sent tip is worth waiting for the database
# What a platform's refusal means: nothing goes there until a person mends it.
_FINAL = {
    "channel_not_found": "gone",
    "is_archived": "gone",
    "10003": "gone",
    "10004": "gone",
    "not_in_channel": "forbidden",
    "restricted_action": "forbidden",
    "50001": "forbidden",
    "50013": "forbidden",
    "50007": "closed",
    "cannot_dm_bot": "closed",
    "user_not_found": "closed",
    "account_inactive": "refused",
    "token_revoked": "refused",
    "invalid_auth": "refused",
    "missing_scope": "refused",
}

T = TypeVar("T")


class Aside(Protocol):
    """Runs what touches the store where it cannot stall the loop."""

    async def aside(self, work: Callable[[], T]) -> T:
        """What the work gives; what it raises, this raises."""


class Delivers(Protocol):
    """A platform that sends unasked messages.

    Attributes:
        pace: how fast messages may follow each other, so that a burst stays under the platform's rate.
    """

    pace: Pace

    @property
    def ready(self) -> bool:
        """Whether this process sends there now; what is due there is claimed only then."""

    async def deliver(self, delivery: Delivery) -> str:
        """Send, once; the platform's id of the message.

        Raises:
            NotSent: when the platform did not take it, or may not have.
        """


class Schedule:
    """Sends what is due on the platforms of this process.

    Args:
        pool: runs what touches the store.
        platforms: by name as in a request's origin.
    """

    def __init__(
        self,
        service: Service,
        pool: Aside,
        platforms: Mapping[str, Delivers],
        now: Callable[[], datetime],
    ) -> None:
        self._service = service
        self._pool = pool
        self._platforms = platforms
        self._now = now
        self._ticking = asyncio.Lock()
        self._held: dict[tuple[str, str], datetime] = {}
        self._turns: dict[tuple[str, str], asyncio.Lock] = defaultdict(asyncio.Lock)

    async def run(self) -> None:
        """Tick until cancelled, also at the very moment when the next tip is due."""
        scheduler = AsyncIOScheduler(timezone=UTC)
        always = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        scheduler.start()

        async def ticked() -> None:
            due = await self.tick()
            if due is not None and due - self._now() < timedelta(seconds=EVERY):
                scheduler.add_job(ticked, "date", run_date=due, id="due", replace_existing=True, **always)

        scheduler.add_job(ticked, "interval", seconds=EVERY, next_run_time=datetime.now(UTC), **always)
        try:
            await asyncio.Event().wait()
        finally:
            scheduler.pause()  # not yet shut down: that cancels the tick
            try:
                with suppress(TimeoutError):
                    async with asyncio.timeout(_GRACE), self._ticking:
                        pass  # what was being sent is sent and settled
            finally:
                scheduler.shutdown(wait=False)

    async def tick(self) -> datetime | None:
        """Send what is due; when the next one is due, as far as the rows tell. Never raises."""
        async with self._ticking:
            try:
                while due := await self._pool.aside(self._claim):
                    await asyncio.gather(*(self._take(delivery) for delivery in due))
                return await self._pool.aside(self._next_due)
            except StoreAway as error:
                log.warning("no tips while the database is away: %s", error)
            except Exception:
                log.exception("a tick failed")
            return None

    def _claim(self) -> list[Delivery]:
        return self._service.claim(self._ready(), self._now())

    def _next_due(self) -> datetime | None:
        return self._service.next_due(self._ready())

    def _ready(self) -> frozenset[str]:
        return frozenset(name for name, platform in self._platforms.items() if platform.ready)

    async def _take(self, delivery: Delivery) -> None:
        """Send one and settle it; a workspace's messages go one after the other."""
        async with self._turns[delivery.platform, delivery.workspace]:
            for word in await self._settled(delivery):
                await self._sent(word)
            pace = self._platforms[delivery.platform].pace
            await asyncio.sleep(max(pace.workspace, pace.platform))

    async def _settled(self, delivery: Delivery) -> list[Delivery]:
        """Send it and write down what became of it; gives the words to its owner."""
        held = self._held.get((delivery.platform, delivery.workspace))
        if held is not None and held > self._now():
            settled: Settled = RetryAt(held, "ratelimited")
        elif await self._pool.aside(lambda: self._service.begin(delivery, self._now())):
            settled = await self._sent(delivery)
        else:  # the claim went to another process meanwhile
            return []
        for pause in _PAUSES:
            try:
                return await self._pool.aside(lambda: self._service.settle(delivery, settled, self._now()))
            except StoreAway:
                await asyncio.sleep(pause)
        log.error("a tip of %s is not settled: the database is away", delivery.slot)
        return []

    async def _sent(self, delivery: Delivery) -> Settled:
        """What became of a message."""
        now = self._now()
        try:
            return Sent(await self._platforms[delivery.platform].deliver(delivery))
        except NotSent as error:
            if error.retry_after is not None:
                until = now + timedelta(seconds=error.retry_after)
                self._held[delivery.platform, delivery.workspace] = until
                return RetryAt(until, "ratelimited")
            if error.reason in _FINAL:
                return Paused(_FINAL[error.reason])
            return Unknown(error.reason) if error.maybe else RetryAt(now + _AGAIN, error.reason)
        except Exception:
            log.exception("a tip could not be sent")
            return Unknown("failed")
