"""Days to come as people say them: `2026-12-24`, `tomorrow`, `friday`, `in a week`."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from bot.domain.tips.schedule import DAYS, when_of

_FARTHEST = timedelta(days=2 * 365)
_WEEK = timedelta(days=7)


def named_days(today: date) -> dict[str, date]:
    """Some days to come by their names, the nearest of each kind first: `tomorrow`, `in a week`, `mon`."""
    named = {"tomorrow": today + timedelta(days=1), "in a week": today + _WEEK, "in a month": _month(today)}
    coming = (today + timedelta(days=number) for number in range(1, 8))
    return named | {DAYS[day.weekday()]: day for day in coming}


def day_of(said: str, today: date) -> date | None:
    """The day that is meant; None when it is none to come, or one too far away to be meant."""
    name, named = _name(said), named_days(today)
    if name in named:
        return named[name]
    day = _written(name)
    return day if day is not None and today <= day <= today + _FARTHEST else None


def is_day(said: str) -> bool:
    """Whether it reads like a day, gone or to come."""
    name = _name(said)
    return _written(name) is not None or name in named_days(date.min)


def _name(said: str) -> str:
    words = " ".join(said.casefold().split())
    return when_of(words) or words


def _written(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None


def _month(today: date) -> date:
    """The same day of the next month, or that month's last."""
    year, month = divmod(today.year * 12 + today.month, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))
