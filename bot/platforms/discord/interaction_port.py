"""Discord's side of the reply pipeline for interactions: one port an interaction."""

from __future__ import annotations

from typing import Any

import discord

from bot.commands.command import Command
from bot.messaging.reply import Audience, Form, Reply
from bot.messaging.request import Request
from bot.platforms.discord import threads
from bot.platforms.discord.adapter_replies import AdapterReplies
from bot.platforms.discord.channels import enrich_request
from bot.platforms.discord.interaction_responder import InteractionResponder
from bot.platforms.discord.modals import build_modal
from bot.platforms.discord.parse import is_direct_interaction
from bot.platforms.discord.private_threads import start_private_thread
from bot.platforms.discord.render import render_reply
from bot.platforms.discord.retries import is_interaction_expired, send_message


class InteractionReplyPort:
    """The way back of one interaction.

    Nothing here sends to a channel what is the asker's alone: such a reply goes out with the interaction,
    where Discord shows it to nobody else, or into a private place.
    """

    def __init__(self, interaction: discord.Interaction[Any], replies: AdapterReplies) -> None:
        self._interaction = interaction
        self._replies = replies
        self._is_direct = is_direct_interaction(interaction)
        self.responder = InteractionResponder(interaction)

    async def enrich(self, request: Request, command: Command | None) -> Request:
        """Return the request with the bot's access to the channel that the command would post in."""
        return await enrich_request(request, command, self._interaction.client, self._interaction)

    async def show_to_asker(self, reply: Reply, _request: Request) -> None:
        """Show a reply with the interaction itself."""
        await self.respond(reply)

    async def show_to_everyone(self, reply: Reply, request: Request) -> None:
        """Show a reply in the conversation; from a private thread in the channel around it."""
        if (channel := self._find_parent_channel(reply)) is not None:
            await self._send_to_channel(reply, channel, request)
        else:
            await self.respond(reply)

    async def show_error(self, reply: Reply, _request: Request) -> None:
        """Show a sentence about a failure to the asker alone."""
        await self.respond(reply)

    def explain_unreachable(self, error: Exception) -> str | None:
        """Return a reason once Discord no longer knows the interaction."""
        return "it came after Discord's three seconds" if is_interaction_expired(error) else None

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

    async def open_form(self, form: Form, request: Request) -> None:
        """Show a form. It must be the first response; when that was a promise, one press opens it."""
        if self.responder.has_responded:
            await self.respond(self._replies.build_form_fallback(form, request))
        else:
            await self.responder.open_modal(build_modal(form))

    async def send_direct(self, reply: Reply, request: Request) -> None:
        """Send a reply as a direct message; in direct messages it stays in the conversation."""
        if self._is_direct:
            await self.respond(reply)
            return
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

    async def open_thread(self, reply: Reply, request: Request, name: str) -> None:
        """Open a thread in the channel; direct messages have none."""
        if self._is_direct:
            await self.respond(reply)
            return
        await self.responder.defer_privately()
        thread = await threads.open_thread(self._interaction.channel, name, is_private=False)
        if thread is None:
            await self.respond(self._replies.build_reply("discord.thread.refused"))
            return
        await send_message(thread, render_reply(reply), request.dedupe_key)
        await self.responder.send_private(
            self._replies.build_view_with_mention("discord.thread.opened", thread.mention)
        )

    async def open_private_thread(self, reply: Reply, request: Request, _name: str) -> None:
        """Open a private thread; moderators can read its name, so it gets a neutral one."""
        if self._is_direct:
            await self.respond(reply)
            return
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
