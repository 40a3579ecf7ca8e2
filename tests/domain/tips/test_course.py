"""What a place gets slot after slot, and when clocks change between two of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from bot.domain.tips.choice import Chosen, Posted
from bot.domain.tips.clocks import changes
from bot.domain.tips.course import Taker, course, recalled
from bot.domain.tips.schedule import Schedule, next_slot
from bot.service import Edition

NOTHING = Posted(0, frozenset(), ())
TAKER = Taker(Schedule("daily", time(9), "Europe/Berlin", date(2026, 11, 1)), ("risk",), "T1:C1")
FIRST = next_slot(TAKER.schedule, datetime(2026, 11, 1, tzinfo=UTC))


def test_the_rows_alone_tell_how_it_goes_on(edition: Edition) -> None:
    """Far enough that the pool of one tag is used up more than once."""
    whole = list(islice(course(TAKER, NOTHING, FIRST, edition.library), 60))
    rows = [post.chosen for post in whole if post.chosen is not None]
    assert rows[-1].round >= 2
    for number in range(55):
        posted = recalled(NOTHING, rows[:number])
        again = course(TAKER, posted, whole[number].slot, edition.library)
        assert list(islice(again, 5)) == whole[number : number + 5]


def test_what_was_had_before_the_rows_is_not_forgotten() -> None:
    before = Posted(3, frozenset("ab"), ("b", "a"))
    assert recalled(before, []) == before
    assert recalled(before, [Chosen("c", 3)]) == Posted(3, frozenset("abc"), ("c", "b", "a"))
    assert recalled(before, [Chosen("c", 3), Chosen("a", 4)]) == Posted(4, frozenset("a"), ("a", "c", "b"))


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
    found = list(changes(zone, begin, begin + timedelta(days=364)))
    assert [f"{turn.at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M %z}" for turn in found] == expected
    assert all(turn.before != turn.after for turn in found)
