"""When a zone's clocks change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    Attributes:
        at: the first moment of the new time, on the old one's calendar day where they differ.
        before, after: how far local time was and is ahead of UTC.
    """

    at: datetime
    before: timedelta
    after: timedelta


def changes(zone: str, begin: datetime, end: datetime) -> Iterator[Change]:
    """Every change after one moment and up to another, both aware.

    Days are looked at, then minutes: a zone's rules cannot be asked for, only its offset at a moment.
    """
    while begin < end:
        later = min(begin + _DAY, end)
        before, after = _ahead(zone, begin), _ahead(zone, later)
        if before != after:
            yield Change(_found(zone, begin, later), before, after)
        begin = later


def _found(zone: str, early: datetime, late: datetime) -> datetime:
    before = _ahead(zone, early)
    while late - early > _MINUTE:
        middle = early + (late - early) // 2
        early, late = (middle, late) if _ahead(zone, middle) == before else (early, middle)
    return late.replace(second=0, microsecond=0)


def _ahead(zone: str, moment: datetime) -> timedelta:
    found = moment.astimezone(ZoneInfo(zone)).utcoffset()
    assert found is not None, "an aware moment has an offset"
    return found
