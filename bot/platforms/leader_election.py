"""Work that one process does at a time, while the others stand by for it to go."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.errors import StoreUnavailableError

log = logging.getLogger(__name__)

_POLL_INTERVAL = 3.0  # seconds
_RENEW_INTERVAL = 4.0  # seconds
_OUTAGE_POLL_INTERVAL = (
    1.0  # seconds; when the database is back, whoever worked through its absence should be first
)


class SharedLock(Protocol):
    """A lock that all processes of the bot see."""

    def acquire_or_renew(self) -> bool:
        """Take it, or prove that it is still ours; False while another process has it.

        Raises:
            StoreAway: when nobody can tell.
        """

    def release(self) -> None:
        """Let another process have it."""


class LeaderElection:
    """Waits for the turn, works while it lasts, and stands by again.

    While the database is away the turn stays where it was last seen: nobody could take it, and people get
    their answers. A process that never asked begins all the same, since a bot has to come up without its
    database. So two may work for a while, when one begins during an outage or when the database is away for
    one of them alone, until it is back. People hardly notice: a platform takes one response to an interaction
    and one message with a nonce, and tips need rows.

    Args:
        name: what the log calls the work.
        look: seconds between two looks while standing by.
        renew: seconds between two proofs that the turn is ours; the lock's lease is a few times as long.

    Attributes:
        ours: whether this process may work.
        standing_by: whether another one has the turn.
    """

    def __init__(
        self,
        lock: SharedLock,
        name: str,
        poll_interval: float = _POLL_INTERVAL,
        renew_interval: float = _RENEW_INTERVAL,
    ) -> None:
        self._lock = lock
        self._name = name
        self._poll_interval = poll_interval
        self._renew_interval = renew_interval
        self._can_lead = True  # as far as we know
        self._is_store_unavailable = False
        self.is_leader = False
        self.is_standby = False

    async def run(self, work: Callable[[], Awaitable[None]]) -> None:
        """Work whenever it is our turn, until cancelled or until the work ends by itself.

        A turn that is lost cancels the work and waits for its end. What the work raises, this raises; then
        another process may try.
        """
        try:
            while True:
                await self._wait_until_leader()
                if await run_until(work(), self._wait_until_lost()):
                    return
        finally:
            self.is_leader = self.is_standby = False
            await asyncio.to_thread(self._lock.release)

    async def _wait_until_leader(self) -> None:
        """Return when it is our turn."""
        while not await self._acquire_or_renew():
            if not self.is_standby:
                log.warning("%s: another process has the connection; this one stands by", self._name)
                self.is_standby = True
            await asyncio.sleep(self._poll_interval)
        if self.is_standby:
            log.warning("%s: the other process has gone; this one takes over", self._name)
        self.is_leader, self.is_standby = True, False

    async def _wait_until_lost(self) -> None:
        """Return when another process has the turn."""
        while await self._acquire_or_renew():
            await asyncio.sleep(
                min(_OUTAGE_POLL_INTERVAL, self._renew_interval)
                if self._is_store_unavailable
                else self._renew_interval
            )
        self.is_leader = False
        log.warning("%s: another process has taken over; this one steps down", self._name)

    async def _acquire_or_renew(self) -> bool:
        try:
            self._can_lead = await asyncio.to_thread(self._lock.acquire_or_renew)
            self._is_store_unavailable = False
        except StoreUnavailableError as error:
            if not self._is_store_unavailable:
                if self._can_lead:
                    log.warning("%s: no database (%s); this process goes on", self._name, error)
                else:
                    log.warning("%s: no database (%s); this process stands by", self._name, error)
            self._is_store_unavailable = True
        return self._can_lead


async def run_until(work: Awaitable[object], stop: Awaitable[object]) -> bool:
    """Do the work, but cancel it when the other ends first; whether the work came to its own end.

    What either raises, this raises.
    """
    working, ending = asyncio.ensure_future(work), asyncio.ensure_future(stop)
    try:
        done, _ = await asyncio.wait((working, ending), return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
        return working in done
    finally:
        working.cancel()
        ending.cancel()
        await asyncio.gather(working, ending, return_exceptions=True)
