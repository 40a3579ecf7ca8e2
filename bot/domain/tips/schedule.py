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

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKDAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}
_MAX_GAP_DAYS = 70  # days between two slots: a last Friday, and a day that a zone skipped
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

    days: str
    local_time: time
    zone: str
    anchor_date: date


def find_next_slot(schedule: Schedule, after: datetime) -> datetime:
    """The first slot later than a moment, in UTC.

    Args:
        after: aware.
    """
    zone = ZoneInfo(schedule.zone)
    first = max(after.astimezone(zone).date() - timedelta(days=1), schedule.anchor_date)
    for day in _iter_days(schedule, first):
        slot = _to_utc(day, schedule.local_time, zone)
        if slot > after:
            return slot
    raise AssertionError(f"no slot within {_MAX_GAP_DAYS} days: {schedule}")


def iter_slots(schedule: Schedule, after: datetime) -> Iterator[datetime]:
    """All slots later than a moment, without end."""
    while True:
        after = find_next_slot(schedule, after)
        yield after


def parse_days(text: str) -> str | None:
    """The days that a person said, in the one way they are kept; None when they are no days."""
    text = _strip_every(" ".join(text.casefold().split()))
    if text in ("daily", "weekdays"):
        return text
    place, _, rest = text.rpartition(" ")
    place = place.replace(" ", "-")
    if place in (*ORDINALS, "every-second"):
        day = _parse_weekday(rest)
        return None if day is None else f"{place} {day}"
    days = [_parse_weekday(part.strip()) for part in text.split(",")]
    if not days or None in days:
        return None
    return ",".join(day for day in WEEKDAYS if day in days) if set(days) < set(WEEKDAYS) else "daily"


def parse_time(text: str) -> time | None:
    """`9:00`, `09:00`, `9.00`, `9am` or `9:30 pm` as a time; None when it is none."""
    found = re.fullmatch(r"(\d{1,2})(?:[:.](\d\d))? ?([ap]m)?", text.strip().casefold(), re.ASCII)
    if found is None or not (found[2] or found[3]):
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def parse_zone(text: str) -> str | None:
    """The name of a zone that is known here; None when it is none."""
    try:
        return ZoneInfo(text).key if "/" in text or text == "UTC" else None
    except (ZoneInfoNotFoundError, ValueError, OSError):  # no such zone, a path, a folder
        return None


def _strip_every(text: str) -> str:
    """`every tuesday` is `tuesday`; but every second one is not the second of a month."""
    rest = text.removeprefix("every ")
    if rest == text or rest.startswith("second"):
        return text
    return {"day": "daily", "weekday": "weekdays"}.get(rest, rest)


def _parse_weekday(word: str) -> str | None:
    for short, long in zip(WEEKDAYS, WEEKDAY_NAMES, strict=True):
        if word in (short, long, long + "s") or (3 <= len(word) < len(long) and long.startswith(word)):
            return short
    return None


def _iter_days(schedule: Schedule, first_day: date) -> Iterator[date]:
    """The local days of a schedule from a day on."""
    for number in range(_MAX_GAP_DAYS):
        day = first_day + timedelta(days=number)
        if _is_scheduled(day, schedule):
            yield day


def _is_scheduled(day: date, schedule: Schedule) -> bool:
    if schedule.days == "daily":
        return True
    if schedule.days == "weekdays":
        return day.weekday() < 5
    place, _, name = schedule.days.rpartition(" ")
    if WEEKDAYS[day.weekday()] not in name.split(","):
        return False
    if not place:
        return True
    if place == "every-second":
        weeks = (day.toordinal() - schedule.anchor_date.toordinal()) // 7
        return weeks % 2 == 0
    if place == "last":
        return (day + timedelta(days=7)).month != day.month
    return (day.day - 1) // 7 == ORDINALS[place]


def _to_utc(day: date, local_time: time, zone: ZoneInfo) -> datetime:
    local = datetime.combine(day, local_time, zone)
    moment = local.astimezone(UTC)
    while moment.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        local += _MINUTE  # this minute is missing; a whole day is where a zone crossed the date line
        moment = local.astimezone(UTC)
    return moment
