"""Threads: a mention is answered in one, a check runs in one that only the asker and moderators see."""

from __future__ import annotations

import logging
from typing import Any, Literal

import discord

from bot.platforms.discord.retries import call_with_retries

log = logging.getLogger(__name__)

_AUTO_ARCHIVE_MINUTES: Literal[1440] = 1440  # minutes without a message until Discord archives the thread
_THREAD_EXISTS = 160004
"""The message has a thread already."""


async def open_message_thread(message: discord.Message, name: str) -> discord.abc.Messageable | None:
    """The thread under a message, or the one it stands in; None where there can be none."""
    if isinstance(message.channel, discord.Thread):
        return message.channel
    try:
        return await call_with_retries(
            lambda: message.create_thread(name=name, auto_archive_duration=_AUTO_ARCHIVE_MINUTES)
        )
    except (discord.HTTPException, ValueError) as error:
        if isinstance(error, discord.HTTPException) and error.code == _THREAD_EXISTS:
            guild = message.guild
            thread = guild.get_thread(message.id) if guild is not None else None
            return thread or message.channel
        log.info("no thread under a mention in %s: %s", message.channel.id, error)
        return None


async def open_thread(channel: Any, name: str, *, is_private: bool) -> discord.Thread | None:
    """A new thread of the channel (or of the channel of this thread); None where there can be none."""
    home = channel.parent if isinstance(channel, discord.Thread) else channel
    if not isinstance(home, discord.TextChannel):
        return None
    kind = discord.ChannelType.private_thread if is_private else discord.ChannelType.public_thread
    try:
        return await call_with_retries(
            lambda: home.create_thread(
                name=name, type=kind, auto_archive_duration=_AUTO_ARCHIVE_MINUTES, invitable=not is_private
            )
        )
    except discord.HTTPException as error:
        log.info("no thread in %s: %s", home.id, error)
        return None
