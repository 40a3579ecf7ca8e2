"""`/career privacy`: what is kept about a person, and what never is."""

from __future__ import annotations

from bot.commands.command import Command, Context
from bot.dialogue.blocks import Bullets, Heading, Paragraph
from bot.dialogue.reply import Reply
from bot.dialogue.request import Request


def _answer(_request: Request, context: Context) -> Reply:
    texts = context.texts
    blocks = (
        Heading(texts.words("privacy.heading")),
        Paragraph(texts("privacy.intro")),
        Bullets((texts("privacy.questions"), texts("privacy.memory"), texts("privacy.nowhere"))),
    )
    return Reply(blocks, texts.words("privacy.heading"))


PRIVACY = Command(name="privacy", answer=_answer)
