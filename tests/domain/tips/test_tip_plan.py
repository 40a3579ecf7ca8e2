"""What a place gets slot after slot, and when clocks change between two of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from bot.domain.tenant import Tenant
from bot.domain.tips.dst import iter_clock_changes
from bot.domain.tips.rotation import PostHistory, TipChoice, TipPool, restore_history
from bot.domain.tips.schedule import Schedule, find_next_slot
from bot.domain.tips.subscription import Subscription
from bot.service import ContentSnapshot

EMPTY_HISTORY = PostHistory(0, frozenset(), ())
SUBSCRIPTION = Subscription(
    Tenant("slack", "T1"),
    "C1",
    False,
    "UADA",
    Schedule("daily", time(9), "Europe/Berlin", date(2026, 11, 1)),
    ("risk",),
)
FIRST_SLOT = find_next_slot(SUBSCRIPTION.schedule, datetime(2026, 11, 1, tzinfo=UTC))


def test_rows_alone_determine_the_next_tips(snapshot: ContentSnapshot) -> None:
    """Far enough that the pool of one tag is used up more than once."""
    pool = TipPool.of(snapshot.library)
    whole = list(islice(pool.iter_planned_posts(SUBSCRIPTION, EMPTY_HISTORY, FIRST_SLOT), 60))
    rows = [post.choice for post in whole if post.choice is not None]
    assert rows[-1].cycle >= 2
    for number in range(55):
        posted = restore_history(EMPTY_HISTORY, rows[:number])
        again = pool.iter_planned_posts(SUBSCRIPTION, posted, whole[number].scheduled_at)
        assert list(islice(again, 5)) == whole[number : number + 5]


def test_history_before_the_rows_is_kept() -> None:
    before = PostHistory(3, frozenset("ab"), ("b", "a"))
    assert restore_history(before, []) == before
    assert restore_history(before, [TipChoice("c", 3)]) == PostHistory(3, frozenset("abc"), ("c", "b", "a"))
    assert restore_history(before, [TipChoice("c", 3), TipChoice("a", 4)]) == PostHistory(
        4, frozenset("a"), ("a", "c", "b")
    )


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Europe/Berlin", ["2026-03-29 03:00 +0200", "2026-10-25 02:00 +0100"]),
        ("America/Santiago", ["2026-04-04 23:00 -0400", "2026-09-06 01:00 -0300"]),
        ("Australia/Lord_Howe", ["2026-04-05 01:30 +1030", "2026-10-04 02:30 +1100"]),
        ("Africa/Casablanca", ["2026-02-15 02:00 +0000", "2026-03-22 03:00 +0100"]),
        ("Asia/Kolkata", []),
    ],
)
def test_when_clocks_change(zone: str, expected: list[str]) -> None:
    begin = datetime(2026, 1, 1, 0, 17, 31, tzinfo=UTC)  # nothing depends on where the search begins
    found = list(iter_clock_changes(zone, begin, begin + timedelta(days=364)))
    assert [f"{turn.at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M %z}" for turn in found] == expected
    assert all(turn.offset_before != turn.offset_after for turn in found)
