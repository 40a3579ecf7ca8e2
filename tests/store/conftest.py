"""A store on each of the two databases, and tips that tests choose."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from bot.domain.outbox import (
    DeliveryPaused,
    DeliveryResult,
    DeliveryRetry,
    DeliverySent,
    DeliverySkipped,
    DeliveryState,
    DeliveryUnknown,
    PauseReason,
    SkipReason,
)
from bot.domain.tips.rotation import PlannedPost, PostHistory, TipChoice, TipPool
from bot.domain.tips.subscription import Subscription
from bot.store.key_ring import build_key_ring
from bot.store.store import Store

KEY_RING = build_key_ring(("a secret of the tests",))

Planner = Callable[[Subscription, PostHistory, datetime], PlannedPost]


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    with closing(Store.open(Path(), database_url, KEY_RING)) as store:
        yield store


class FakeTipPool(TipPool):
    """A pool whose slots a function of a test plans."""

    def __init__(self, plan: Planner) -> None:
        super().__init__(())
        object.__setattr__(self, "_plan", plan)

    def plan_post(
        self, subscription: Subscription, history: PostHistory, scheduled_at: datetime
    ) -> PlannedPost:
        """Return what the test's function plans."""
        planned: PlannedPost = self._plan(subscription, history, scheduled_at)  # type: ignore[attr-defined]
        return planned


def build_post(
    scheduled_at: datetime, tip: str, next_due_at: datetime, cycle: int = 0, remaining: int = 9
) -> PlannedPost:
    """A slot with a tip, of a pool that is large unless the test says how few are left."""
    return PlannedPost(scheduled_at, TipChoice(tip, cycle), next_due_at, 9, remaining)


def build_result(
    claim_token: str,
    state: str,
    message_id: str = "",
    reason: str = "",
    retry_at: datetime | None = None,
) -> tuple[str, DeliveryResult]:
    """What became of a claim; `failed` is tried again, `paused` needs a person."""
    match state:
        case DeliveryState.SENT:
            return claim_token, DeliverySent(message_id)
        case DeliveryState.FAILED:
            return claim_token, DeliveryRetry(reason, retry_at)
        case "paused":
            return claim_token, DeliveryPaused(PauseReason(reason))
        case DeliveryState.SKIPPED:
            return claim_token, DeliverySkipped(SkipReason(reason))
        case DeliveryState.UNKNOWN:
            return claim_token, DeliveryUnknown(reason)
        case _:
            raise AssertionError(state)
