"""What may be meant while an option of tips is being typed: days, a time, a zone, topics, a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from bot.commands.command import Context
from bot.domain.tips.date_parser import list_named_dates
from bot.domain.tips.schedule import ORDINALS, WEEKDAY_NAMES, parse_days, parse_time
from bot.domain.tips.zones import search_zones

_MAX_SUGGESTIONS = 25
_SIMPLE_DAYS = ("daily", "weekdays")
_EVERY_SECOND = "every-second"
_EXAMPLES = (f"{_EVERY_SECOND} {WEEKDAY_NAMES[1]}", f"first {WEEKDAY_NAMES[1]}", f"last {WEEKDAY_NAMES[4]}")
_DEFAULT_SUGGESTIONS = (*_SIMPLE_DAYS, *WEEKDAY_NAMES, "mon,thu", *_EXAMPLES)
_ORDINAL_DAYS = tuple(f"{place} {day}" for place in (_EVERY_SECOND, *ORDINALS) for day in WEEKDAY_NAMES)
_FIRST_HOUR = 9
_NAMED_DATE_KEYS = {
    "tomorrow": "tips.until.tomorrow.label",
    "in a week": "tips.until.week.label",
    "in a month": "tips.until.month.label",
}

Suggestions = list[tuple[str, str]]


def suggest_days(typed: str, _context: Context, _now: datetime) -> Suggestions:
    """Rhythms that begin like what is typed, then those with a word that does."""
    prefix = " ".join(typed.casefold().split()).replace("every ", "every-", 1)
    if not prefix:
        return _build_suggestions(_DEFAULT_SUGGESTIONS)
    known = (*_SIMPLE_DAYS, *WEEKDAY_NAMES, *_ORDINAL_DAYS, *_extend_day_list(prefix))
    begun = [
        candidate
        for candidate in known
        if candidate.startswith((prefix, prefix.removeprefix("every-") or prefix))
    ]
    within = [candidate for candidate in known if f" {prefix}" in candidate]
    own = [prefix] if parse_days(prefix) is not None and "," in prefix else []
    return _build_suggestions(dict.fromkeys((*own, *begun, *within)))


def suggest_time(typed: str, _context: Context, _now: datetime) -> Suggestions:
    """Half hours near what is typed, from the morning on when nothing is."""
    prefix = typed.strip()
    exact = parse_time(prefix)
    hour = prefix.replace(".", ":").partition(":")[0]
    if not hour:
        return _build_suggestions(_list_half_hours(range(_FIRST_HOUR, 22)))
    hours = [
        candidate
        for candidate in range(24)
        if str(candidate) == hour.lstrip("0") or f"{candidate:02}" == hour
    ]
    hours += [
        candidate for candidate in range(24) if candidate not in hours and str(candidate).startswith(hour)
    ]
    return _build_suggestions(dict.fromkeys(([f"{exact:%H:%M}"] if exact else []) + _list_half_hours(hours)))


def suggest_zone(typed: str, _context: Context, _now: datetime) -> Suggestions:
    """Zones by their city or area; those where many people live when nothing is typed."""
    return _build_suggestions(search_zones(typed))


def suggest_tags(typed: str, context: Context, _now: datetime) -> Suggestions:
    """Topics for the last word that is typed, after the words before it."""
    *before, last = typed.casefold().replace(",", " ").split(" ")
    chosen = [tag for tag in before if tag in context.content.tags]
    names = context.content.tags.items()
    return [
        (
            ", ".join([*(context.content.tags[tag_id].name for tag_id in chosen), tag.name]),
            " ".join([*chosen, name]),
        )
        for name, tag in names
        if name not in chosen and (name.startswith(last) or last in tag.name.casefold())
    ][:_MAX_SUGGESTIONS]


def suggest_until(typed: str, context: Context, now: datetime) -> Suggestions:
    """Days to come with their names, by what is typed of the name or the date."""
    prefix = " ".join(typed.casefold().split())
    today, texts = now.date(), context.strings
    if prefix[:1].isdigit():
        days = [("", day) for day in _iter_matching_dates(prefix, today)]
    else:
        days = list(list_named_dates(today).items())
    labels: dict[str, str] = {}
    for name, day in days:
        key = _NAMED_DATE_KEYS.get(name, "tips.until.day.label")
        label = texts.get_text(key, date=f"{day:%A %d %b %Y}")
        if prefix in f"{label} {day}".casefold():
            labels.setdefault(day.isoformat(), label)
    return [(label, day) for day, label in labels.items()][:_MAX_SUGGESTIONS]


def _extend_day_list(typed: str) -> list[str]:
    """More days after a comma: `mon,thu` for `mon,t`."""
    before, comma, _ = typed.rpartition(",")
    if not comma or parse_days(before) is None:
        return []
    return [f"{before},{day[:3]}" for day in WEEKDAY_NAMES if day[:3] not in before]


def _list_half_hours(hours: list[int] | range) -> list[str]:
    return [f"{hour:02}:{minutes}" for hour in hours for minutes in ("00", "30")]


def _iter_matching_dates(prefix: str, today: date) -> Iterator[date]:
    """The days of the next year that are written so."""
    for number in range(1, 366):
        day = today + timedelta(days=number)
        if day.isoformat().startswith(prefix):
            yield day


def _build_suggestions(values: Iterable[str]) -> Suggestions:
    """Words that are shown as they are sent."""
    return [(word, word) for word in values][:_MAX_SUGGESTIONS]
