"""Which tip comes next: none twice in a round, tags in turn, and each channel in an order of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b

from bot.content.content import Content

MAX_CARD_AGE = timedelta(days=365)
LOW_POOL_SIZE = 4
"""Under so many tips a pool is worth a word to its admin."""
TAG_SPACING = 3
"""The tag of none of the last so many posts comes again while another tag has stock."""


@dataclass(frozen=True, slots=True)
class PostHistory:
    """What a channel had.

    Attributes:
        round: the number of the round, from 0; a round ends when its pool is used up.
        used: the tips of this round.
        recent: the last tips posted, the newest first, whatever their round.
    """

    cycle: int
    used_tips: frozenset[str]
    recent_tips: tuple[str, ...]

    def with_choice(self, choice: TipChoice) -> PostHistory:
        """What the channel had once the chosen tip is posted too."""
        used = self.used_tips if choice.cycle == self.cycle else frozenset()
        return PostHistory(
            choice.cycle, used | {choice.tip}, (choice.tip, *self.recent_tips[: TAG_SPACING - 1])
        )


@dataclass(frozen=True, slots=True)
class TipChoice:
    """The next tip, and the round that it belongs to."""

    tip: str
    cycle: int


def build_tip_pool(library: Content, tags: Collection[str], today: date) -> dict[str, str]:
    """The tips of fresh cards that may be posted, each with its tag; of these tags, or of all without any."""
    found: dict[str, str] = {}
    for tip in library.tips.values():
        card = library.cards[tip.card]
        if today - card.reviewed <= MAX_CARD_AGE and (not tags or set(tags) & set(card.tags)):
            found[tip.id] = card.tags[0]
    return found


def choose_tip(tips: dict[str, str], history: PostHistory, order_seed: str) -> TipChoice | None:
    """The next tip; None when the pool is empty.

    Args:
        tips: the pool: tips with their tags.
        channel: whatever tells one channel's order from another's.
    """
    if not tips:
        return None
    number, left = history.cycle, {tip: tag for tip, tag in tips.items() if tip not in history.used_tips}
    if not left:
        number += 1
        left = {tip: tag for tip, tag in tips.items() if tip not in history.recent_tips[:1]} or tips
    best = _prefer_tags(left, tips, history.recent_tips)
    return TipChoice(min(best, key=_build_order_key(f"{order_seed}:{number}")), number)


def _prefer_tags(remaining: dict[str, str], tips: dict[str, str], recent_tips: Sequence[str]) -> list[str]:
    """Those of a tag that did not come lately, of them those of the tag with the most left."""
    lately = {tips.get(tip) for tip in recent_tips[:TAG_SPACING]}
    stock = Counter(remaining.values())
    ranks = {tip: (tag in lately, -stock[tag]) for tip, tag in remaining.items()}
    best = min(ranks.values())
    return [tip for tip, rank in ranks.items() if rank == best]


def _build_order_key(seed: str) -> Callable[[str], bytes]:
    """Each channel has an order of its own, so that neighbours do not get the same tip."""
    return lambda tip: blake2b(f"{seed}:{tip}".encode(), digest_size=8).digest()
