"""Answers to mentions and direct messages: in a thread under the mention, or in the conversation."""

from __future__ import annotations

import logging

import discord

from bot.dialogue.reply import Audience, Direct, Form, Outcome, PrivateThread, Reply
from bot.dialogue.request import Request
from bot.platforms.discord.calls import post
from bot.platforms.discord.private import started
from bot.platforms.discord.render import layout
from bot.platforms.discord.sentences import Sentences
from bot.platforms.discord.threads import under

log = logging.getLogger(__name__)


async def give(message: discord.Message, answer: Reply | Form, request: Request, say: Sentences) -> None:
    """Bring the answer to a message where it belongs; nothing private goes under a mention.

    Raises:
        discord.HTTPException: when the bot may not write there.
    """
    reply = say.opens(answer, request) if isinstance(answer, Form) else answer
    if request.origin.direct:
        await post(message.channel, layout(reply), request.key)
        return
    thread = await under(message, say.words("discord.thread.name"))
    here = thread if thread is not None else message.channel
    view = await _elsewhere(message, reply, request, say)
    if view is None:
        readable = _may_be_read(reply) or isinstance(answer, Form) or request.origin.opened
        view = layout(reply if readable else say.for_you_alone())
    await post(here, view, f"{request.key}:here")


def _may_be_read(reply: Reply) -> bool:
    """What everyone may read; a failure too, since its sentence holds a reference and nothing else."""
    return reply.audience is Audience.EVERYONE or reply.outcome is Outcome.FAILED


async def _elsewhere(
    message: discord.Message, reply: Reply, request: Request, say: Sentences
) -> discord.ui.LayoutView | None:
    """Send what belongs into a private place there; what is then said under the mention, None for nothing."""
    match reply.place:
        case Direct():
            try:
                await post(message.author, layout(reply), request.key)
            except discord.Forbidden:
                return layout(say.reply("discord.direct.refused"))
            return layout(say.reply("discord.direct.sent"))
        case PrivateThread():
            thread = await started(message.channel, message.author, reply, key=request.key, say=say)
            return say.beside("discord.private.opened", thread.mention) if thread is not None else None
        case _:
            return None
