"""`/career` and `/career help`: the menu, generated from the list of commands."""

from __future__ import annotations

from bot.commands.command import Command, Context
from bot.messaging.action import Action
from bot.messaging.blocks import Button, Buttons, Facts, Heading, Note, Paragraph
from bot.messaging.reply import Reply
from bot.messaging.request import Request
from bot.messaging.spans import build_spans


def _show_menu(_request: Request, context: Context) -> Reply:
    texts = context.strings
    others = tuple(command for command in context.commands if command is not HELP)
    buttons = tuple(
        Button(texts.get_text(f"{command.name}.label"), Action(command.name))
        for command in others
        if command.is_on_menu
    )
    blocks = (
        Heading(texts.get_text("help.heading")),
        Paragraph(texts("help.intro", n=len(context.content.cards))),
        Facts(
            tuple(
                (command.format_usage(context), build_spans(command.get_description(context)))
                for command in others
            )
        ),
        Buttons(buttons),
        Note(texts("help.note")),
    )
    return Reply(blocks, texts.get_text("help.heading"))


HELP = Command(name="help", handler=_show_menu, is_public=True)
