"""What people say to a tip that comes by direct message: let them rest for a while, or stop."""

from __future__ import annotations

from bot.commands.command import Context
from bot.commands.tips.subscription_changes import pause_until
from bot.commands.tips.subscription_form import render_error
from bot.commands.tips.targets import TipTarget, format_target
from bot.domain.tenant import Tenant
from bot.domain.tips.subscription import Subscription
from bot.errors import InvalidActionError, UserFacingError
from bot.messaging.action import Action
from bot.messaging.blocks import Button, Buttons, Paragraph
from bot.messaging.reply import Form, Reply, TextField
from bot.messaging.request import Request


def snooze_tips(request: Request, context: Context) -> Reply:
    """Ask for how long, or let the tips rest when that was said."""
    texts = context.strings
    match request.action.args:
        case (workspace,) if until := request.inputs.get("until", "").strip():
            try:
                return _snooze_until(workspace, until, request, context)
            except UserFacingError as refusal:
                return render_error(refusal, Action("tips.until", (workspace,)), context)
        case (workspace, until):
            return _snooze_until(workspace, until, request, context)
        case (workspace,):
            _load_own_subscription(workspace, request, context)
        case _:
            raise InvalidActionError("a snooze carries a workspace and perhaps for how long")
    buttons = (
        Button(texts.get_text("tips.a_week.label"), Action("tips.snooze", (workspace, "in a week"))),
        Button(texts.get_text("tips.a_month.label"), Action("tips.snooze", (workspace, "in a month"))),
        Button(texts.get_text("tips.until.label"), Action("tips.until", (workspace,))),
    )
    return Reply((Paragraph(texts("tips.how_long")), Buttons(buttons)), texts.get_text("tips.word_summary"))


def open_snooze_form(request: Request, context: Context) -> Form:
    """Which day they come again from."""
    words = context.strings.get_text
    day = TextField("until", words("tips.until.label"), words("tips.day.hint"))
    return Form(words("tips.snooze.label"), (day,), Action("tips.snooze", request.action.args[:1]))


def stop_direct_tips(request: Request, context: Context) -> Reply:
    """End a person's own tips."""
    match request.action.args:
        case (workspace,):
            own = _load_own_subscription(workspace, request, context)
        case _:
            raise InvalidActionError("a stop carries a workspace")
    context.open_store().subscriptions.remove(own.tenant, own.channel)
    texts = context.strings
    sentence = texts("tips.is_off", place=format_target(_build_target(own), request, context))
    again = Button(texts.get_text("tips.me.label"), Action("tips.on", ("me",)))
    return Reply((Paragraph(sentence), Buttons((again,))), texts.get_text("tips.word_summary"))


def _snooze_until(workspace: str, until: str, request: Request, context: Context) -> Reply:
    own, texts = _load_own_subscription(workspace, request, context), context.strings
    date = pause_until(own, until, request.received_at, context)
    sentence = texts("tips.is_paused", place=format_target(_build_target(own), request, context), date=date)
    back = Button(texts.get_text("tips.resume.label"), Action("tips.return", (workspace, own.channel)))
    return Reply((Paragraph(sentence), Buttons((back,))), texts.get_text("tips.word_summary"))


def _load_own_subscription(workspace: str, request: Request, context: Context) -> Subscription:
    community = Tenant(request.origin.platform, workspace)
    subscription = context.open_store().subscriptions.find(community, request.user.id)
    if subscription is None or not subscription.is_direct:
        raise UserFacingError("tips.none_here")
    return subscription


def _build_target(subscription: Subscription) -> TipTarget:
    return TipTarget(subscription.channel, is_direct=True)
