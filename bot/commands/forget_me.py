"""`/career forget-me`: deletes what is stored about the person, after a confirmation."""

from __future__ import annotations

from bot.commands.command import Command, Context
from bot.commands.counters import get_tenant
from bot.messaging.action import Action
from bot.messaging.blocks import Button, Buttons, ButtonStyle, Heading, Paragraph
from bot.messaging.reply import Reply
from bot.messaging.request import Request


def _ask_confirmation(request: Request, context: Context) -> Reply:
    texts = context.strings
    rows_by_table = context.open_store().personal_data.load_rows(get_tenant(request), request.user.id)
    if not rows_by_table:
        return Reply((Paragraph(texts("forget-me.nothing")),), texts.get_text("forget-me.nothing"))
    row_count = sum(map(len, rows_by_table.values()))
    buttons = (
        Button(texts.get_text("forget-me.confirm.label"), Action("forget-me.confirm"), ButtonStyle.DANGER),
        Button(texts.get_text("export.label"), Action("export")),
    )
    blocks = (
        Heading(texts.get_text("forget-me.heading")),
        Paragraph(texts("forget-me.found", n=row_count)),
        Buttons(buttons),
    )
    return Reply(blocks, texts.get_text("forget-me.heading"))


def _delete_data(request: Request, context: Context) -> Reply:
    texts = context.strings
    deleted_count = context.open_store().personal_data.erase_user(get_tenant(request), request.user.id)
    return Reply((Paragraph(texts("forget-me.done", n=deleted_count)),), texts.get_text("forget-me.summary"))


FORGET_ME = Command(
    name="forget-me", handler=_ask_confirmation, button_handlers={"confirm": _delete_data}, uses_store=True
)
