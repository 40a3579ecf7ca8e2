"""The adapter's own sentences, from texts.yaml like all others, as replies."""

from __future__ import annotations

from discord import ui

from bot.dialogue.action import Action
from bot.dialogue.blocks import Block, Button, Buttons, Paragraph
from bot.dialogue.reply import Audience, Form, Outcome, Reply
from bot.dialogue.request import Request
from bot.dialogue.spans import Spans
from bot.platforms.discord.markdown import markdown
from bot.platforms.discord.render import view_of
from bot.platforms.invitation import invitation
from bot.service import Service


class Sentences:
    """What only Discord has to say."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def reply(self, phrase: str, *buttons: Button, audience: Audience = Audience.ASKER) -> Reply:
        """One sentence, and what can be pressed below it."""
        context = self._service.context
        words = context.texts(phrase, prefix=context.prefix)
        blocks: tuple[Block, ...] = (Paragraph(words), *((Buttons(buttons),) if buttons else ()))
        return Reply(blocks, context.texts.words("discord.summary"), audience, outcome=Outcome.REFUSED)

    def opens(self, form: Form, request: Request) -> Reply:
        """A form where none can open, one press away."""
        return invitation(form, self._service.understand(request)[0], self._service)

    def for_you_alone(self) -> Reply:
        """What stands under a mention whose answer is private: nothing of the question."""
        ask = Button(self.words("ask.label"), Action("ask"))
        return self.reply("discord.mention.private", ask, audience=Audience.EVERYONE)

    def beside(self, phrase: str, mention: str) -> ui.LayoutView:
        """A sentence that ends in a channel's name, which Discord makes a link."""
        words = f"{markdown(self.spans(phrase))} {mention}"
        return view_of(iter((ui.TextDisplay(words),)))

    def spans(self, phrase: str) -> Spans:
        """One sentence with its style."""
        return self._service.context.texts(phrase)

    def words(self, phrase: str) -> str:
        """One sentence as plain words."""
        return self._service.context.texts.words(phrase)
