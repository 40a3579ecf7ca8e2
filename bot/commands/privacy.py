"""`/career privacy`: what the bot stores about a person, and what it never stores."""

from __future__ import annotations

from bot.commands.command import Command, Context
from bot.messaging.action import Action
from bot.messaging.blocks import Bullets, Button, Buttons, Heading, Paragraph
from bot.messaging.reply import Reply
from bot.messaging.request import Request

_NOT_STORED = ("privacy.questions", "privacy.memory", "privacy.quiz")


def _show_privacy(_request: Request, context: Context) -> Reply:
    from bot.store.tables import list_privacy_keys  # only who asks for it pays for the import

    texts = context.strings
    blocks = (
        Heading(texts.get_text("privacy.heading")),
        Paragraph(texts("privacy.intro")),
        Bullets(tuple(map(texts, (*_NOT_STORED, *list_privacy_keys(), "privacy.nowhere")))),
        Buttons(
            (
                Button(texts.get_text("export.label"), Action("export")),
                Button(texts.get_text("forget-me.label"), Action("forget-me")),
            )
        ),
    )
    return Reply(blocks, texts.get_text("privacy.heading"))


PRIVACY = Command(name="privacy", handler=_show_privacy, is_on_menu=True)
