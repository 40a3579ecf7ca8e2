"""`/career tips …`: tips to a channel, set up by admins, or to oneself."""

from __future__ import annotations

from bot.commands.command import Command, Context, Need, Option
from bot.commands.tips.changing import off, pause, resume, skip
from bot.commands.tips.deciding import come_back, it_is_there, post_again
from bot.commands.tips.listing import listed
from bot.commands.tips.preview import preview
from bot.commands.tips.setting_up import confirm, set_up
from bot.commands.tips.words import ACTIONS, read
from bot.dialogue.reply import Form, Reply
from bot.dialogue.request import Request
from bot.errors import Refusal


def _answer(request: Request, context: Context) -> Reply | Form:
    action = request.inputs.get("action", "").strip().casefold() or "list"
    do = _ACTIONS.get(action)
    if do is None:
        raise Refusal("tips.not_action")
    return do(request, context)


def _suggest_action(typed: str, _context: Context) -> list[tuple[str, str]]:
    return [(word, word) for word in ACTIONS if word.startswith(typed.strip().casefold())]


def _suggest_tag(typed: str, context: Context) -> list[tuple[str, str]]:
    return [
        (tag.name, name)
        for name, tag in context.library.tags.items()
        if typed.casefold() in tag.name.casefold()
    ]


_ACTIONS = {
    "on": set_up,
    "off": off,
    "pause": pause,
    "resume": resume,
    "skip": skip,
    "preview": preview,
    "list": listed,
}

TIPS = Command(
    name="tips",
    answer=_answer,
    read=read,
    options=(
        Option("action", suggest=_suggest_action, about="tips.action.hint"),
        Option("when", about="tips.days.hint"),
        Option("time", about="tips.time.label"),
        Option("zone", about="tips.zone.hint"),
        Option("channel", about="tips.channel.hint"),
        Option("tags", suggest=_suggest_tag, about="tips.tags.hint"),
        Option("until", about="tips.until.hint"),
    ),
    verbs={
        **_ACTIONS,
        "confirm": confirm,
        "again": post_again,
        "there": it_is_there,
        "return": come_back,
    },
    needs=frozenset({Need.ZONE}),
    store=True,
)
"""Whether somebody is an admin is asked where a channel is meant; one's own tips are anybody's to set."""
