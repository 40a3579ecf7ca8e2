"""`tips on …`: what would come and when; nothing is posted before Confirm."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from bot.commands.command import Context
from bot.commands.tips.access_problems import build_recheck_button, find_access_problem
from bot.commands.tips.notifications import format_local_time
from bot.commands.tips.option_parser import TipSettings, build_subscription, parse_tip_settings
from bot.commands.tips.subscription_form import open_form, render_form_error
from bot.commands.tips.targets import (
    CONFIRM_ARGUMENT_COUNT,
    TipTarget,
    format_target,
    render_status,
    resolve_requested_target,
    resolve_target,
)
from bot.commands.tips.tip_preview import render_next_tip
from bot.domain.tips.schedule import iter_slots, parse_days, parse_time, parse_zone
from bot.errors import InvalidActionError, LimitExceededError, UserFacingError
from bot.messaging.action import Action
from bot.messaging.blocks import Block, Bullets, Button, Buttons, ButtonStyle, Divider, Note, Paragraph
from bot.messaging.reply import Form, Reply
from bot.messaging.request import Request
from bot.messaging.spans import build_spans

_SUPPORTED_PLATFORMS = ("slack", "discord")
_PREVIEW_DATE_COUNT = 3


def set_up_subscription(request: Request, context: Context) -> Reply | Form:
    """The first tip and the next dates, to be confirmed; without days, the form that asks for them."""
    if not request.inputs.get("when", "").strip():
        return open_form(request, context)
    place = resolve_requested_target(request)
    try:
        return _render_preview(place, parse_tip_settings(request, context), request, context)
    except UserFacingError as refusal:
        return render_form_error(refusal, place, request, context)


def recheck_access(request: Request, context: Context) -> Reply:
    """The same once more, in its place: somebody may have mended what kept tips out."""
    return replace(_render_preview(*_decode_settings(request), request, context), replace_original=True)


def confirm_subscription(request: Request, context: Context) -> Reply:
    """Write the subscription that was shown, unless the bot may no longer post there."""
    place, settings = _decode_settings(request)
    if request.origin.platform not in _SUPPORTED_PLATFORMS:
        raise UserFacingError("tips.not_posted_here")
    if find_access_problem(place, request, context) is not None:
        return recheck_access(request, context)
    subscription = build_subscription(request, place, settings)
    due = next(iter_slots(subscription.schedule, request.received_at))
    store, community = context.open_store().subscriptions, subscription.tenant
    before = store.find(community, place.channel)
    if before is not None and before.is_direct != place.is_direct:
        raise UserFacingError("tips.barrier.elsewhere")  # a member's own tips, named by the member's number
    number = before.cycle if before is not None else 0
    store.save(replace(subscription, next_due_at=due, cycle=number), request.received_at)
    done = render_status(
        "tips.confirmed", place, request, context, date=format_local_time(due, settings.zone)
    )
    return replace(done, replace_original=True)


def _render_preview(target: TipTarget, settings: TipSettings, request: Request, context: Context) -> Reply:
    """The first tip and the next dates; then Confirm, or what keeps tips out."""
    texts, subscription = context.strings, build_subscription(request, target, settings)
    barred, args = find_access_problem(target, request, context), _encode_settings(target, settings)
    dates = islice(iter_slots(subscription.schedule, request.received_at), _PREVIEW_DATE_COUNT)
    when = tuple(build_spans(format_local_time(slot, settings.zone)) for slot in dates)
    blocks: list[Block] = [
        Paragraph(texts("tips.first")),
        *render_next_tip(subscription, request, context),
        Divider(),
        Paragraph(texts("tips.dates", place=format_target(target, request, context))),
        Bullets(when),
    ]
    if barred is None:
        yes = Button(texts.get_text("tips.confirm.label"), Action("tips.confirm", args), ButtonStyle.PRIMARY)
        blocks += [Note(texts("tips.confirm_note")), Buttons((yes,))]
    else:
        blocks += [barred, Buttons((build_recheck_button(Action("tips.look", args), context),))]
    return Reply(tuple(blocks), texts.get_text("tips.form.label"))


def _encode_settings(target: TipTarget, settings: TipSettings) -> tuple[str, ...]:
    """Everything that was shown, so that Confirm means just that."""
    where = "me" if target.is_direct else target.channel
    args = (settings.days, f"{settings.local_time:%H%M}", settings.zone, where, "+".join(settings.tags))
    try:
        return Action("tips.confirm", args).args
    except LimitExceededError:
        raise UserFacingError("tips.too_many") from None


def _decode_settings(request: Request) -> tuple[TipTarget, TipSettings]:
    if len(request.action.args) != CONFIRM_ARGUMENT_COUNT:
        raise InvalidActionError("Confirm carries days, a time, a zone, a place and tags")
    days, at, zone, where, tags = request.action.args
    known_days, known_at, known_zone = parse_days(days), parse_time(f"{at[:2]}:{at[2:]}"), parse_zone(zone)
    if known_days is None or known_at is None or known_zone is None:
        raise InvalidActionError("Confirm carries days, a time and a zone")
    settings = TipSettings(known_days, known_at, known_zone, tuple(filter(None, tags.split("+"))))
    return resolve_target(request, where), settings
