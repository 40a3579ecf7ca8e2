"""What the owner of tips is told unasked, and how a slot is said."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.commands.command import Context
from bot.commands.tips.places import named_place, of_no_server
from bot.dialogue.action import Action
from bot.dialogue.blocks import Button, Buttons, Paragraph
from bot.dialogue.delivery import Delivery
from bot.dialogue.reply import Direct, Reply
from bot.dialogue.spans import Spans
from bot.store.tips import Word


def local(moment: datetime, zone: str) -> str:
    """`Tue 24 Nov 2026, 09:00 (Europe/Berlin)`."""
    return f"{moment.astimezone(ZoneInfo(zone)):%a %d %b %Y, %H:%M} ({zone})"


def slot_mark(slot: datetime) -> str:
    """A slot in a button."""
    return str(int(slot.timestamp()))


def word(told: Word, context: Context) -> Delivery:
    """A tip in doubt, a subscription that rests, or a pool that is nearly used up, and what to do."""
    community = told.community
    said, buttons = _said(told, context), _buttons(told, context)
    about = f"{told.channel}:{told.matter.kind}:{told.matter.mark}:{told.turn}"
    return Delivery(
        community.platform,
        community.workspace,
        told.person,
        direct=True,
        reply=Reply(
            (Paragraph(said), *((Buttons(buttons),) if buttons else ())),
            context.texts.words("tips.word_summary"),
            place=Direct(),
        ),
        key=f"word:{community.workspace}:{about}",
        claim=told.claim,
    )


def decisions(about: tuple[str, str, str], context: Context) -> tuple[Button, ...]:
    """What can be said of a tip in doubt.

    Args:
        about: a workspace, a place and a slot.
    """
    texts = context.texts
    return (
        Button(texts.words("tips.again.label"), Action("tips.again", about)),
        Button(texts.words("tips.there.label"), Action("tips.there", about)),
    )


def _said(told: Word, context: Context) -> Spans:
    texts, where = context.texts, named_place(told.channel, context, direct=told.direct)
    match told.matter.kind:
        case "unknown":
            return texts("tips.unknown", slot=local(told.matter.slot, told.zone), channel=where)
        case "few":
            key = "tips.few_left" if told.matter.mark else "tips.few_ever"
            return texts(key, n=told.matter.number, channel=where)
        case _:
            return texts(f"tips.paused.{told.matter.why}", channel=where)


def _buttons(told: Word, context: Context) -> tuple[Button, ...]:
    texts = context.texts
    place = (told.community.workspace, told.channel)  # direct messages are of no server: say which
    listed: tuple[Button, ...] = ()
    if not of_no_server(told.community.platform, direct=True):  # else the list there would be empty
        listed = (Button(texts.words("tips.list.label"), Action("tips.list")),)
    match told.matter.kind:
        case "unknown":
            return decisions((*place, slot_mark(told.matter.slot)), context)
        case "paused":
            return Button(texts.words("tips.resume.label"), Action("tips.return", place)), *listed
        case _:
            return listed
