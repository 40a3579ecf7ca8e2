"""`/career forget-me`: erases what is kept about whoever asks."""

from __future__ import annotations

from bot.commands.command import Command, Context
from bot.commands.ledger import community_of
from bot.dialogue.action import Action
from bot.dialogue.blocks import Button, Buttons, Heading, Paragraph, Style
from bot.dialogue.reply import Reply
from bot.dialogue.request import Request


def _answer(request: Request, context: Context) -> Reply:
    texts = context.texts
    found = context.store.people.rows(community_of(request), request.user.id)
    if not found:
        return Reply((Paragraph(texts("forget-me.nothing")),), texts.words("forget-me.nothing"))
    rows = sum(map(len, found.values()))
    buttons = (
        Button(texts.words("forget-me.confirm.label"), Action("forget-me.confirm"), Style.DANGER),
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
    erased = context.store.people.forget(community_of(request), request.user.id)
    return Reply((Paragraph(texts("forget-me.done", n=erased)),), texts.words("forget-me.summary"))


FORGET_ME = Command(name="forget-me", answer=_answer, verbs={"confirm": _confirm}, store=True)
"""A name with a hyphen, since that is what people type."""
