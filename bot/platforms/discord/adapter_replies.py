"""The adapter's own sentences, from texts.yaml like all others, as replies."""

from __future__ import annotations

from discord import ui

from bot.messaging.action import Action
from bot.messaging.blocks import Block, Button, Buttons, Paragraph
from bot.messaging.reply import Audience, Form, Reply, ReplyOutcome
from bot.messaging.request import Request
from bot.messaging.spans import Spans
from bot.platforms.discord.markdown import render_spans
from bot.platforms.discord.render import build_view
from bot.platforms.form_fallback import build_form_fallback
from bot.service import Service


class AdapterReplies:
    """What only Discord has to say."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def build_reply(self, string_key: str, *buttons: Button, audience: Audience = Audience.ASKER) -> Reply:
        """One sentence, and what can be pressed below it."""
        context = self._service.context
        words = context.strings(string_key, prefix=context.prefix)
        blocks: tuple[Block, ...] = (Paragraph(words), *((Buttons(buttons),) if buttons else ()))
        return Reply(
            blocks, context.strings.get_text("discord.summary"), audience, outcome=ReplyOutcome.REFUSED
        )

    def build_form_fallback(self, form: Form, request: Request) -> Reply:
        """A form where none can open, one press away."""
        return build_form_fallback(form, self._service.parse_request(request)[0], self._service)

    def build_private_notice(self) -> Reply:
        """What stands under a mention whose answer is private: nothing of the question."""
        ask = Button(self.get_text("ask.label"), Action("ask"))
        return self.build_reply("discord.mention.private", ask, audience=Audience.EVERYONE)

    def build_view_with_mention(self, string_key: str, mention: str) -> ui.LayoutView:
        """A sentence that ends in a channel's name, which Discord makes a link."""
        words = f"{render_spans(self.get_spans(string_key))} {mention}"
        return build_view(iter((ui.TextDisplay(words),)))

    def get_spans(self, string_key: str) -> Spans:
        """One sentence with its style."""
        return self._service.context.strings(string_key)

    def get_text(self, string_key: str) -> str:
        """One sentence as plain words."""
        return self._service.context.strings.get_text(string_key)
