"""The rate limiter: when the next message may be sent, by channel, workspace and platform."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from weakref import WeakValueDictionary

from bot.errors import RateLimitScope
from bot.messaging.delivery import Delivery, SendIntervals
from bot.retry import Sleep

LimitKey = tuple[str, ...]

_MAX_TRACKED_KEYS = 1_000  # limits in memory before those that have ended are evicted


class RateLimiter:
    """Spaces the messages of this process and keeps the pauses that platforms ask for.

    Each process has its own: `SendIntervals` leave capacity for several.

    Args:
        clock: seconds, monotonic.
        sleep: waits so many seconds.
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
        """Wait until a message may be sent; inside, no other message of the same limits begins.

        Locks are taken in one order (channel, workspace, platform), so that no two messages block each other.
        """
        keys = _build_limit_keys(delivery)
        intervals = ((keys["channel"], send_intervals.channel), (keys["workspace"], send_intervals.workspace))
        limits = [
            (key, interval)
            for key, interval in (*intervals, (keys["platform"], send_intervals.platform))
            if interval > 0
        ]
        async with AsyncExitStack() as locks:
            for key, _ in limits:
                await locks.enter_async_context(self._locks.setdefault(key, asyncio.Lock()))
                wait = self._next_allowed_at.get(key, 0.0) - self._clock()
                if wait > 0:
                    await self._sleep(wait)
            yield
            for key, interval in limits:
                self._next_allowed_at[key] = self._clock() + interval
        self._evict_expired()

    def pause(self, delivery: Delivery, scope: RateLimitScope, until: datetime) -> None:
        """Send nothing in this scope before a moment, because the platform said so."""
        key = _build_limit_keys(delivery)[scope]
        self._paused_until[key] = max(until, self._paused_until.get(key, until))

    def paused_until(self, delivery: Delivery) -> datetime | None:
        """Return until when a message may not be sent; None when it may be sent now."""
        now = self._now()
        until = [
            self._paused_until[key]
            for key in _build_limit_keys(delivery).values()
            if key in self._paused_until
        ]
        return max((moment for moment in until if moment > now), default=None)

    def _evict_expired(self) -> None:
        """Forget limits that have ended, so that memory does not grow with the number of channels."""
        if len(self._next_allowed_at) + len(self._paused_until) > _MAX_TRACKED_KEYS:
            clock, now = self._clock(), self._now()
            self._next_allowed_at = {key: at for key, at in self._next_allowed_at.items() if at > clock}
            self._paused_until = {key: until for key, until in self._paused_until.items() if until > now}


def _build_limit_keys(delivery: Delivery) -> dict[RateLimitScope, LimitKey]:
    """Return the limit of each scope; a person has one limit, whichever server a tip belongs to."""
    return {
        "channel": (delivery.platform, "channel", delivery.channel),
        "workspace": (delivery.platform, "workspace", delivery.workspace),
        "platform": (delivery.platform,),
    }
