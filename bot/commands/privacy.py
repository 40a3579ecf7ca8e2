"""`/career privacy`: what is kept about a person, and what never is."""

from __future__ import annotations

from bot.commands.command import Command, Context
from bot.messaging.action import Action
from bot.messaging.blocks import Bullets, Button, Buttons, Heading, Paragraph
from bot.messaging.reply import Reply
from bot.messaging.request import Request

_POINTS = ("questions", "memory", "quiz", "votes", "gaps", "tips", "seen", "nowhere")


def _answer(_request: Request, context: Context) -> Reply:
    texts = context.texts
    blocks = (
        Heading(texts.words("privacy.heading")),
        Paragraph(texts("privacy.intro")),
        Bullets(tuple(texts(f"privacy.{point}") for point in _POINTS)),
        Buttons(
            (
                Button(texts.words("export.label"), Action("export")),
                Button(texts.words("forget-me.label"), Action("forget-me")),
            )
        ),
    )
    return Reply(blocks, texts.words("privacy.heading"))


PRIVACY = Command(name="privacy", answer=_answer, on_menu=True)
