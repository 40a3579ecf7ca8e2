"""Days to come as people say them: `2026-12-24`, `tomorrow`, `friday`, `in a week`."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from bot.domain.tips.schedule import WEEKDAYS, parse_days

_MAX_DAYS_AHEAD = timedelta(days=2 * 365)
_WEEK = timedelta(days=7)


def list_named_dates(today: date) -> dict[str, date]:
    """Some days to come by their names, the nearest of each kind first: `tomorrow`, `in a week`, `mon`."""
    named = {
        "tomorrow": today + timedelta(days=1),
        "in a week": today + _WEEK,
        "in a month": _add_month(today),
    }
    coming = (today + timedelta(days=number) for number in range(1, 8))
    return named | {WEEKDAYS[day.weekday()]: day for day in coming}


def parse_date(text: str, today: date) -> date | None:
    """The day that is meant; None when it is none to come, or one too far away to be meant."""
    name, named = _normalize_date(text), list_named_dates(today)
    if name in named:
        return named[name]
    day = _parse_iso_date(name)
    return day if day is not None and today <= day <= today + _MAX_DAYS_AHEAD else None


def is_date(text: str) -> bool:
    """Whether it reads like a day, gone or to come."""
    name = _normalize_date(text)
    return _parse_iso_date(name) is not None or name in list_named_dates(date.min)


def _normalize_date(text: str) -> str:
    words = " ".join(text.casefold().split())
    return parse_days(words) or words


def _parse_iso_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _add_month(today: date) -> date:
    """The same day of the next month, or that month's last."""
    year, month = divmod(today.year * 12 + today.month, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))
