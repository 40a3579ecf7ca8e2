"""Tips before they come: what every subscription of this database will get, as its rows stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.commands.command import Context
from bot.commands.tips.tip_delivery import build_history, build_schedule, build_subscriber
from bot.content.content import Content
from bot.domain.tips.schedule import find_next_slot
from bot.domain.tips.selection import PostHistory, TipChoice
from bot.domain.tips.tip_plan import PlannedPost, Subscriber, iter_planned_posts, restore_history
from bot.store.due_slots import MAX_LATENESS
from bot.store.records import Subscription


@dataclass(frozen=True, slots=True)
class TipSimulation:
    """The tips of one place.

    Attributes:
        name: the place in an operator's words: `slack T1 C1`.
        posted: what it had.
        due: its next slot; None while its tips rest.
        paused: why they rest.
    """

    label: str
    subscriber: Subscriber
    history: PostHistory
    next_due_at: datetime | None
    pause_reason: str = ""

    def iter_posts(
        self, library: Content, end: datetime, restart_at: datetime | None = None
    ) -> Iterator[PlannedPost]:
        """Every post before `end`; at `restart` all is forgotten that the rows do not hold."""
        rows: list[TipChoice] = []
        slot, posted = self.next_due_at, self.history
        for stop in (end if restart_at is None else min(restart_at, end), end):
            if slot is None:
                return
            for found in iter_planned_posts(self.subscriber, posted, slot, library):
                slot = found.scheduled_at
                if slot >= stop:
                    break
                yield found
                rows += [] if found.choice is None else [found.choice]
            posted = restore_history(self.history, rows)


def build_simulations(context: Context, now: datetime) -> list[TipSimulation]:
    """One for every subscription there is; slots that are missed by now are left out.

    Raises:
        StoreAway: when the database does not answer.
    """
    return [build_simulation(one, context, now) for one in context.open_store().subscriptions.list_all()]


def build_simulation(subscription: Subscription, context: Context, now: datetime) -> TipSimulation:
    """What a subscription will get; slots that are missed by now are left out.

    Raises:
        StoreAway: when the database does not answer.
    """
    community = subscription.tenant
    return TipSimulation(
        f"{community.platform} {community.workspace} {subscription.channel}",
        build_subscriber(subscription),
        build_history(subscription, context.open_store().deliveries.load_history(subscription)),
        _find_first_slot(subscription, now),
        subscription.pause_reason,
    )


def _find_first_slot(subscription: Subscription, now: datetime) -> datetime | None:
    due = subscription.next_due_at
    if due is None or now - due <= MAX_LATENESS:
        return due
    return find_next_slot(build_schedule(subscription), now - MAX_LATENESS - timedelta.resolution)
