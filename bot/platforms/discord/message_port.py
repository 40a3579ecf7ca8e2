"""Discord's side of the reply pipeline for mentions and direct messages.

A mention is answered in a thread under it, a direct message in its conversation.
"""

from __future__ import annotations

import discord
from discord import ui

from bot.commands.command import Command
from bot.messaging.reply import Audience, Form, Reply, ReplyOutcome
from bot.messaging.request import Request
from bot.platforms.discord.adapter_replies import AdapterReplies
from bot.platforms.discord.channels import enrich_request
from bot.platforms.discord.private_threads import start_private_thread
from bot.platforms.discord.render import render_reply
from bot.platforms.discord.retries import send_message
from bot.platforms.discord.threads import open_message_thread
from bot.service import compute_request_ref


class MessageReplyPort:
    """The way back of one message. Nothing private goes under a mention, where others read."""

    def __init__(self, message: discord.Message, client: discord.Client, replies: AdapterReplies) -> None:
        self._message = message
        self._client = client
        self._replies = replies

    async def enrich(self, request: Request, command: Command | None) -> Request:
        """Return the request with the bot's access to the channel that the command would post in."""
        return await enrich_request(request, command, self._client)

    async def show_to_asker(self, reply: Reply, request: Request) -> None:
        """Show a reply where only the asker reads; elsewhere a sentence that says how to get it privately.

        A failure is shown everywhere: its sentence holds a reference and nothing else.
        """
        is_readable = reply.outcome is ReplyOutcome.FAILED or request.origin.is_bot_thread
        if is_readable or request.origin.is_direct:
            await self._send_here(render_reply(reply), request)
        else:
            await self._send_here(render_reply(self._replies.build_private_notice()), request)

    async def show_to_everyone(self, reply: Reply, request: Request) -> None:
        """Show a reply where it was asked for."""
        await self._send_here(render_reply(reply), request)

    async def open_thread(self, reply: Reply, request: Request, _name: str) -> None:
        """Show a reply in the thread under the mention, which there is anyway."""
        await self._send_here(render_reply(reply), request)

    async def open_form(self, form: Form, request: Request) -> None:
        """Show the button that opens the form; a message brings no trigger for a modal."""
        await self._send_here(render_reply(self._replies.build_form_fallback(form, request)), request)

    async def open_private_thread(self, reply: Reply, request: Request, _name: str) -> None:
        """Open a private thread beside the mention, and say where it is."""
        if request.origin.is_direct:
            await self._send_here(render_reply(reply), request)
            return
        conversation = await self._find_conversation()
        thread = await start_private_thread(
            self._message.channel,
            self._message.author,
            reply,
            idempotency_key=request.dedupe_key,
            replies=self._replies,
        )
        if thread is None:
            is_readable = reply.audience is Audience.EVERYONE or request.origin.is_bot_thread
            view = render_reply(reply if is_readable else self._replies.build_private_notice())
        else:
            view = self._replies.build_view_with_mention("discord.private.opened", thread.mention)
        await send_message(conversation, view, f"{request.dedupe_key}:here")

    async def send_direct(self, reply: Reply, request: Request) -> None:
        """Send a reply as a direct message, and say so under the mention."""
        if request.origin.is_direct:
            await self._send_here(render_reply(reply), request)
            return
        conversation = await self._find_conversation()
        try:
            await send_message(self._message.author, render_reply(reply), request.dedupe_key)
        except discord.Forbidden:
            notice = self._replies.build_reply("discord.direct.refused")
        else:
            notice = self._replies.build_reply("discord.direct.sent")
        await send_message(conversation, render_reply(notice), f"{request.dedupe_key}:here")

    async def show_error(self, reply: Reply, request: Request) -> None:
        """Show a sentence about a failure in the conversation, whatever thread could not be opened."""
        await send_message(self._message.channel, render_reply(reply), compute_request_ref(request))

    def explain_unreachable(self, error: Exception) -> str | None:
        """Return a reason where the bot may not write."""
        if isinstance(error, discord.Forbidden):
            return f"the bot may not write in {self._message.channel.id}: {error.code}"
        return None

    async def _send_here(self, view: ui.LayoutView, request: Request) -> None:
        if request.origin.is_direct:
            await send_message(self._message.channel, view, request.dedupe_key)
        else:
            await send_message(await self._find_conversation(), view, f"{request.dedupe_key}:here")

    async def _find_conversation(self) -> discord.abc.Messageable:
        """Return the thread under the mention, opened now if need be; the channel where there can be none."""
        thread = await open_message_thread(self._message, self._replies.get_text("discord.thread.name"))
        return thread if thread is not None else self._message.channel
