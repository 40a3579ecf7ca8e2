"""One message from its claim to what became of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from bot.delivery.batcher import Batcher, WorkerPool
from bot.delivery.error_mapping import classify_error
from bot.delivery.rate_limiter import RateLimiter, Sleep
from bot.errors import DeliveryError, StoreUnavailableError
from bot.messaging.delivery import (
    Delivery,
    DeliveryResult,
    DeliveryRetry,
    DeliverySent,
    DeliveryUnknown,
    SendIntervals,
)
from bot.service import Service

log = logging.getLogger(__name__)

_RETRY_DELAYS = (
    0.5,
    1.0,
    2.0,
    4.0,
    8.0,
    15.0,
    15.0,
    15.0,
)  # seconds; a sent tip is worth waiting for the database


class DeliveryAdapter(Protocol):
    """A platform that sends unasked messages.

    Attributes:
        pace: how fast messages may follow each other, so that a burst stays under the platform's rate.
    """

    send_intervals: SendIntervals

    @property
    def can_send(self) -> bool:
        """Whether this process sends there now; what is due there is claimed only then."""

    async def deliver(self, delivery: Delivery) -> str:
        """Send, once; the platform's id of the message.

        Raises:
            NotSent: when the platform did not take it, or may not have.
        """


class Dispatcher:
    """Sends what was claimed, each message when it is its turn."""

    def __init__(
        self,
        service: Service,
        worker_pool: WorkerPool,
        platforms: Mapping[str, DeliveryAdapter],
        *,
        now: Callable[[], datetime],
        rate_limiter: RateLimiter,
        sleep: Sleep,
    ) -> None:
        self._platforms = platforms
        self._now = now
        self._rate_limiter = rate_limiter
        self._sleep = sleep
        self._started_claims: set[str] = set()
        self._begin_batcher: Batcher[Delivery, list[Delivery]] = Batcher(
            worker_pool, lambda items: service.begin_sending(items, now())
        )
        self._result_batcher: Batcher[tuple[Delivery, DeliveryResult], None] = Batcher(
            worker_pool, lambda items: service.record_results(items, now())
        )

    def has_begun(self, delivery: Delivery) -> bool:
        """Whether it may stand there already; else it can still be given back."""
        return delivery.claim_token in self._started_claims

    async def send(self, delivery: Delivery) -> bool:
        """Send it and write down what became of it. Never raises; until it is begun it may be cancelled.

        Gives whether that leaves something to do: another try, or a word to a person.
        """
        try:
            settled = await self._send_when_allowed(delivery)
            if settled is not None:
                await self._record_result(delivery, settled)
            return not isinstance(settled, DeliverySent)
        except StoreUnavailableError as error:  # not begun, so whoever looks when its lease is over sends it
            log.warning("a message waits while the database is away: %s", error)
        except Exception:
            log.exception("a message could not be sent")
        finally:
            self._started_claims.discard(delivery.claim_token)
        return False

    async def _send_when_allowed(self, delivery: Delivery) -> DeliveryResult | None:
        """What became of it; None when the claim went to another process."""
        until = self._rate_limiter.paused_until(delivery)
        if until is None:
            async with self._rate_limiter.acquire(
                delivery, self._platforms[delivery.platform].send_intervals
            ):
                until = self._rate_limiter.paused_until(delivery)
                if until is None:
                    self._started_claims.add(delivery.claim_token)
                    begun = await self._begin_batcher.submit(delivery)
                    if all(other.claim_token != delivery.claim_token for other in begun):
                        return None
        if until is not None:
            return DeliveryRetry(until, "ratelimited")
        return await self._deliver(delivery)

    async def _deliver(self, delivery: Delivery) -> DeliveryResult:
        try:
            return DeliverySent(await self._platforms[delivery.platform].deliver(delivery))
        except DeliveryError as error:
            now = self._now()
            if error.retry_after is None:
                return classify_error(error, delivery.scheduled_at or now, now)
            until = now + timedelta(seconds=error.retry_after)
            self._rate_limiter.pause(delivery, error.scope, until)
            return DeliveryRetry(until, "ratelimited")
        except Exception:
            log.exception("a message could not be sent")
            return DeliveryUnknown("failed")

    async def _record_result(self, delivery: Delivery, result: DeliveryResult) -> None:
        """Write it down, again and again for a minute while the database does not answer."""
        for pause in (*_RETRY_DELAYS, None):
            try:
                return await self._result_batcher.submit((delivery, result))
            except StoreUnavailableError as error:
                if pause is None:
                    log.error("what became of a message is not written: %s", error)
                else:
                    await self._sleep(pause)
        return None
