"""A check in a private thread: its first line, and the way to a message that only the owner sees."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import discord
from discord import ui

from bot.dialogue.reply import Reply
from bot.platforms.discord.calls import post, repeated
from bot.platforms.discord.items import only_me
from bot.platforms.discord.markdown import markdown
from bot.platforms.discord.render import Component, layout, view_of
from bot.platforms.discord.sentences import Sentences
from bot.platforms.discord.threads import opened

log = logging.getLogger(__name__)

_NEAR_THE_TOP = 10  # messages; what the bot said after the first line is the second


async def started(
    channel: Any, owner: discord.abc.User, reply: Reply, *, key: str, say: Sentences
) -> discord.Thread | None:
    """A private thread with the reply in it; None where the bot may not open one. Never a public one.

    Args:
        channel: where the person asked.
        key: names the request; a repeated call sends nothing twice.
    """
    # The platform lets moderators read a thread's name too, so it says nothing of what is in it.
    thread = await opened(channel, say.words("discord.private.name"), private=True)
    if thread is None:
        return None
    try:
        await repeated(lambda: thread.add_user(discord.Object(owner.id)))
        await post(thread, view_of(_first_line(owner, say)), f"{key}:first")
        await post(thread, layout(reply), key)
    except discord.HTTPException as error:
        log.info("a private thread in %s could not be used: %s", thread.parent_id, error)
        return None
    return thread


async def current(line: discord.Message) -> discord.Message | None:
    """What the check shows now: the bot's own message after the thread's first line."""
    async for message in line.channel.history(limit=_NEAR_THE_TOP, after=line, oldest_first=True):
        if message.author.id == line.author.id and message.components:
            return message
    return None


def moved(message: discord.Message) -> ui.LayoutView:
    """The same message again, to be sent elsewhere."""
    view = ui.LayoutView.from_message(message, timeout=None)
    view.stop()
    return view


def _first_line(owner: discord.abc.User, say: Sentences) -> Iterator[Component]:
    words = say.spans("discord.private.moderators")
    yield ui.TextDisplay(f"-# {markdown(words)}")
    yield ui.ActionRow(only_me(say.words("discord.private.only_me.label"), str(owner.id)))
