"""One answer to one interaction, brought to where it belongs."""

from __future__ import annotations

from typing import Any, assert_never

import discord

from bot.messaging.reply import (
    Audience,
    DirectMessage,
    Form,
    PrivateThread,
    PublicThread,
    Reply,
    SameConversation,
)
from bot.messaging.request import Request
from bot.platforms.discord.adapter_replies import AdapterReplies
from bot.platforms.discord.interaction_responder import InteractionResponder
from bot.platforms.discord.modals import build_modal
from bot.platforms.discord.parse import is_direct_interaction
from bot.platforms.discord.private_threads import start_private_thread
from bot.platforms.discord.render import render_reply
from bot.platforms.discord.retries import send_message
from bot.platforms.discord.threads import open_thread


class ReplyRouter:
    """Gives one answer to one interaction.

    Nothing here sends to a channel what is the asker's alone: such a reply goes out with the interaction,
    where Discord shows it to nobody else, or into a private place.
    """

    def __init__(self, interaction: discord.Interaction[Any], replies: AdapterReplies) -> None:
        self._interaction = interaction
        self._replies = replies
        self._is_direct = is_direct_interaction(interaction)
        self.responder = InteractionResponder(interaction)

    async def send(self, answer: Reply | Form, request: Request) -> None:
        """Bring the answer where it belongs."""
        if isinstance(answer, Form):
            await self._open_form(answer, request)
            return
        match answer.placement:
            case SameConversation() if (channel := self._find_parent_channel(answer)) is not None:
                await self._send_to_channel(answer, channel, request)
            case SameConversation():
                await self.respond(answer)
            case _ if self._is_direct:  # the conversation is private, and has no threads
                await self.respond(answer)
            case DirectMessage():
                await self._send_to_direct_message(answer, request)
            case PublicThread(name):
                await self._send_to_thread(answer, name, request)
            case PrivateThread():
                await self._send_to_private_thread(answer, request)
            case _:
                assert_never(answer.place)

    async def respond(self, reply: Reply) -> None:
        """Show a reply with the interaction itself."""
        everyone = reply.audience is Audience.EVERYONE
        if reply.replace_original and self._can_replace(is_public=everyone):
            await self.responder.replace_original(render_reply(reply))
        elif everyone:
            await self.responder.send_public(
                render_reply(reply), render_reply(self._replies.build_reply("discord.posted"))
            )
        else:
            await self.responder.send_private(render_reply(reply))

    async def _open_form(self, form: Form, request: Request) -> None:
        """Show a form. It must be the first response; when that was a promise, one press opens it."""
        if self.responder.has_responded:
            await self.respond(self._replies.build_form_fallback(form, request))
        else:
            await self.responder.open_modal(build_modal(form))

    async def _send_to_direct_message(self, reply: Reply, request: Request) -> None:
        await self.responder.defer_privately()
        try:
            await send_message(self._interaction.user, render_reply(reply), request.dedupe_key)
        except discord.Forbidden:  # 50007: the person takes no messages from this server or from the bot
            await self.respond(self._replies.build_reply("discord.direct.refused"))
        else:
            await self.respond(self._replies.build_reply("discord.direct.sent"))

    async def _send_to_channel(self, reply: Reply, channel: discord.TextChannel, request: Request) -> None:
        await self.responder.defer_privately()
        try:
            await send_message(channel, render_reply(reply), request.dedupe_key)
        except discord.Forbidden:
            await self.respond(self._replies.build_reply("discord.channel.refused"))
        else:
            await self.responder.send_private(
                self._replies.build_view_with_mention("discord.channel.posted", channel.mention)
            )

    async def _send_to_thread(self, reply: Reply, name: str, request: Request) -> None:
        await self.responder.defer_privately()
        thread = await open_thread(self._interaction.channel, name, is_private=False)
        if thread is None:
            await self.respond(self._replies.build_reply("discord.thread.refused"))
            return
        await send_message(thread, render_reply(reply), request.dedupe_key)
        await self.responder.send_private(
            self._replies.build_view_with_mention("discord.thread.opened", thread.mention)
        )

    async def _send_to_private_thread(self, reply: Reply, request: Request) -> None:
        await self.responder.defer_privately()
        interaction = self._interaction
        thread = await start_private_thread(
            interaction.channel,
            interaction.user,
            reply,
            idempotency_key=request.dedupe_key,
            replies=self._replies,
        )
        if thread is None:
            await self.respond(reply)  # to the asker alone, and edited in place from then on
        else:
            await self.responder.send_private(
                self._replies.build_view_with_mention("discord.private.opened", thread.mention)
            )

    def _find_parent_channel(self, reply: Reply) -> discord.TextChannel | None:
        """The channel around a private thread: what is shared in the thread itself nobody would read."""
        thread = self._interaction.channel
        if reply.audience is not Audience.EVERYONE or reply.replace_original:
            return None
        if not isinstance(thread, discord.Thread) or not thread.is_private():
            return None
        return thread.parent if isinstance(thread.parent, discord.TextChannel) else None

    def _can_replace(self, *, is_public: bool) -> bool:
        """Whether the clicked message may become the reply: never the asker's own where others read."""
        message, channel = self._interaction.message, self._interaction.channel
        if message is None:
            return False
        unseen = message.flags.ephemeral or self._is_direct
        return is_public or unseen or (isinstance(channel, discord.Thread) and channel.is_private())
