"""Work that one process does at a time, while the others stand by for it to go."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.errors import StoreAway

log = logging.getLogger(__name__)

_LOOK = 3.0  # seconds
_RENEW = 4.0  # seconds
_AWAY = 1.0  # seconds; when the database is back, whoever worked through its absence should be first


class Turn(Protocol):
    """A lock that all processes of the bot see."""

    def hold(self) -> bool:
        """Take it, or prove that it is still ours; False while another process has it.

        Raises:
            StoreAway: when nobody can tell.
        """

    def release(self) -> None:
        """Let another process have it."""


class Turns:
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

    def __init__(self, turn: Turn, name: str, look: float = _LOOK, renew: float = _RENEW) -> None:
        self._turn = turn
        self._name = name
        self._look = look
        self._renew = renew
        self._free = True  # as far as we know
        self._away = False
        self.ours = False
        self.standing_by = False

    async def run(self, work: Callable[[], Awaitable[None]]) -> None:
        """Work whenever it is our turn, until cancelled or until the work ends by itself.

        A turn that is lost cancels the work and waits for its end. What the work raises, this raises; then
        another process may try.
        """
        try:
            while True:
                await self._come()
                if await unless(work(), self._gone()):
                    return
        finally:
            self.ours = self.standing_by = False
            await asyncio.to_thread(self._turn.release)

    async def _come(self) -> None:
        """Return when it is our turn."""
        while not await self._held():
            if not self.standing_by:
                log.warning("%s: another process has the connection; this one stands by", self._name)
                self.standing_by = True
            await asyncio.sleep(self._look)
        if self.standing_by:
            log.warning("%s: the other process has gone; this one takes over", self._name)
        self.ours, self.standing_by = True, False

    async def _gone(self) -> None:
        """Return when another process has the turn."""
        while await self._held():
            await asyncio.sleep(min(_AWAY, self._renew) if self._away else self._renew)
        self.ours = False
        log.warning("%s: another process has taken over; this one steps down", self._name)

    async def _held(self) -> bool:
        try:
            self._free = await asyncio.to_thread(self._turn.hold)
            self._away = False
        except StoreAway as error:
            if not self._away:
                if self._free:
                    log.warning("%s: no database (%s); this process goes on", self._name, error)
                else:
                    log.warning("%s: no database (%s); this process stands by", self._name, error)
            self._away = True
        return self._free


async def unless(work: Awaitable[object], end: Awaitable[object]) -> bool:
    """Do the work, but cancel it when the other ends first; whether the work came to its own end.

    What either raises, this raises.
    """
    working, ending = asyncio.ensure_future(work), asyncio.ensure_future(end)
    try:
        done, _ = await asyncio.wait((working, ending), return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
        return working in done
    finally:
        working.cancel()
        ending.cancel()
        await asyncio.gather(working, ending, return_exceptions=True)
