"""`/career forget-me`: erases what is kept about whoever asks."""

from __future__ import annotations

from bot.commands.command import Command, Context
from bot.commands.ledger import community_of
from bot.messaging.action import Action
from bot.messaging.blocks import Button, Buttons, ButtonStyle, Heading, Paragraph
from bot.messaging.reply import Reply
from bot.messaging.request import Request


def _answer(request: Request, context: Context) -> Reply:
    texts = context.texts
    found = context.store.personal_data.load_rows(community_of(request), request.user.id)
    if not found:
        return Reply((Paragraph(texts("forget-me.nothing")),), texts.words("forget-me.nothing"))
    rows = sum(map(len, found.values()))
    buttons = (
        Button(texts.words("forget-me.confirm.label"), Action("forget-me.confirm"), ButtonStyle.DANGER),
        Button(texts.words("export.label"), Action("export")),
    )
    blocks = (
        Heading(texts.words("forget-me.heading")),
        Paragraph(texts("forget-me.found", n=rows)),
        Buttons(buttons),
    )
    return Reply(blocks, texts.words("forget-me.heading"))


def _confirm(request: Request, context: Context) -> Reply:
    texts = context.texts
    erased = context.store.personal_data.erase_user(community_of(request), request.user.id)
    return Reply((Paragraph(texts("forget-me.done", n=erased)),), texts.words("forget-me.summary"))


FORGET_ME = Command(name="forget-me", answer=_answer, verbs={"confirm": _confirm}, store=True)
"""A name with a hyphen, since that is what people type."""
