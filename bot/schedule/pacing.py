"""When the next message may go: one after the other to a place, and not before a platform wants it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from weakref import WeakValueDictionary

from bot.dialogue.delivery import Delivery, Pace
from bot.errors import Scope

Key = tuple[str, ...]
Sleep = Callable[[float], Awaitable[object]]

_MANY = 1_000  # places that are remembered before those that are free again are forgotten


class Pacing:
    """The turns of this process.

    Args:
        clock: seconds, monotonic.
        sleep: waits so many of them.
    """

    def __init__(self, now: Callable[[], datetime], clock: Callable[[], float], sleep: Sleep) -> None:
        self._now = now
        self._clock = clock
        self._sleep = sleep
        self._free_at: dict[Key, float] = {}
        self._held: dict[Key, datetime] = {}
        self._turns: WeakValueDictionary[Key, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, one: Delivery, pace: Pace) -> AsyncIterator[None]:
        """Wait for a message's turn; what goes to the same place waits for its begin, and longer."""
        keys = _keys(one)
        pauses = ((keys["channel"], pace.channel), (keys["workspace"], pace.workspace))
        wanted = [(key, wait) for key, wait in (*pauses, (keys["platform"], pace.platform)) if wait > 0]
        async with AsyncExitStack() as turns:
            for key, _ in wanted:
                await turns.enter_async_context(self._turns.setdefault(key, asyncio.Lock()))
                wait = self._free_at.get(key, 0.0) - self._clock()
                if wait > 0:
                    await self._sleep(wait)
            yield
            for key, wait in wanted:
                self._free_at[key] = self._clock() + wait
        self._forget()

    def hold(self, one: Delivery, scope: Scope, until: datetime) -> None:
        """Send nothing there before a moment, since the platform said so."""
        key = _keys(one)[scope]
        self._held[key] = max(until, self._held.get(key, until))

    def held(self, one: Delivery) -> datetime | None:
        """Until when nothing may be sent to a message's place; None when it may now."""
        now = self._now()
        until = [self._held[key] for key in _keys(one).values() if key in self._held]
        return max((moment for moment in until if moment > now), default=None)

    def _forget(self) -> None:
        if len(self._free_at) + len(self._held) > _MANY:
            clock, now = self._clock(), self._now()
            self._free_at = {key: at for key, at in self._free_at.items() if at > clock}
            self._held = {key: until for key, until in self._held.items() if until > now}


def _keys(one: Delivery) -> dict[Scope, Key]:
    """What a message's place counts as; a person or channel is the same one whichever server a tip is of."""
    return {
        "channel": (one.platform, "channel", one.channel),
        "workspace": (one.platform, "workspace", one.workspace),
        "platform": (one.platform,),
    }
