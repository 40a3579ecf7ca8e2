"""`/career forget-me`: erases what is kept about whoever asks."""

from __future__ import annotations

from bot.commands.command import Command, Context
from bot.commands.counters import get_tenant
from bot.messaging.action import Action
from bot.messaging.blocks import Button, Buttons, ButtonStyle, Heading, Paragraph
from bot.messaging.reply import Reply
from bot.messaging.request import Request


def _ask_confirmation(request: Request, context: Context) -> Reply:
    texts = context.strings
    found = context.open_store().personal_data.load_rows(get_tenant(request), request.user.id)
    if not found:
        return Reply((Paragraph(texts("forget-me.nothing")),), texts.get_text("forget-me.nothing"))
    rows = sum(map(len, found.values()))
    buttons = (
        Button(texts.get_text("forget-me.confirm.label"), Action("forget-me.confirm"), ButtonStyle.DANGER),
        Button(texts.get_text("export.label"), Action("export")),
    )
    blocks = (
        Heading(texts.get_text("forget-me.heading")),
        Paragraph(texts("forget-me.found", n=rows)),
        Buttons(buttons),
    )
    return Reply(blocks, texts.get_text("forget-me.heading"))


def _delete_data(request: Request, context: Context) -> Reply:
    texts = context.strings
    erased = context.open_store().personal_data.erase_user(get_tenant(request), request.user.id)
    return Reply((Paragraph(texts("forget-me.done", n=erased)),), texts.get_text("forget-me.summary"))


FORGET_ME = Command(
    name="forget-me", handler=_ask_confirmation, button_handlers={"confirm": _delete_data}, uses_store=True
)
"""A name with a hyphen, since that is what people type."""
