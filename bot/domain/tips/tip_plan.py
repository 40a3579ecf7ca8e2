"""What a place gets, slot after slot: one answer for the bot that posts and for its rehearsal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.content.content import Content
from bot.domain.tips.schedule import Schedule, find_next_slot
from bot.domain.tips.selection import TAG_SPACING, PostHistory, TipChoice, build_tip_pool, choose_tip


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Who gets tips.

    Attributes:
        tags: which ones; all when there are none.
        place: whatever tells one channel's order from another's.
    """

    schedule: Schedule
    tags: tuple[str, ...]
    order_seed: str


@dataclass(frozen=True, slots=True)
class PlannedPost:
    """What one slot brings.

    Attributes:
        slot: when, in UTC.
        chosen: None when the pool is empty.
        next: when the next one is due.
        pool: how many tips there are to choose from.
        left: how many of them the round still has after this one.
    """

    scheduled_at: datetime
    choice: TipChoice | None
    next_due_at: datetime
    pool_size: int
    remaining: int


def plan_post(
    subscriber: Subscriber, history: PostHistory, scheduled_at: datetime, library: Content
) -> PlannedPost:
    """What a slot brings to a place that had so much."""
    tips = build_tip_pool(library, subscriber.tags, scheduled_at.date())
    chosen = choose_tip(tips, history, subscriber.order_seed)
    used = history.used_tips if chosen is None else history.with_choice(chosen).used_tips
    left = len(tips.keys() - used)
    return PlannedPost(
        scheduled_at, chosen, find_next_slot(subscriber.schedule, scheduled_at), len(tips), left
    )


def iter_planned_posts(
    subscriber: Subscriber, history: PostHistory, scheduled_at: datetime, library: Content
) -> Iterator[PlannedPost]:
    """That slot and all later ones, without end."""
    while True:
        found = plan_post(subscriber, history, scheduled_at, library)
        yield found
        scheduled_at = found.next_due_at
        if found.choice is not None:
            history = history.with_choice(found.choice)


def restore_history(before: PostHistory, choices: Sequence[TipChoice]) -> PostHistory:
    """What a process that starts anew reads from the rows.

    Args:
        before: what the place had when the rows begin.
        since: the rows, the oldest first.
    """
    number = choices[-1].cycle if choices else before.cycle
    used = frozenset(row.tip for row in choices if row.cycle == number)
    recent = (*(row.tip for row in reversed(choices)), *before.recent_tips)[:TAG_SPACING]
    return PostHistory(number, used | (before.used_tips if number == before.cycle else frozenset()), recent)
