"""What people say to a tip that comes by direct message: let them rest for a while, or stop."""

from __future__ import annotations

from bot.commands.command import Context
from bot.commands.tips.changing import rest
from bot.commands.tips.form import refused
from bot.commands.tips.places import Place, place_words
from bot.dialogue.action import Action
from bot.dialogue.blocks import Button, Buttons, Paragraph
from bot.dialogue.reply import Form, Line, Reply
from bot.dialogue.request import Request
from bot.errors import BadAction, Refusal
from bot.store.community import Community
from bot.store.tips import Subscription


def snooze(request: Request, context: Context) -> Reply:
    """Ask for how long, or let the tips rest when that was said."""
    texts = context.texts
    match request.action.args:
        case (workspace,) if until := request.inputs.get("until", "").strip():
            try:
                return _rested(workspace, until, request, context)
            except Refusal as refusal:
                return refused(refusal, Action("tips.until", (workspace,)), context)
        case (workspace, until):
            return _rested(workspace, until, request, context)
        case (workspace,):
            _own(workspace, request, context)
        case _:
            raise BadAction("a snooze carries a workspace and perhaps for how long")
    buttons = (
        Button(texts.words("tips.a_week.label"), Action("tips.snooze", (workspace, "in a week"))),
        Button(texts.words("tips.a_month.label"), Action("tips.snooze", (workspace, "in a month"))),
        Button(texts.words("tips.until.label"), Action("tips.until", (workspace,))),
    )
    return Reply((Paragraph(texts("tips.how_long")), Buttons(buttons)), texts.words("tips.word_summary"))


def until_form(request: Request, context: Context) -> Form:
    """Which day they come again from."""
    words = context.texts.words
    day = Line("until", words("tips.until.label"), words("tips.day.hint"))
    return Form(words("tips.snooze.label"), (day,), Action("tips.snooze", request.action.args[:1]))


def stop(request: Request, context: Context) -> Reply:
    """End a person's own tips."""
    match request.action.args:
        case (workspace,):
            own = _own(workspace, request, context)
        case _:
            raise BadAction("a stop carries a workspace")
    context.store.subscriptions.remove(own.community, own.channel)
    texts = context.texts
    said = texts("tips.is_off", place=place_words(_place(own), request, context))
    again = Button(texts.words("tips.me.label"), Action("tips.on", ("me",)))
    return Reply((Paragraph(said), Buttons((again,))), texts.words("tips.word_summary"))


def _rested(workspace: str, until: str, request: Request, context: Context) -> Reply:
    own, texts = _own(workspace, request, context), context.texts
    date = rest(own, until, request.received_at, context)
    said = texts("tips.is_paused", place=place_words(_place(own), request, context), date=date)
    back = Button(texts.words("tips.resume.label"), Action("tips.return", (workspace, own.channel)))
    return Reply((Paragraph(said), Buttons((back,))), texts.words("tips.word_summary"))


def _own(workspace: str, request: Request, context: Context) -> Subscription:
    community = Community(request.origin.platform, workspace)
    found = context.store.subscriptions.get(community, request.user.id)
    if found is None or not found.direct:
        raise Refusal("tips.none_here")
    return found


def _place(own: Subscription) -> Place:
    return Place(own.channel, direct=True)
