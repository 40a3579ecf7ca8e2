"""Answers to mentions and direct messages: in a thread under the mention, or in the conversation."""

from __future__ import annotations

import logging

import discord

from bot.messaging.reply import Audience, DirectMessage, Form, PrivateThread, Reply, ReplyOutcome
from bot.messaging.request import Request
from bot.platforms.discord.adapter_replies import AdapterReplies
from bot.platforms.discord.private_threads import start_private_thread
from bot.platforms.discord.render import render_reply
from bot.platforms.discord.retries import send_message
from bot.platforms.discord.threads import open_message_thread

log = logging.getLogger(__name__)


async def send_reply(
    message: discord.Message, answer: Reply | Form, request: Request, replies: AdapterReplies
) -> None:
    """Bring the answer to a message where it belongs; nothing private goes under a mention.

    Raises:
        discord.HTTPException: when the bot may not write there.
    """
    reply = replies.build_form_fallback(answer, request) if isinstance(answer, Form) else answer
    if request.origin.is_direct:
        await send_message(message.channel, render_reply(reply), request.dedupe_key)
        return
    thread = await open_message_thread(message, replies.get_text("discord.thread.name"))
    here = thread if thread is not None else message.channel
    view = await _send_to_private_place(message, reply, request, replies)
    if view is None:
        readable = _is_public(reply) or isinstance(answer, Form) or request.origin.is_bot_thread
        view = render_reply(reply if readable else replies.build_private_notice())
    await send_message(here, view, f"{request.dedupe_key}:here")


def _is_public(reply: Reply) -> bool:
    """What everyone may read; a failure too, since its sentence holds a reference and nothing else."""
    return reply.audience is Audience.EVERYONE or reply.outcome is ReplyOutcome.FAILED


async def _send_to_private_place(
    message: discord.Message, reply: Reply, request: Request, replies: AdapterReplies
) -> discord.ui.LayoutView | None:
    """Send what belongs into a private place there; what is then said under the mention, None for nothing."""
    match reply.placement:
        case DirectMessage():
            try:
                await send_message(message.author, render_reply(reply), request.dedupe_key)
            except discord.Forbidden:
                return render_reply(replies.build_reply("discord.direct.refused"))
            return render_reply(replies.build_reply("discord.direct.sent"))
        case PrivateThread():
            thread = await start_private_thread(
                message.channel, message.author, reply, idempotency_key=request.dedupe_key, replies=replies
            )
            return (
                replies.build_view_with_mention("discord.private.opened", thread.mention)
                if thread is not None
                else None
            )
        case _:
            return None
