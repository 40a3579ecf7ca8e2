"""When a zone's clocks change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ClockChange:
    """One change.

    Attributes:
        at: the first moment of the new time, on the old one's calendar day where they differ.
        before, after: how far local time was and is ahead of UTC.
    """

    at: datetime
    offset_before: timedelta
    offset_after: timedelta


def iter_clock_changes(zone: str, begin: datetime, end: datetime) -> Iterator[ClockChange]:
    """Every change after one moment and up to another, both aware.

    Days are looked at, then minutes: a zone's rules cannot be asked for, only its offset at a moment.
    """
    while begin < end:
        later = min(begin + _DAY, end)
        before, after = _utc_offset(zone, begin), _utc_offset(zone, later)
        if before != after:
            yield ClockChange(_find_change_at(zone, begin, later), before, after)
        begin = later


def _find_change_at(zone: str, early: datetime, late: datetime) -> datetime:
    before = _utc_offset(zone, early)
    while late - early > _MINUTE:
        middle = early + (late - early) // 2
        early, late = (middle, late) if _utc_offset(zone, middle) == before else (early, middle)
    return late.replace(second=0, microsecond=0)


def _utc_offset(zone: str, at: datetime) -> timedelta:
    found = at.astimezone(ZoneInfo(zone)).utcoffset()
    assert found is not None, "an aware moment has an offset"
    return found
