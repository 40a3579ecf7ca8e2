"""Tips before they come: what every subscription of this database will get, as its rows stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.commands.command import Context
from bot.commands.tips.posting import posted_of, schedule_of, taker_of
from bot.domain.tips.choice import Chosen, Posted
from bot.domain.tips.course import Post, Taker, course, recalled
from bot.domain.tips.schedule import next_slot
from bot.library.library import Library
from bot.store.course import LATE
from bot.store.tips import Subscription


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The tips of one place.

    Attributes:
        name: the place in an operator's words: `slack T1 C1`.
        posted: what it had.
        due: its next slot; None while its tips rest.
        paused: why they rest.
    """

    name: str
    taker: Taker
    posted: Posted
    due: datetime | None
    paused: str = ""

    def posts(self, library: Library, end: datetime, restart: datetime | None = None) -> Iterator[Post]:
        """Every post before `end`; at `restart` all is forgotten that the rows do not hold."""
        rows: list[Chosen] = []
        slot, posted = self.due, self.posted
        for stop in (end if restart is None else min(restart, end), end):
            if slot is None:
                return
            for found in course(self.taker, posted, slot, library):
                slot = found.slot
                if slot >= stop:
                    break
                yield found
                rows += [] if found.chosen is None else [found.chosen]
            posted = recalled(self.posted, rows)


def rehearsals(context: Context, now: datetime) -> list[Rehearsal]:
    """One for every subscription there is; slots that are missed by now are left out.

    Raises:
        StoreAway: when the database does not answer.
    """
    return [rehearsal(one, context, now) for one in context.store.subscriptions.everywhere()]


def rehearsal(subscription: Subscription, context: Context, now: datetime) -> Rehearsal:
    """What a subscription will get; slots that are missed by now are left out.

    Raises:
        StoreAway: when the database does not answer.
    """
    community = subscription.community
    return Rehearsal(
        f"{community.platform} {community.workspace} {subscription.channel}",
        taker_of(subscription),
        posted_of(subscription, context.store.deliveries.peek(subscription)),
        _first(subscription, now),
        subscription.paused,
    )


def _first(subscription: Subscription, now: datetime) -> datetime | None:
    due = subscription.next_due_at
    if due is None or now - due <= LATE:
        return due
    return next_slot(schedule_of(subscription), now - LATE - timedelta.resolution)
