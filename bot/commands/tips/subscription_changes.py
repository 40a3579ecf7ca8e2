"""`tips off`, `pause`, `resume` and `skip`: what becomes of tips that are set up."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.commands.command import Context
from bot.commands.counters import get_tenant
from bot.commands.tips.access_problems import build_recheck_button, find_access_problem
from bot.commands.tips.notifications import format_local_time
from bot.commands.tips.option_parser import parse_future_date
from bot.commands.tips.targets import (
    TipTarget,
    build_not_found_error,
    find_subscription,
    render_status,
    resolve_requested_target,
)
from bot.domain.outbox import PauseReason
from bot.domain.tips.schedule import iter_slots
from bot.domain.tips.subscription import Subscription
from bot.errors import UserFacingError
from bot.messaging.action import Action
from bot.messaging.blocks import Button, Buttons, Paragraph
from bot.messaging.reply import Reply
from bot.messaging.request import Request


def unsubscribe(request: Request, context: Context) -> Reply:
    """End the tips of a place."""
    place, subscription = _load_subscription(request, context)
    context.open_store().subscriptions.remove(subscription.tenant, place.channel)
    return render_status("tips.is_off", place, request, context)


def pause_tips(request: Request, context: Context) -> Reply:
    """Let tips rest until a day, or until somebody resumes them."""
    place, subscription = _load_subscription(request, context)
    date_text = request.inputs.get("until", "").strip()
    if not date_text:
        store = context.open_store().subscriptions
        store.set_next_due(
            subscription.tenant, place.channel, None, pause_reason=PauseReason.ASKED, paused_until=None
        )
        return render_status("tips.is_resting", place, request, context)
    date = pause_until(subscription, date_text, request.received_at, context)
    return render_status("tips.is_paused", place, request, context, date=date)


def pause_until(subscription: Subscription, text: str, now: datetime, context: Context) -> str:
    """Let tips rest until the day that is said; gives when the next one comes.

    Raises:
        Refusal: when it is no day to come.
    """
    until = parse_future_date(text, now, subscription.schedule.zone)
    begin = datetime.combine(until, time(), ZoneInfo(subscription.schedule.zone)) - timedelta(minutes=1)
    due = next(iter_slots(subscription.schedule, max(begin.astimezone(UTC), now)))
    store = context.open_store().subscriptions
    store.set_next_due(subscription.tenant, subscription.channel, due, pause_reason=None, paused_until=until)
    return format_local_time(due, subscription.schedule.zone)


def resume_tips(request: Request, context: Context) -> Reply:
    """Let tips come again."""
    return resume_subscription(*_load_subscription(request, context), request, context)


def skip_next_tip(request: Request, context: Context) -> Reply:
    """Leave the next tip out."""
    place, subscription = _load_subscription(request, context)
    if subscription.next_due_at is None:
        raise UserFacingError("tips.none_to_skip")
    store, community = context.open_store(), subscription.tenant
    store.deliveries.skip_slot(community, place.channel, subscription.next_due_at, request.received_at)
    due = next(iter_slots(subscription.schedule, subscription.next_due_at))
    store.subscriptions.set_next_due(community, place.channel, due, pause_reason=None, paused_until=None)
    return render_status(
        "tips.is_skipped", place, request, context, date=format_local_time(due, subscription.schedule.zone)
    )


def _load_subscription(request: Request, context: Context) -> tuple[TipTarget, Subscription]:
    place = resolve_requested_target(request)
    subscription = find_subscription(place, request, context)
    if subscription is None:
        raise build_not_found_error(request)
    if not place.is_direct:
        context.open_store().subscriptions.record_admin(
            subscription.tenant, request.user.id, request.received_at
        )
    return place, subscription


def resume_subscription(
    target: TipTarget, subscription: Subscription, request: Request, context: Context
) -> Reply:
    """Let tips come again from the next slot on, unless the bot may still not post there."""
    if (barred := find_access_problem(target, request, context)) is not None:
        return _render_access_problem(barred, target, request, context)
    due = next(iter_slots(subscription.schedule, request.received_at))
    context.open_store().subscriptions.set_next_due(
        subscription.tenant, target.channel, due, pause_reason=None, paused_until=None
    )
    is_same_tenant = subscription.tenant == get_tenant(request)
    date = format_local_time(due, subscription.schedule.zone)
    return render_status(
        "tips.is_resumed", target, request, context, is_same_tenant=is_same_tenant, date=date
    )


def _render_access_problem(
    problem: Paragraph, target: TipTarget, request: Request, context: Context
) -> Reply:
    """What keeps tips out, and the same question to be asked again."""
    texts, action = context.strings, request.action
    again = action if action.args else Action("tips.resume", (target.channel,))
    every = Button(texts.get_text("tips.list.label"), Action("tips.list"))
    return Reply(
        (problem, Buttons((build_recheck_button(again, context), every))), texts.get_text("tips.word_summary")
    )
