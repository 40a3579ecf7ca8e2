"""What is for one person, over every way it can be asked for and every place it can arrive."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import discord
import pytest

from tests.platforms.discord.discord_harness import (
    PRIVATE_TEXT,
    DiscordHarness,
    press_control,
    read_text,
    run_harness,
)

DESTINATIONS = ("here", "replace", "direct", "private")
OpenChannel = Callable[[DiscordHarness], Awaitable[Any]]


async def open_channel(harness: DiscordHarness) -> Any:
    return harness.channel


async def open_thread(harness: DiscordHarness) -> Any:
    await harness.bob.send(harness.channel, f"{harness.mention} should I do a phd?")
    return harness.channel.threads[0]


async def open_channel_without_threads(harness: DiscordHarness) -> Any:
    """A channel where the bot may write but open no threads."""
    denied = discord.PermissionOverwrite(create_private_threads=False, create_public_threads=False)
    return harness.guild.create_text_channel("bare", overwrites={harness.guild.default_role: denied})


def list_messages_visible_to_bob(harness: DiscordHarness) -> list[str]:
    """Everything that Bob can read."""
    places = [channel for channel in harness.guild.channels.values() if not channel.is_thread]
    known = [one for channel in places for one in (channel, *channel.threads)]
    said: list[str] = []
    for channel in known:
        cached = harness.env.bot.get_channel(channel.id)
        if isinstance(cached, discord.Thread) and cached.is_private():
            continue
        said += [read_text(one) for one in channel.history(viewer=harness.bob) if one.author.bot]
    return said


@pytest.mark.parametrize("place", [open_channel, open_thread, open_channel_without_threads])
@pytest.mark.parametrize("where", DESTINATIONS)
async def test_it_reaches_the_asker_and_nobody_else(tmp_path: Path, place: OpenChannel, where: str) -> None:
    async with run_harness(tmp_path) as here:
        spot = await place(here)
        typed = await here.ann.slash(spot, "career quiet", name=where)
        assert typed.ephemeral
        pressed = (
            await press_control(here.ann, typed.response, where)
            if PRIVATE_TEXT in read_text(typed.response)
            else None
        )
        await here.ann.send(spot, f"{here.mention} quiet {where}")
        assert len(here.commands.requests) == (2 if pressed is None else 3)
        assert PRIVATE_TEXT not in "".join(list_messages_visible_to_bob(here))
        reached = read_text(typed.response) + "".join(map(read_text, here.ann.user.dm_channel.history()))
        reached += "".join(
            read_text(one)
            for channel in (here.channel, spot)
            for own in channel.threads
            for one in own.history()
        )
        assert PRIVATE_TEXT in reached


@pytest.mark.parametrize("where", DESTINATIONS)
async def test_pressed_on_a_message_that_all_read_it_leaves_that_message_alone(
    tmp_path: Path, where: str
) -> None:
    async with run_harness(tmp_path) as here:
        await here.ann.slash(here.channel, "career gallery", name="quiet buttons")
        public = here.channel.last_message
        before = read_text(public)
        await press_control(here.bob, public, where)
        assert read_text(here.channel.last_message) == before
        assert here.commands.requests[-1].user.name == "bob"


@pytest.mark.parametrize("where", DESTINATIONS)
async def test_in_a_conversation_it_stays_in_the_conversation(tmp_path: Path, where: str) -> None:
    async with run_harness(tmp_path) as here:
        await here.ann.send_dm(f"quiet {where}")
        shown = here.ann.user.dm_channel.last_message
        assert PRIVATE_TEXT in read_text(shown)
        pressed = await press_control(here.ann.user, shown, where)
        assert not pressed.ephemeral
        assert PRIVATE_TEXT in read_text(pressed.response)
