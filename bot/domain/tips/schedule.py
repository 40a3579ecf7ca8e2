"""When tips are due: local days and a local time, said in words, as moments in UTC.

A time that a clock change leaves out comes at the first minute after it; one that comes twice comes once,
the first time. Weekdays have names only: whoever counts them counts from Sunday or from Monday.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONG_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
PLACES = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}
_LONGEST = 70  # days between two slots: a last Friday, and a day that a zone skipped
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Which local days, and when.

    Attributes:
        when: as `when_of` writes it: `daily`, `weekdays`, `mon,thu`, `every-second tue`, `last fri`.
        at: the local time, whole minutes.
        zone: an IANA name that `zone_of` knows.
        since: the first local day; of every second week it is the first.
    """

    when: str
    at: time
    zone: str
    since: date


def next_slot(schedule: Schedule, after: datetime) -> datetime:
    """The first slot later than a moment, in UTC.

    Args:
        after: aware.
    """
    zone = ZoneInfo(schedule.zone)
    first = max(after.astimezone(zone).date() - timedelta(days=1), schedule.since)
    for day in _days(schedule, first):
        slot = _moment(day, schedule.at, zone)
        if slot > after:
            return slot
    raise AssertionError(f"no slot within {_LONGEST} days: {schedule}")


def slots(schedule: Schedule, after: datetime) -> Iterator[datetime]:
    """All slots later than a moment, without end."""
    while True:
        after = next_slot(schedule, after)
        yield after


def when_of(words: str) -> str | None:
    """The days that a person said, in the one way they are kept; None when they are no days."""
    words = _without_every(" ".join(words.casefold().split()))
    if words in ("daily", "weekdays"):
        return words
    place, _, rest = words.rpartition(" ")
    place = place.replace(" ", "-")
    if place in (*PLACES, "every-second"):
        day = _day(rest)
        return None if day is None else f"{place} {day}"
    days = [_day(part.strip()) for part in words.split(",")]
    if not days or None in days:
        return None
    return ",".join(day for day in DAYS if day in days) if set(days) < set(DAYS) else "daily"


def time_of(words: str) -> time | None:
    """`9:00`, `09:00`, `9.00`, `9am` or `9:30 pm` as a time; None when it is none."""
    found = re.fullmatch(r"(\d{1,2})(?:[:.](\d\d))? ?([ap]m)?", words.strip().casefold(), re.ASCII)
    if found is None or not (found[2] or found[3]):
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def zone_of(words: str) -> str | None:
    """The name of a zone that is known here; None when it is none."""
    try:
        return ZoneInfo(words).key if "/" in words or words == "UTC" else None
    except (ZoneInfoNotFoundError, ValueError, OSError):  # no such zone, a path, a folder
        return None


def _without_every(words: str) -> str:
    """`every tuesday` is `tuesday`; but every second one is not the second of a month."""
    rest = words.removeprefix("every ")
    if rest == words or rest.startswith("second"):
        return words
    return {"day": "daily", "weekday": "weekdays"}.get(rest, rest)


def _day(word: str) -> str | None:
    for short, long in zip(DAYS, LONG_DAYS, strict=True):
        if word in (short, long, long + "s") or (3 <= len(word) < len(long) and long.startswith(word)):
            return short
    return None


def _days(schedule: Schedule, first: date) -> Iterator[date]:
    """The local days of a schedule from a day on."""
    for number in range(_LONGEST):
        day = first + timedelta(days=number)
        if _matches(day, schedule):
            yield day


def _matches(day: date, schedule: Schedule) -> bool:
    if schedule.when == "daily":
        return True
    if schedule.when == "weekdays":
        return day.weekday() < 5
    place, _, name = schedule.when.rpartition(" ")
    if DAYS[day.weekday()] not in name.split(","):
        return False
    if not place:
        return True
    if place == "every-second":
        weeks = (day.toordinal() - schedule.since.toordinal()) // 7
        return weeks % 2 == 0
    if place == "last":
        return (day + timedelta(days=7)).month != day.month
    return (day.day - 1) // 7 == PLACES[place]


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    local = datetime.combine(day, at, zone)
    moment = local.astimezone(UTC)
    while moment.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        local += _MINUTE  # this minute is missing; a whole day is where a zone crossed the date line
        moment = local.astimezone(UTC)
    return moment
