"""When the next message may go: one after the other to a place, and not before a platform wants it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from weakref import WeakValueDictionary

from bot.errors import RateLimitScope
from bot.messaging.delivery import Delivery, SendIntervals

LimitKey = tuple[str, ...]
Sleep = Callable[[float], Awaitable[object]]

_MAX_TRACKED_KEYS = 1_000  # places that are remembered before those that are free again are forgotten


class RateLimiter:
    """The turns of this process.

    Args:
        clock: seconds, monotonic.
        sleep: waits so many of them.
    """

    def __init__(self, now: Callable[[], datetime], clock: Callable[[], float], sleep: Sleep) -> None:
        self._now = now
        self._clock = clock
        self._sleep = sleep
        self._next_allowed_at: dict[LimitKey, float] = {}
        self._paused_until: dict[LimitKey, datetime] = {}
        self._locks: WeakValueDictionary[LimitKey, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def acquire(self, delivery: Delivery, send_intervals: SendIntervals) -> AsyncIterator[None]:
        """Wait for a message's turn; what goes to the same place waits for its begin, and longer."""
        keys = _build_limit_keys(delivery)
        pauses = ((keys["channel"], send_intervals.channel), (keys["workspace"], send_intervals.workspace))
        wanted = [
            (key, wait) for key, wait in (*pauses, (keys["platform"], send_intervals.platform)) if wait > 0
        ]
        async with AsyncExitStack() as turns:
            for key, _ in wanted:
                await turns.enter_async_context(self._locks.setdefault(key, asyncio.Lock()))
                wait = self._next_allowed_at.get(key, 0.0) - self._clock()
                if wait > 0:
                    await self._sleep(wait)
            yield
            for key, wait in wanted:
                self._next_allowed_at[key] = self._clock() + wait
        self._evict_expired()

    def pause(self, delivery: Delivery, scope: RateLimitScope, until: datetime) -> None:
        """Send nothing there before a moment, since the platform said so."""
        key = _build_limit_keys(delivery)[scope]
        self._paused_until[key] = max(until, self._paused_until.get(key, until))

    def paused_until(self, delivery: Delivery) -> datetime | None:
        """Until when nothing may be sent to a message's place; None when it may now."""
        now = self._now()
        until = [
            self._paused_until[key]
            for key in _build_limit_keys(delivery).values()
            if key in self._paused_until
        ]
        return max((moment for moment in until if moment > now), default=None)

    def _evict_expired(self) -> None:
        if len(self._next_allowed_at) + len(self._paused_until) > _MAX_TRACKED_KEYS:
            clock, now = self._clock(), self._now()
            self._next_allowed_at = {key: at for key, at in self._next_allowed_at.items() if at > clock}
            self._paused_until = {key: until for key, until in self._paused_until.items() if until > now}


def _build_limit_keys(delivery: Delivery) -> dict[RateLimitScope, LimitKey]:
    """What a message's place counts as; a person or channel is the same one whichever server a tip is of."""
    return {
        "channel": (delivery.platform, "channel", delivery.channel),
        "workspace": (delivery.platform, "workspace", delivery.workspace),
        "platform": (delivery.platform,),
    }
