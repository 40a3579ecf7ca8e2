"""Whether the bot may post in a channel: its permissions there, in the very server that was meant."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import Any

import aiohttp
import discord

from bot.dialogue.access import Access, Barrier, Outlet

log = logging.getLogger(__name__)

LIMIT = 0.9
"""Seconds; somebody waits for the answer."""

_VIEW = "view_channel"
_NO_MEMBER = 10007  # the bot is none of that server


async def access(
    client: discord.Client, outlet: Outlet, interaction: discord.Interaction[Any] | None = None
) -> Access | None:
    """What Discord tells of a channel; a channel that is not surely the server's own is none to post in.

    Args:
        interaction: comes with the bot's permissions in its own channel.

    Returns:
        None when the channel is the server's own and nothing is told of the bot's permissions there.
    """
    if not is_id(outlet.workspace) or not is_id(outlet.channel):
        return Access(Barrier.ELSEWHERE)
    guild = client.get_guild(int(outlet.workspace))
    if interaction is not None and outlet == Outlet(str(interaction.guild_id), str(interaction.channel_id)):
        if guild is None and interaction.is_user_integration() and not interaction.is_guild_integration():
            return Access(Barrier.ABSENT)
        if interaction.app_permissions.value:
            return _told(interaction.app_permissions, thread=isinstance(interaction.channel, discord.Thread))
        if guild is None:
            return None
    if guild is None:
        return Access(Barrier.ABSENT)
    assert client.user is not None, "whoever gets events is logged in"
    return await in_server(guild, int(outlet.channel), client.user)


async def in_server(
    guild: discord.Guild, number: int, me: discord.abc.Snowflake, limit: float = LIMIT
) -> Access | None:
    """What a server tells of a channel: from what the gateway brought, else asked.

    Args:
        me: the bot.
        limit: seconds.

    Returns:
        None when the channel is the server's own and the bot's permissions cannot be told.
    """
    try:
        async with asyncio.timeout(limit):
            channel = guild.get_channel_or_thread(number) or await guild.fetch_channel(number)
            member = guild.me or await _member(guild, me)
            return None if member is None else replace(await _of(channel, member), name=channel.name)
    except (discord.NotFound, discord.InvalidData) as error:
        stranger = isinstance(error, discord.NotFound) and error.code == _NO_MEMBER
        return Access(Barrier.ABSENT if stranger else Barrier.ELSEWHERE)
    except discord.Forbidden:
        # The gateway tells all channels of a server, so what is not among them is another's.
        return Access(Barrier.ELSEWHERE) if guild.channels else Access(Barrier.FORBIDDEN, (_VIEW,))
    except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
        log.warning("the channel %s could not be looked at: %s", number, error or type(error).__name__)
        return Access(Barrier.UNSEEN)


async def _member(guild: discord.Guild, me: discord.abc.Snowflake) -> discord.Member | None:
    """The bot as the server's member; None when Discord does not tell.

    Raises:
        discord.NotFound: when it is none.
    """
    try:
        return await guild.fetch_member(me.id)
    except discord.HTTPException as error:
        if error.code == _NO_MEMBER:
            raise
        log.warning("the bot's own permissions in %s could not be looked at: %s", guild.id, error)
        return None


async def _of(channel: discord.abc.GuildChannel | discord.Thread, member: discord.Member) -> Access:
    if not isinstance(channel, discord.Thread):
        writable = isinstance(channel, discord.abc.Messageable)
        return _told(channel.permissions_for(member)) if writable else Access(Barrier.WORDLESS)
    if channel.locked:
        return Access(Barrier.ARCHIVED)
    parent = channel.parent or await channel.guild.fetch_channel(channel.parent_id)
    assert not isinstance(parent, discord.Thread), "threads hang on channels"
    return _told(parent.permissions_for(member), thread=True)


def _told(permissions: discord.Permissions, *, thread: bool = False) -> Access:
    """Access by what is granted; a channel that cannot be viewed tells nothing of the rest."""
    if permissions.administrator:
        return Access()
    if not permissions.view_channel:
        return Access(Barrier.FORBIDDEN, (_VIEW,))
    write = "send_messages_in_threads" if thread else "send_messages"
    return Access() if getattr(permissions, write) else Access(Barrier.FORBIDDEN, (write,))


def is_id(text: str) -> bool:
    """Whether a text has the shape of an id of Discord's."""
    return text.isascii() and text.isdigit() and len(text) <= 20
