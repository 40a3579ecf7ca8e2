"""Which tip comes next: none twice in a round, tags in turn, and each channel in an order of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b

from bot.library.library import Library

FRESH = timedelta(days=365)
FEW = 4
"""Under so many tips a pool is worth a word to its admin."""
APART = 3
"""The tag of none of the last so many posts comes again while another tag has stock."""


@dataclass(frozen=True, slots=True)
class Posted:
    """What a channel had.

    Attributes:
        round: the number of the round, from 0; a round ends when its pool is used up.
        used: the tips of this round.
        recent: the last tips posted, the newest first, whatever their round.
    """

    round: int
    used: frozenset[str]
    recent: tuple[str, ...]

    def after(self, chosen: Chosen) -> Posted:
        """What the channel had once the chosen tip is posted too."""
        used = self.used if chosen.round == self.round else frozenset()
        return Posted(chosen.round, used | {chosen.tip}, (chosen.tip, *self.recent[: APART - 1]))


@dataclass(frozen=True, slots=True)
class Chosen:
    """The next tip, and the round that it belongs to."""

    tip: str
    round: int


def pool(library: Library, tags: Collection[str], today: date) -> dict[str, str]:
    """The tips of fresh cards that may be posted, each with its tag; of these tags, or of all without any."""
    found: dict[str, str] = {}
    for tip in library.tips.values():
        card = library.cards[tip.card]
        if today - card.reviewed <= FRESH and (not tags or set(tags) & set(card.tags)):
            found[tip.id] = card.tags[0]
    return found


def choose(tips: dict[str, str], posted: Posted, channel: str) -> Chosen | None:
    """The next tip; None when the pool is empty.

    Args:
        tips: the pool: tips with their tags.
        channel: whatever tells one channel's order from another's.
    """
    if not tips:
        return None
    number, left = posted.round, {tip: tag for tip, tag in tips.items() if tip not in posted.used}
    if not left:
        number += 1
        left = {tip: tag for tip, tag in tips.items() if tip not in posted.recent[:1]} or tips
    best = _first_of(left, tips, posted.recent)
    return Chosen(min(best, key=_own_order(f"{channel}:{number}")), number)


def _first_of(left: dict[str, str], tips: dict[str, str], recent: Sequence[str]) -> list[str]:
    """Those of a tag that did not come lately, of them those of the tag with the most left."""
    lately = {tips.get(tip) for tip in recent[:APART]}
    stock = Counter(left.values())
    ranks = {tip: (tag in lately, -stock[tag]) for tip, tag in left.items()}
    best = min(ranks.values())
    return [tip for tip, rank in ranks.items() if rank == best]


def _own_order(salt: str) -> Callable[[str], bytes]:
    """Each channel has an order of its own, so that neighbours do not get the same tip."""
    return lambda tip: blake2b(f"{salt}:{tip}".encode(), digest_size=8).digest()
