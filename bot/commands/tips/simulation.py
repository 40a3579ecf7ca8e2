"""Simulated tips: what every subscription of this database will get, as its rows are now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import timing
from bot.commands.command import Context
from bot.content.content import Content
from bot.domain.outbox import PauseReason
from bot.domain.tips.rotation import PlannedPost, PostHistory, TipChoice, TipPool, restore_history
from bot.domain.tips.schedule import find_next_slot
from bot.domain.tips.subscription import Subscription


@dataclass(frozen=True, slots=True)
class TipSimulation:
    """The tips of one subscription.

    Attributes:
        label: the subscription for an operator: `slack T1 C1`.
        history: what was posted in its channel.
        next_due_at: its next slot; None while it is paused.
    """

    label: str
    subscription: Subscription
    history: PostHistory
    next_due_at: datetime | None
    pause_reason: PauseReason | None = None

    def iter_posts(
        self, content: Content, end: datetime, restart_at: datetime | None = None
    ) -> Iterator[PlannedPost]:
        """Yield every post before `end`; at `restart_at` forget everything but the rows."""
        tip_pool, choices = TipPool.of(content), list[TipChoice]()
        slot, history = self.next_due_at, self.history
        for stop in (end if restart_at is None else min(restart_at, end), end):
            if slot is None:
                return
            for planned in tip_pool.iter_planned_posts(self.subscription, history, slot):
                slot = planned.scheduled_at
                if slot >= stop:
                    break
                yield planned
                choices += [] if planned.choice is None else [planned.choice]
            history = restore_history(self.history, choices)


def build_simulations(context: Context, now: datetime) -> list[TipSimulation]:
    """Build a simulation of every subscription; slots that are missed by now are left out.

    Raises:
        StoreUnavailableError: when the database does not answer.
    """
    subscriptions = context.open_store().subscriptions.list_all()
    return [build_simulation(subscription, context, now) for subscription in subscriptions]


def build_simulation(subscription: Subscription, context: Context, now: datetime) -> TipSimulation:
    """Build the simulation of one subscription; slots that are missed by now are left out.

    Raises:
        StoreUnavailableError: when the database does not answer.
    """
    tenant = subscription.tenant
    return TipSimulation(
        f"{tenant.platform} {tenant.workspace} {subscription.channel}",
        subscription,
        context.open_store().deliveries.load_history(subscription),
        _find_first_slot(subscription, now),
        subscription.pause_reason,
    )


def _find_first_slot(subscription: Subscription, now: datetime) -> datetime | None:
    """Return the first slot that is not too late; None while the subscription is paused."""
    due = subscription.next_due_at
    if due is None or now - due <= timing.MAX_LATENESS:
        return due
    return find_next_slot(subscription.schedule, now - timing.MAX_LATENESS - timedelta.resolution)
