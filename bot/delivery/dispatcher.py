"""The dispatcher: takes one message from its claim to its recorded result."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from bot import timing
from bot.delivery.batcher import Batcher, WorkerPool
from bot.delivery.rate_limiter import RateLimiter
from bot.domain.outbox import (
    DeliveryRefusedError,
    DeliveryResult,
    DeliveryRetry,
    DeliverySent,
    DeliverySkipped,
    DeliveryUnknown,
    DeliveryUnrecognized,
)
from bot.errors import DeliveryError, StoreUnavailableError
from bot.messaging.delivery import Delivery, SendIntervals
from bot.retry import Sleep, retry_async
from bot.service import Service

log = logging.getLogger(__name__)

_RATE_LIMITED = "ratelimited"


class DeliveryAdapter(Protocol):
    """A platform that posts messages which nobody asked for just now.

    Attributes:
        send_intervals: how fast messages may follow each other, so that a burst stays under the rate limit.
    """

    send_intervals: SendIntervals

    @property
    def can_send(self) -> bool:
        """Whether this process posts there now; due messages are claimed only then."""

    async def deliver(self, delivery: Delivery) -> str:
        """Post a message, once; return the platform's id of it.

        Raises:
            DeliveryRefusedError: when the platform did not post it and the adapter knows what follows.
            DeliveryError: when the platform did not post it, or may not have.
        """


class Dispatcher:
    """Sends claimed messages, each when the rate limiter allows it."""

    def __init__(
        self,
        service: Service,
        worker_pool: WorkerPool,
        platforms: Mapping[str, DeliveryAdapter],
        *,
        now: Callable[[], datetime],
        rate_limiter: RateLimiter,
        sleep: Sleep = asyncio.sleep,
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
        """Return whether it may be posted already; before that its claim can be released."""
        return delivery.claim_token in self._started_claims

    async def send(self, delivery: Delivery) -> bool:
        """Send a message and record its result. Never raises; until the sending begins it may be cancelled.

        Returns:
            Whether something is left to do: another attempt, or a notification.
        """
        try:
            result = await self._send_when_allowed(delivery)
            if result is not None:
                await self._record_result(delivery, result)
            return not isinstance(result, DeliverySent)
        except StoreUnavailableError as error:  # not begun, so it is claimed again when its lease ends
            log.warning("%s waits for its lease: %s", _describe(delivery), error)
        except Exception:
            log.exception("%s could not be sent", _describe(delivery))
        finally:
            self._started_claims.discard(delivery.claim_token)
        return False

    async def _send_when_allowed(self, delivery: Delivery) -> DeliveryResult | None:
        """Send a message in its turn; None when another process has the claim now.

        A pause of the platform is checked twice, because it may begin while this message waits.
        """
        until = self._rate_limiter.paused_until(delivery)
        if until is None:
            send_intervals = self._platforms[delivery.platform].send_intervals
            async with self._rate_limiter.acquire(delivery, send_intervals):
                until = self._rate_limiter.paused_until(delivery)
                if until is None:
                    self._started_claims.add(delivery.claim_token)
                    begun = await self._begin_batcher.submit(delivery)
                    if all(other.claim_token != delivery.claim_token for other in begun):
                        return None
        if until is not None:
            return DeliveryRetry(_RATE_LIMITED, until)
        return await self._deliver(delivery)

    async def _deliver(self, delivery: Delivery) -> DeliveryResult:
        """Make one attempt and return what the adapter says about it."""
        try:
            return DeliverySent(await self._platforms[delivery.platform].deliver(delivery))
        except DeliveryRefusedError as error:
            if isinstance(error.result, DeliverySkipped):
                log.error("%s rejected: %s", _describe(delivery), error.reason)
            elif isinstance(error.result, DeliveryUnrecognized):
                log.warning("%s refused with an unknown code: %s", _describe(delivery), error.reason)
            return error.result
        except DeliveryError as error:
            if error.retry_after is not None:
                until = self._now() + timedelta(seconds=error.retry_after)
                self._rate_limiter.pause(delivery, error.scope, until)
                return DeliveryRetry(_RATE_LIMITED, until)
            if error.possibly_delivered:
                return DeliveryUnknown(error.reason)
            return DeliveryRetry(error.reason)
        except Exception:
            log.exception("%s may be posted: the adapter failed", _describe(delivery))
            return DeliveryUnknown("adapter failed")

    async def _record_result(self, delivery: Delivery, result: DeliveryResult) -> None:
        """Record a result, retrying for about a minute: a sent tip is worth waiting for the database."""

        async def submit() -> None:
            await self._result_batcher.submit((delivery, result))

        try:
            await retry_async(
                submit,
                timing.RESULT_WRITE_RETRY,
                lambda error: isinstance(error, StoreUnavailableError),
                self._sleep,
            )
        except StoreUnavailableError as error:
            log.error("could not record the result of %s: %s", _describe(delivery), error)


def _describe(delivery: Delivery) -> str:
    """Name a delivery in the log, without the person or channel that it is for."""
    return f"{delivery.kind} of {delivery.platform}/{delivery.workspace}"
