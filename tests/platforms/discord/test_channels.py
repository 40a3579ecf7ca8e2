"""Whether the bot may post in a channel: its own server's only, and only where people write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import discord
import pytest
from simcord.backend.models.channel import Overwrite
from simcord.enums import OverwriteType

from bot.dialogue.access import Access, Barrier, Outlet
from bot.platforms.discord.channels import access
from tests.platforms.discord.world import World, world

SEND = discord.Permissions(send_messages=True)
THREADS = discord.Permissions(send_messages_in_threads=True)


async def _seen(here: World, channel: Any, server: Any = None) -> Access | None:
    workspace = here.guild.id if server is None else server
    return await access(here.env.bot, Outlet(str(workspace), str(getattr(channel, "id", channel))))


async def test_another_servers_channel_is_none_though_the_bot_may_post_there(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        theirs = here.env.create_guild("Other people").create_text_channel("theirs")
        assert await _seen(here, here.hall) == Access()
        for channel in (theirs, 4711, "general", "9" * 30, "٣"):
            assert await _seen(here, channel) == Access(Barrier.ELSEWHERE)
        assert await _seen(here, here.hall, "direct") == Access(Barrier.ELSEWHERE)
        assert await _seen(here, here.hall, 4711) == Access(Barrier.ABSENT)


async def test_a_channel_takes_tips_when_people_write_in_it(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        guild = here.guild
        for written in (guild.create_news_channel("news"), guild.create_voice_channel("voice")):
            assert await _seen(here, written) == Access()
        for silent in (guild.create_category("shelf"), guild.create_forum_channel("forum")):
            assert await _seen(here, silent) == Access(Barrier.WORDLESS)


@pytest.mark.parametrize(
    ("denied", "seen"),
    [(THREADS, Access(Barrier.FORBIDDEN, ("send_messages_in_threads",))), (SEND, Access())],
)
async def test_a_thread_has_a_permission_of_its_own(
    tmp_path: Path, denied: discord.Permissions, seen: Access
) -> None:
    async with world(tmp_path) as here:
        thread = here.env.backend.create_thread(here.hall.id, "daily", here.boss.id)
        me = here.env.bot.user
        assert me is not None
        overwrite = Overwrite(me.id, OverwriteType.MEMBER, allow=0, deny=denied.value)
        here.env.backend.set_overwrite(here.hall.id, overwrite)
        assert await _seen(here, thread) == seen
        assert thread.thread_metadata is not None
        thread.thread_metadata.locked = True
        here.env.backend.announce_channel_update(thread.id)
        assert await _seen(here, thread) == Access(Barrier.ARCHIVED)


@pytest.mark.parametrize(("status", "code"), [(500, 0), (429, 0)])
async def test_what_discord_does_not_tell_is_not_guessed(tmp_path: Path, status: int, code: int) -> None:
    async with world(tmp_path) as here:
        for _ in range(9):
            here.env.inject_error("GET", "/channels/4711", status=status, code=code)
        assert await _seen(here, 4711) == Access(Barrier.UNSEEN)


async def test_the_servers_own_channel_of_which_nothing_else_is_told_is_not_refused(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        bot, me = here.env.bot, here.env.bot.user
        assert me is not None
        guild = bot.get_guild(here.guild.id)
        assert guild is not None
        guild._members.pop(me.id, None)  # a gateway need not bring it
        here.env.inject_error("GET", f"/guilds/{guild.id}/members/{me.id}", status=404, code=0)
        assert await _seen(here, here.hall) is None
        here.env.inject_error("GET", f"/guilds/{guild.id}/members/{me.id}", status=404, code=10007)
        assert await _seen(here, here.hall) == Access(Barrier.ABSENT)
