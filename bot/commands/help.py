"""`/career` and `/career help`: the menu, generated from the list of commands."""

from __future__ import annotations

from bot.commands.command import Command, Context
from bot.messaging.action import Action
from bot.messaging.blocks import Button, Buttons, Facts, Heading, Note, Paragraph
from bot.messaging.reply import Reply
from bot.messaging.request import Request
from bot.messaging.spans import build_spans


def _answer(_request: Request, context: Context) -> Reply:
    texts = context.texts
    others = tuple(command for command in context.commands if command is not HELP)
    buttons = tuple(
        Button(texts.words(f"{command.name}.label"), Action(command.name))
        for command in others
        if command.on_menu
    )
    blocks = (
        Heading(texts.words("help.heading")),
        Paragraph(texts("help.intro", n=len(context.library.cards))),
        Facts(tuple((command.usage(context), build_spans(command.about(context))) for command in others)),
        Buttons(buttons),
        Note(texts("help.note")),
    )
    return Reply(blocks, texts.words("help.heading"))


HELP = Command(name="help", answer=_answer, public=True)
