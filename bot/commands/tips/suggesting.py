"""What may be meant while an option of tips is being typed: days, a time, a zone, topics, a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from bot.commands.command import Context
from bot.domain.tips.days import named_days
from bot.domain.tips.schedule import LONG_DAYS, PLACES, time_of, when_of
from bot.domain.tips.zones import zones

_MOST = 25
_RHYTHMS = ("daily", "weekdays")
_SECOND = "every-second"
_SAMPLES = (f"{_SECOND} {LONG_DAYS[1]}", f"first {LONG_DAYS[1]}", f"last {LONG_DAYS[4]}")
_FIRST = (*_RHYTHMS, *LONG_DAYS, "mon,thu", *_SAMPLES)
_PLACED = tuple(f"{place} {day}" for place in (_SECOND, *PLACES) for day in LONG_DAYS)
_MORNING = 9
_NAMED = {
    "tomorrow": "tips.until.tomorrow.label",
    "in a week": "tips.until.week.label",
    "in a month": "tips.until.month.label",
}

Pairs = list[tuple[str, str]]


def suggest_when(typed: str, _context: Context, _now: datetime) -> Pairs:
    """Rhythms that begin like what is typed, then those with a word that does."""
    wanted = " ".join(typed.casefold().split()).replace("every ", "every-", 1)
    if not wanted:
        return _same(_FIRST)
    known = (*_RHYTHMS, *LONG_DAYS, *_PLACED, *_several(wanted))
    begun = [one for one in known if one.startswith((wanted, wanted.removeprefix("every-") or wanted))]
    within = [one for one in known if f" {wanted}" in one]
    own = [wanted] if when_of(wanted) is not None and "," in wanted else []
    return _same(dict.fromkeys((*own, *begun, *within)))


def suggest_time(typed: str, _context: Context, _now: datetime) -> Pairs:
    """Half hours near what is typed, from the morning on when nothing is."""
    wanted = typed.strip()
    exact = time_of(wanted)
    hour = wanted.replace(".", ":").partition(":")[0]
    if not hour:
        return _same(_half_hours(range(_MORNING, 22)))
    hours = [one for one in range(24) if str(one) == hour.lstrip("0") or f"{one:02}" == hour]
    hours += [one for one in range(24) if one not in hours and str(one).startswith(hour)]
    return _same(dict.fromkeys(([f"{exact:%H:%M}"] if exact else []) + _half_hours(hours)))


def suggest_zone(typed: str, _context: Context, _now: datetime) -> Pairs:
    """Zones by their city or area; those where many people live when nothing is typed."""
    return _same(zones(typed))


def suggest_tags(typed: str, context: Context, _now: datetime) -> Pairs:
    """Topics for the last word that is typed, after the words before it."""
    *before, last = typed.casefold().replace(",", " ").split(" ")
    chosen = [tag for tag in before if tag in context.library.tags]
    names = context.library.tags.items()
    return [
        (
            ", ".join([*(context.library.tags[one].name for one in chosen), tag.name]),
            " ".join([*chosen, name]),
        )
        for name, tag in names
        if name not in chosen and (name.startswith(last) or last in tag.name.casefold())
    ][:_MOST]


def suggest_until(typed: str, context: Context, now: datetime) -> Pairs:
    """Days to come with their names, by what is typed of the name or the date."""
    wanted = " ".join(typed.casefold().split())
    today, texts = now.date(), context.texts
    if wanted[:1].isdigit():
        days = [("", day) for day in _coming(wanted, today)]
    else:
        days = list(named_days(today).items())
    found: dict[str, str] = {}
    for name, day in days:
        key = _NAMED.get(name, "tips.until.day.label")
        label = texts.words(key, date=f"{day:%A %d %b %Y}")
        if wanted in f"{label} {day}".casefold():
            found.setdefault(day.isoformat(), label)
    return [(label, day) for day, label in found.items()][:_MOST]


def _several(wanted: str) -> list[str]:
    """More days after a comma: `mon,thu` for `mon,t`."""
    before, comma, _ = wanted.rpartition(",")
    if not comma or when_of(before) is None:
        return []
    return [f"{before},{day[:3]}" for day in LONG_DAYS if day[:3] not in before]


def _half_hours(hours: list[int] | range) -> list[str]:
    return [f"{hour:02}:{minutes}" for hour in hours for minutes in ("00", "30")]


def _coming(wanted: str, today: date) -> Iterator[date]:
    """The days of the next year that are written so."""
    for number in range(1, 366):
        day = today + timedelta(days=number)
        if day.isoformat().startswith(wanted):
            yield day


def _same(words: Iterable[str]) -> Pairs:
    """Words that are shown as they are sent."""
    return [(word, word) for word in words][:_MOST]
