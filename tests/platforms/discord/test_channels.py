"""Whether the bot may post in a channel: its own server's only, and only where people write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import discord
import pytest
from simcord.backend.models.channel import Overwrite
from simcord.enums import OverwriteType

from bot.messaging.channel_access import AccessProblem, ChannelAccess, ChannelRef
from bot.platforms.discord.channels import check_channel_access
from tests.platforms.discord.discord_harness import DiscordHarness, run_harness

SEND = discord.Permissions(send_messages=True)
THREADS = discord.Permissions(send_messages_in_threads=True)


async def _check_channel_access(
    harness: DiscordHarness, channel: Any, server: Any = None
) -> ChannelAccess | None:
    workspace = harness.guild.id if server is None else server
    return await check_channel_access(
        harness.env.bot, ChannelRef(str(workspace), str(getattr(channel, "id", channel)))
    )


async def test_another_servers_channel_is_none_though_the_bot_may_post_there(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        theirs = here.env.create_guild("Other people").create_text_channel("theirs")
        assert await _check_channel_access(here, here.channel) == ChannelAccess()
        for channel in (theirs, 4711, "general", "9" * 30, "٣"):
            assert await _check_channel_access(here, channel) == ChannelAccess(AccessProblem.OTHER_SERVER)
        assert await _check_channel_access(here, here.channel, "direct") == ChannelAccess(
            AccessProblem.OTHER_SERVER
        )
        assert await _check_channel_access(here, here.channel, 4711) == ChannelAccess(
            AccessProblem.BOT_NOT_INSTALLED
        )


async def test_a_channel_takes_tips_when_people_write_in_it(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        guild = here.guild
        for written in (guild.create_news_channel("news"), guild.create_voice_channel("voice")):
            assert await _check_channel_access(here, written) == ChannelAccess()
        for silent in (guild.create_category("shelf"), guild.create_forum_channel("forum")):
            assert await _check_channel_access(here, silent) == ChannelAccess(AccessProblem.NOT_WRITABLE)


@pytest.mark.parametrize(
    ("denied", "expected_access"),
    [
        (THREADS, ChannelAccess(AccessProblem.MISSING_PERMISSION, ("send_messages_in_threads",))),
        (SEND, ChannelAccess()),
    ],
)
async def test_a_thread_has_a_permission_of_its_own(
    tmp_path: Path, denied: discord.Permissions, expected_access: ChannelAccess
) -> None:
    async with run_harness(tmp_path) as here:
        thread = here.env.backend.create_thread(here.channel.id, "daily", here.admin.id)
        me = here.env.bot.user
        assert me is not None
        overwrite = Overwrite(me.id, OverwriteType.MEMBER, allow=0, deny=denied.value)
        here.env.backend.set_overwrite(here.channel.id, overwrite)
        assert await _check_channel_access(here, thread) == expected_access
        assert thread.thread_metadata is not None
        thread.thread_metadata.locked = True
        here.env.backend.announce_channel_update(thread.id)
        assert await _check_channel_access(here, thread) == ChannelAccess(AccessProblem.ARCHIVED)


@pytest.mark.parametrize(("status", "code"), [(500, 0), (429, 0)])
async def test_unknown_channel_access_is_none(tmp_path: Path, status: int, code: int) -> None:
    async with run_harness(tmp_path) as here:
        for _ in range(9):
            here.env.inject_error("GET", "/channels/4711", status=status, code=code)
        assert await _check_channel_access(here, 4711) == ChannelAccess(AccessProblem.CHECK_FAILED)


async def test_own_channel_without_member_data_is_not_refused(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        bot, me = here.env.bot, here.env.bot.user
        assert me is not None
        guild = bot.get_guild(here.guild.id)
        assert guild is not None
        guild._members.pop(me.id, None)  # a gateway need not bring it
        here.env.inject_error("GET", f"/guilds/{guild.id}/members/{me.id}", status=404, code=0)
        assert await _check_channel_access(here, here.channel) is None
        here.env.inject_error("GET", f"/guilds/{guild.id}/members/{me.id}", status=404, code=10007)
        assert await _check_channel_access(here, here.channel) == ChannelAccess(
            AccessProblem.BOT_NOT_INSTALLED
        )
