"""How tips that are set up are said: when and where they come, why they rest, and what did not come."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.commands.command import Context
from bot.commands.tips.places import Place, named_place, place_words
from bot.commands.tips.telling import local
from bot.dialogue.request import Request
from bot.dialogue.spans import Spans, spans
from bot.store.tips import Subscription

UNKNOWN = "unknown"
_NOT_COME = ("missed", "late", "empty", "ours", "blocked")
_PLAIN = ("daily", "weekdays")


def described(one: Subscription, request: Request, context: Context) -> Spans:
    """One sentence or three: Every Tuesday at 09:00 (Europe/Berlin), here. Next on Tue 01 Dec 2026."""
    texts = context.texts
    place = place_words(Place(one.channel, one.direct), request, context)
    when = texts("tips.comes", days=rhythm(one.days, context), time=one.at, zone=one.zone, place=place)
    return spans(when, " ", _next(one, context), *_last(one, context))


def rhythm(days: str, context: Context) -> str:
    """The days of a schedule in words: `Every second Tuesday`."""
    words = context.texts.words
    if days in _PLAIN:
        return words(f"tips.rhythm.{days}")
    place, _, names = days.rpartition(" ")
    *before, last = (words(f"tips.day.{name}") for name in names.split(","))
    day = words("tips.days.joined", days=", ".join(before), day=last) if before else last
    return words(f"tips.rhythm.{place}" if place else "tips.rhythm.every", day=day)


def doubtful_slot(one: Subscription, context: Context) -> datetime | None:
    """When a tip was due of which nobody knows whether it stands there; None when the last one is settled."""
    last = context.store.deliveries.last(one.community, one.channel)
    return last[0] if last is not None and last[1] == UNKNOWN else None


def _next(one: Subscription, context: Context) -> Spans:
    if one.next_due_at is not None:
        day = f"{one.next_due_at.astimezone(ZoneInfo(one.zone)):%a %d %b %Y}"
        return context.texts("tips.comes_next", date=day)
    where = named_place(one.channel, context, direct=one.direct)
    return context.texts(f"tips.paused.{one.paused or 'asked'}", channel=where)


def _last(one: Subscription, context: Context) -> tuple[str | Spans, ...]:
    """What became of the last tip, when that is not what was hoped for."""
    last = context.store.deliveries.last(one.community, one.channel)
    if last is None:
        return ()
    slot, state, reason = last
    key = UNKNOWN if state == UNKNOWN else reason
    if key not in (*_NOT_COME, UNKNOWN):
        return ()
    return " ", context.texts(f"tips.last.{key}", date=local(slot, one.zone))
