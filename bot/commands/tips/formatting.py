"""How a subscription is written: when and where tips come, why it is paused, what was not posted."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.commands.command import Context
from bot.commands.tips.notifications import format_local_time
from bot.commands.tips.targets import TipTarget, format_channel, format_target
from bot.domain.outbox import DeliveryState, PauseReason, SkipReason
from bot.domain.tips.subscription import Subscription
from bot.messaging.request import Request
from bot.messaging.spans import Spans, build_spans

_SHOWN_SKIPS = (
    SkipReason.MISSED,
    SkipReason.LATE,
    SkipReason.EMPTY,
    SkipReason.OURS,
    SkipReason.BLOCKED,
    SkipReason.UNRECOGNIZED,
)
"""The skips that nobody asked for and that no pause explains."""
_SIMPLE_DAYS = ("daily", "weekdays")


def format_subscription(subscription: Subscription, request: Request, context: Context) -> Spans:
    """Format like `Every Tuesday at 09:00 (Europe/Berlin), here. Next on Tue 01 Dec 2026.`"""
    texts, schedule = context.strings, subscription.schedule
    place = format_target(TipTarget(subscription.channel, subscription.is_direct), request, context)
    when = texts(
        "tips.comes",
        days=format_days(schedule.days, context),
        time=f"{schedule.local_time:%H:%M}",
        zone=schedule.zone,
        place=place,
    )
    return build_spans(
        when, " ", _format_next_tip(subscription, context), *_format_last_failure(subscription, context)
    )


def format_days(days: str, context: Context) -> str:
    """Format the days of a schedule like `Every second Tuesday`."""
    words = context.strings.get_text
    if days in _SIMPLE_DAYS:
        return words(f"tips.rhythm.{days}")
    place, _, names = days.rpartition(" ")
    *before, last = (words(f"tips.day.{name}") for name in names.split(","))
    day = words("tips.days.joined", days=", ".join(before), day=last) if before else last
    return words(f"tips.rhythm.{place}" if place else "tips.rhythm.every", day=day)


def find_uncertain_slot(subscription: Subscription, context: Context) -> datetime | None:
    """Return the last slot when it may be posted or not; None when that is known."""
    last = context.open_store().deliveries.load_last_delivery(subscription.tenant, subscription.channel)
    return last[0] if last is not None and last[1] is DeliveryState.UNKNOWN else None


def _format_next_tip(subscription: Subscription, context: Context) -> Spans:
    if subscription.next_due_at is not None:
        day = f"{subscription.next_due_at.astimezone(ZoneInfo(subscription.schedule.zone)):%a %d %b %Y}"
        return context.strings("tips.comes_next", date=day)
    where = format_channel(subscription.channel, context, is_direct=subscription.is_direct)
    return context.strings(f"tips.paused.{subscription.pause_reason or PauseReason.ASKED}", channel=where)


def _format_last_failure(subscription: Subscription, context: Context) -> tuple[str | Spans, ...]:
    """Say what became of the last tip when it was not posted and nobody asked for that."""
    last = context.open_store().deliveries.load_last_delivery(subscription.tenant, subscription.channel)
    if last is None:
        return ()
    slot, state, reason = last
    is_unknown = state is DeliveryState.UNKNOWN
    if not is_unknown and (state is not DeliveryState.SKIPPED or reason not in _SHOWN_SKIPS):
        return ()
    key = state if is_unknown else reason
    return " ", context.strings(f"tips.last.{key}", date=format_local_time(slot, subscription.schedule.zone))
