"""One message from its claim to what became of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from bot.dialogue.delivery import Delivery, Pace, RetryAt, Sent, Settled, Unknown
from bot.errors import NotSent, StoreAway
from bot.schedule.pacing import Pacing, Sleep
from bot.schedule.refusals import meaning
from bot.schedule.together import Aside, Together
from bot.service import Service

log = logging.getLogger(__name__)

_PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0, 15.0)  # seconds; a sent tip is worth waiting for the database


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


class Sending:
    """Sends what was claimed, each message when it is its turn."""

    def __init__(
        self,
        service: Service,
        pool: Aside,
        platforms: Mapping[str, Delivers],
        *,
        now: Callable[[], datetime],
        pacing: Pacing,
        sleep: Sleep,
    ) -> None:
        self._platforms = platforms
        self._now = now
        self._pacing = pacing
        self._sleep = sleep
        self._begun: set[str] = set()
        self._begin: Together[Delivery, list[Delivery]] = Together(
            pool, lambda items: service.begin(items, now())
        )
        self._settle: Together[tuple[Delivery, Settled], None] = Together(
            pool, lambda items: service.settle(items, now())
        )

    def begun(self, one: Delivery) -> bool:
        """Whether it may stand there already; else it can still be given back."""
        return one.claim in self._begun

    async def send(self, one: Delivery) -> bool:
        """Send it and write down what became of it. Never raises; until it is begun it may be cancelled.

        Gives whether that leaves something to do: another try, or a word to a person.
        """
        try:
            settled = await self._sent(one)
            if settled is not None:
                await self._written(one, settled)
            return not isinstance(settled, Sent)
        except StoreAway as error:  # not begun, so whoever looks when its lease is over sends it
            log.warning("a message waits while the database is away: %s", error)
        except Exception:
            log.exception("a message could not be sent")
        finally:
            self._begun.discard(one.claim)
        return False

    async def _sent(self, one: Delivery) -> Settled | None:
        """What became of it; None when the claim went to another process."""
        until = self._pacing.held(one)
        if until is None:
            async with self._pacing.turn(one, self._platforms[one.platform].pace):
                until = self._pacing.held(one)
                if until is None:
                    self._begun.add(one.claim)
                    begun = await self._begin.do(one)
                    if all(other.claim != one.claim for other in begun):
                        return None
        if until is not None:
            return RetryAt(until, "ratelimited")
        return await self._delivered(one)

    async def _delivered(self, one: Delivery) -> Settled:
        try:
            return Sent(await self._platforms[one.platform].deliver(one))
        except NotSent as error:
            now = self._now()
            if error.retry_after is None:
                return meaning(error, one.slot or now, now)
            until = now + timedelta(seconds=error.retry_after)
            self._pacing.hold(one, error.scope, until)
            return RetryAt(until, "ratelimited")
        except Exception:
            log.exception("a message could not be sent")
            return Unknown("failed")

    async def _written(self, one: Delivery, settled: Settled) -> None:
        """Write it down, again and again for a minute while the database does not answer."""
        for pause in (*_PAUSES, None):
            try:
                return await self._settle.do((one, settled))
            except StoreAway as error:
                if pause is None:
                    log.error("what became of a message is not written: %s", error)
                else:
                    await self._sleep(pause)
        return None
