"""Whether the bot may post in a channel: its permissions there, in the very server that was meant."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import Any

import aiohttp
import discord

from bot.commands.command import Command
from bot.messaging.channel_access import AccessProblem, ChannelAccess, ChannelRef
from bot.messaging.request import Request

log = logging.getLogger(__name__)

CHECK_TIMEOUT = 0.9
"""Seconds; somebody waits for the answer."""

_VIEW_PERMISSION = "view_channel"
_UNKNOWN_MEMBER = 10007  # the bot is none of that server


async def check_channel_access(
    client: discord.Client, channel_ref: ChannelRef, interaction: discord.Interaction[Any] | None = None
) -> ChannelAccess | None:
    """What Discord tells of a channel; a channel that is not surely the server's own is none to post in.

    Args:
        interaction: comes with the bot's permissions in its own channel.

    Returns:
        None when the channel is the server's own and nothing is told of the bot's permissions there.
    """
    if not is_snowflake(channel_ref.workspace) or not is_snowflake(channel_ref.channel):
        return ChannelAccess(AccessProblem.OTHER_SERVER)
    guild = client.get_guild(int(channel_ref.workspace))
    if interaction is not None and channel_ref == ChannelRef(
        str(interaction.guild_id), str(interaction.channel_id)
    ):
        if guild is None and interaction.is_user_integration() and not interaction.is_guild_integration():
            return ChannelAccess(AccessProblem.BOT_NOT_INSTALLED)
        if interaction.app_permissions.value:
            return _access_from_permissions(
                interaction.app_permissions, is_thread=isinstance(interaction.channel, discord.Thread)
            )
        if guild is None:
            return None
    if guild is None:
        return ChannelAccess(AccessProblem.BOT_NOT_INSTALLED)
    assert client.user is not None, "whoever gets events is logged in"
    return await check_guild_channel(guild, int(channel_ref.channel), client.user)


async def check_guild_channel(
    guild: discord.Guild, channel_id: int, bot_user: discord.abc.Snowflake, timeout: float = CHECK_TIMEOUT
) -> ChannelAccess | None:
    """What a server tells of a channel: from what the gateway brought, else asked.

    Args:
        me: the bot.
        limit: seconds.

    Returns:
        None when the channel is the server's own and the bot's permissions cannot be told.
    """
    try:
        async with asyncio.timeout(timeout):
            channel = guild.get_channel_or_thread(channel_id) or await guild.fetch_channel(channel_id)
            member = guild.me or await _fetch_bot_member(guild, bot_user)
            return (
                None if member is None else replace(await _check_channel(channel, member), name=channel.name)
            )
    except (discord.NotFound, discord.InvalidData) as error:
        stranger = isinstance(error, discord.NotFound) and error.code == _UNKNOWN_MEMBER
        return ChannelAccess(AccessProblem.BOT_NOT_INSTALLED if stranger else AccessProblem.OTHER_SERVER)
    except discord.Forbidden:
        # The gateway tells all channels of a server, so what is not among them is another's.
        return (
            ChannelAccess(AccessProblem.OTHER_SERVER)
            if guild.channels
            else ChannelAccess(AccessProblem.MISSING_PERMISSION, (_VIEW_PERMISSION,))
        )
    except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
        log.warning("the channel %s could not be looked at: %s", channel_id, error or type(error).__name__)
        return ChannelAccess(AccessProblem.CHECK_FAILED)


async def _fetch_bot_member(guild: discord.Guild, bot_user: discord.abc.Snowflake) -> discord.Member | None:
    """The bot as the server's member; None when Discord does not tell.

    Raises:
        discord.NotFound: when it is none.
    """
    try:
        return await guild.fetch_member(bot_user.id)
    except discord.HTTPException as error:
        if error.code == _UNKNOWN_MEMBER:
            raise
        log.warning("the bot's own permissions in %s could not be looked at: %s", guild.id, error)
        return None


async def _check_channel(
    channel: discord.abc.GuildChannel | discord.Thread, member: discord.Member
) -> ChannelAccess:
    if not isinstance(channel, discord.Thread):
        writable = isinstance(channel, discord.abc.Messageable)
        return (
            _access_from_permissions(channel.permissions_for(member))
            if writable
            else ChannelAccess(AccessProblem.NOT_WRITABLE)
        )
    if channel.locked:
        return ChannelAccess(AccessProblem.ARCHIVED)
    parent = channel.parent or await channel.guild.fetch_channel(channel.parent_id)
    assert not isinstance(parent, discord.Thread), "threads hang on channels"
    return _access_from_permissions(parent.permissions_for(member), is_thread=True)


def _access_from_permissions(permissions: discord.Permissions, *, is_thread: bool = False) -> ChannelAccess:
    """Access by what is granted; a channel that cannot be viewed tells nothing of the rest."""
    if permissions.administrator:
        return ChannelAccess()
    if not permissions.view_channel:
        return ChannelAccess(AccessProblem.MISSING_PERMISSION, (_VIEW_PERMISSION,))
    write = "send_messages_in_threads" if is_thread else "send_messages"
    return (
        ChannelAccess()
        if getattr(permissions, write)
        else ChannelAccess(AccessProblem.MISSING_PERMISSION, (write,))
    )


def is_snowflake(text: str) -> bool:
    """Whether a text has the shape of an id of Discord's."""
    return text.isascii() and text.isdigit() and len(text) <= 20


async def enrich_request(
    request: Request,
    command: Command | None,
    client: discord.Client,
    interaction: discord.Interaction[Any] | None = None,
) -> Request:
    """Return the request with the bot's access to the channel that its command would post in, if any."""
    channel = command.find_posting_channel(request) if command is not None else None
    if channel is None:
        return request
    return replace(request, channel_access=await check_channel_access(client, channel, interaction))
