"""What a place gets, slot after slot: one answer for the bot that posts and for its rehearsal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.tips.choice import APART, Chosen, Posted, choose, pool
from bot.domain.tips.schedule import Schedule, next_slot
from bot.library.library import Library


@dataclass(frozen=True, slots=True)
class Taker:
    """Who gets tips.

    Attributes:
        tags: which ones; all when there are none.
        place: whatever tells one channel's order from another's.
    """

    schedule: Schedule
    tags: tuple[str, ...]
    place: str


@dataclass(frozen=True, slots=True)
class Post:
    """What one slot brings.

    Attributes:
        slot: when, in UTC.
        chosen: None when the pool is empty.
        next: when the next one is due.
        pool: how many tips there are to choose from.
        left: how many of them the round still has after this one.
    """

    slot: datetime
    chosen: Chosen | None
    next: datetime
    pool: int
    left: int


def post(taker: Taker, posted: Posted, slot: datetime, library: Library) -> Post:
    """What a slot brings to a place that had so much."""
    tips = pool(library, taker.tags, slot.date())
    chosen = choose(tips, posted, taker.place)
    used = posted.used if chosen is None else posted.after(chosen).used
    left = len(tips.keys() - used)
    return Post(slot, chosen, next_slot(taker.schedule, slot), len(tips), left)


def course(taker: Taker, posted: Posted, slot: datetime, library: Library) -> Iterator[Post]:
    """That slot and all later ones, without end."""
    while True:
        found = post(taker, posted, slot, library)
        yield found
        slot = found.next
        if found.chosen is not None:
            posted = posted.after(found.chosen)


def recalled(before: Posted, since: Sequence[Chosen]) -> Posted:
    """What a process that starts anew reads from the rows.

    Args:
        before: what the place had when the rows begin.
        since: the rows, the oldest first.
    """
    number = since[-1].round if since else before.round
    used = frozenset(row.tip for row in since if row.round == number)
    recent = (*(row.tip for row in reversed(since)), *before.recent)[:APART]
    return Posted(number, used | (before.used if number == before.round else frozenset()), recent)
