"""Which tip comes next: none twice in a cycle, tags in turn, and each channel in an order of its own.

The bot that posts, the preview and the simulation ask the same functions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import blake2b

from bot.content.content import Content
from bot.domain.outbox import NotificationKind
from bot.domain.tips.claims import NotificationSubject
from bot.domain.tips.schedule import find_next_slot
from bot.domain.tips.subscription import Subscription

MAX_CARD_AGE = timedelta(days=365)
LOW_POOL_SIZE = 4
"""When fewer tips than this are left, the owner is notified."""
TAG_SPACING = 3
"""A tag of the last so many posts is not posted while another tag has tips left."""


@dataclass(frozen=True, slots=True)
class PostHistory:
    """What was posted in a channel.

    Attributes:
        cycle: the number of the cycle, from 0; a cycle ends when its pool is used up.
        used_tips: the tips posted in this cycle.
        recent_tips: the last tips posted in any cycle, newest first.
    """

    cycle: int
    used_tips: frozenset[str]
    recent_tips: tuple[str, ...]

    def with_choice(self, choice: TipChoice) -> PostHistory:
        """Return the history once the chosen tip is posted too."""
        used = self.used_tips if choice.cycle == self.cycle else frozenset()
        return PostHistory(
            choice.cycle, used | {choice.tip}, (choice.tip, *self.recent_tips[: TAG_SPACING - 1])
        )

    def with_channel_posts(self, choices: Sequence[TipChoice]) -> PostHistory:
        """Return the history once other subscriptions of the channel have posted these, oldest first."""
        used = self.used_tips.union(choice.tip for choice in choices if choice.cycle == self.cycle)
        recent = (*(choice.tip for choice in reversed(choices)), *self.recent_tips)[:TAG_SPACING]
        return PostHistory(self.cycle, used, recent)


@dataclass(frozen=True, slots=True)
class TipChoice:
    """The next tip, and the cycle that it belongs to."""

    tip: str
    cycle: int


@dataclass(frozen=True, slots=True)
class PlannedPost:
    """What one slot posts.

    Attributes:
        scheduled_at: the slot, in UTC.
        choice: None when the pool is empty.
        next_due_at: the next slot.
        pool_size: how many tips match the subscription.
        remaining: how many of them the cycle still has after this one.
    """

    scheduled_at: datetime
    choice: TipChoice | None
    next_due_at: datetime
    pool_size: int
    remaining: int

    @property
    def low_pool(self) -> NotificationSubject | None:
        """What the owner has to know when few tips are left.

        Once a cycle; or only once, with an empty dedupe key, when there are never more.
        """
        if self.choice is None or self.remaining >= LOW_POOL_SIZE:
            return None
        key, count = str(self.choice.cycle), self.remaining
        if self.pool_size < LOW_POOL_SIZE:
            key, count = "", self.pool_size
        return NotificationSubject(NotificationKind.LOW_POOL, key, self.scheduled_at, remaining=count)


@dataclass(frozen=True, slots=True)
class _PoolTip:
    id: str
    tags: tuple[str, ...]
    expires_on: date


@dataclass(frozen=True, slots=True)
class TipPool:
    """The tips of one content snapshot, as plain values that the store can choose from."""

    _tips: tuple[_PoolTip, ...]
    _matches: dict[tuple[frozenset[str], date], dict[str, str]] = field(
        default_factory=dict, compare=False, repr=False
    )

    @classmethod
    def of(cls, content: Content) -> TipPool:
        """Take the tips out of the content."""
        cards = content.cards
        return cls(
            tuple(
                _PoolTip(tip.id, tuple(cards[tip.card].tags), cards[tip.card].reviewed + MAX_CARD_AGE)
                for tip in content.tips.values()
            )
        )

    def match(self, tags: Collection[str], today: date) -> dict[str, str]:
        """Return the tips that may be posted, each with its tag.

        Args:
            tags: of cards with one of these; of all cards when empty.
            today: cards that were reviewed over a year before are left out.
        """
        key = (frozenset(tags), today)
        if key not in self._matches:
            self._matches[key] = {
                tip.id: tip.tags[0]
                for tip in self._tips
                if today <= tip.expires_on and (not tags or key[0].intersection(tip.tags))
            }
        return self._matches[key]

    def plan_post(
        self, subscription: Subscription, history: PostHistory, scheduled_at: datetime
    ) -> PlannedPost:
        """Return what a slot posts in a channel with this history."""
        tips = self.match(subscription.tags, scheduled_at.date())
        choice = choose_tip(tips, history, subscription.order_seed)
        used = history.used_tips if choice is None else history.with_choice(choice).used_tips
        next_due_at = find_next_slot(subscription.schedule, scheduled_at)
        return PlannedPost(scheduled_at, choice, next_due_at, len(tips), len(tips.keys() - used))

    def iter_planned_posts(
        self, subscription: Subscription, history: PostHistory, scheduled_at: datetime
    ) -> Iterator[PlannedPost]:
        """Yield what that slot and all later ones post, without end."""
        while True:
            planned = self.plan_post(subscription, history, scheduled_at)
            yield planned
            scheduled_at = planned.next_due_at
            if planned.choice is not None:
                history = history.with_choice(planned.choice)


def choose_tip(tips: dict[str, str], history: PostHistory, order_seed: str) -> TipChoice | None:
    """Return the next tip; None when the pool is empty.

    Args:
        tips: the pool: tips with their tags.
        order_seed: tells one channel's order from another's.
    """
    if not tips:
        return None
    cycle, left = history.cycle, {tip: tag for tip, tag in tips.items() if tip not in history.used_tips}
    if not left:
        cycle += 1
        left = {tip: tag for tip, tag in tips.items() if tip not in history.recent_tips[:1]} or tips
    best = _prefer_tags(left, tips, history.recent_tips)
    return TipChoice(min(best, key=_build_order_key(f"{order_seed}:{cycle}")), cycle)


def restore_history(before: PostHistory, choices: Sequence[TipChoice]) -> PostHistory:
    """Return the history that a process reads from the rows when it starts.

    Args:
        before: the history when the rows begin.
        choices: the rows, oldest first.
    """
    cycle = choices[-1].cycle if choices else before.cycle
    used = frozenset(choice.tip for choice in choices if choice.cycle == cycle)
    recent = (*(choice.tip for choice in reversed(choices)), *before.recent_tips)[:TAG_SPACING]
    return PostHistory(cycle, used | (before.used_tips if cycle == before.cycle else frozenset()), recent)


def _prefer_tags(remaining: dict[str, str], tips: dict[str, str], recent_tips: Sequence[str]) -> list[str]:
    """Return the tips of the tag with the most tips left, among tags that were not posted lately."""
    recent_tags = {tips.get(tip) for tip in recent_tips[:TAG_SPACING]}
    stock = Counter(remaining.values())
    ranks = {tip: (tag in recent_tags, -stock[tag]) for tip, tag in remaining.items()}
    best = min(ranks.values())
    return [tip for tip, rank in ranks.items() if rank == best]


def _build_order_key(seed: str) -> Callable[[str], bytes]:
    """Order tips by a hash of the channel, so that neighbouring channels do not get the same tip."""
    return lambda tip: blake2b(f"{seed}:{tip}".encode(), digest_size=8).digest()
