"""How tips that are set up are said: when and where they come, why they rest, and what did not come."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.commands.command import Context
from bot.commands.tips.notifications import format_local_time
from bot.commands.tips.targets import TipTarget, format_channel, format_target
from bot.messaging.request import Request
from bot.messaging.spans import Spans, build_spans
from bot.store.records import Subscription

UNKNOWN = "unknown"
_FAILURE_REASONS = ("missed", "late", "empty", "ours", "blocked")
_SIMPLE_DAYS = ("daily", "weekdays")


def format_subscription(subscription: Subscription, request: Request, context: Context) -> Spans:
    """One sentence or three: Every Tuesday at 09:00 (Europe/Berlin), here. Next on Tue 01 Dec 2026."""
    texts = context.strings
    place = format_target(TipTarget(subscription.channel, subscription.is_direct), request, context)
    when = texts(
        "tips.comes",
        days=format_days(subscription.days, context),
        time=subscription.local_time,
        zone=subscription.zone,
        place=place,
    )
    return build_spans(
        when, " ", _format_next_tip(subscription, context), *_format_last_failure(subscription, context)
    )


def format_days(days: str, context: Context) -> str:
    """The days of a schedule in words: `Every second Tuesday`."""
    words = context.strings.get_text
    if days in _SIMPLE_DAYS:
        return words(f"tips.rhythm.{days}")
    place, _, names = days.rpartition(" ")
    *before, last = (words(f"tips.day.{name}") for name in names.split(","))
    day = words("tips.days.joined", days=", ".join(before), day=last) if before else last
    return words(f"tips.rhythm.{place}" if place else "tips.rhythm.every", day=day)


def find_uncertain_slot(subscription: Subscription, context: Context) -> datetime | None:
    """When a tip was due of which nobody knows whether it stands there; None when the last one is settled."""
    last = context.open_store().deliveries.load_last_delivery(subscription.tenant, subscription.channel)
    return last[0] if last is not None and last[1] == UNKNOWN else None


def _format_next_tip(subscription: Subscription, context: Context) -> Spans:
    if subscription.next_due_at is not None:
        day = f"{subscription.next_due_at.astimezone(ZoneInfo(subscription.zone)):%a %d %b %Y}"
        return context.strings("tips.comes_next", date=day)
    where = format_channel(subscription.channel, context, is_direct=subscription.is_direct)
    return context.strings(f"tips.paused.{subscription.pause_reason or 'asked'}", channel=where)


def _format_last_failure(subscription: Subscription, context: Context) -> tuple[str | Spans, ...]:
    """What became of the last tip, when that is not what was hoped for."""
    last = context.open_store().deliveries.load_last_delivery(subscription.tenant, subscription.channel)
    if last is None:
        return ()
    slot, state, reason = last
    key = UNKNOWN if state == UNKNOWN else reason
    if key not in (*_FAILURE_REASONS, UNKNOWN):
        return ()
    return " ", context.strings(f"tips.last.{key}", date=format_local_time(slot, subscription.zone))
