"""What is for one person, over every way it can be asked for and every place it can arrive."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import discord
import pytest

from tests.platforms.discord.world import SECRET, World, press, text, world

WHERE = ("here", "replace", "direct", "private")
Place = Callable[[World], Awaitable[Any]]


async def hall(here: World) -> Any:
    return here.hall


async def thread(here: World) -> Any:
    await here.bob.send(here.hall, f"{here.mention} should I do a phd?")
    return here.hall.threads[0]


async def bare(here: World) -> Any:
    """A channel where the bot may write but open no threads."""
    denied = discord.PermissionOverwrite(create_private_threads=False, create_public_threads=False)
    return here.guild.create_text_channel("bare", overwrites={here.guild.default_role: denied})


def overheard(here: World) -> list[str]:
    """Everything that Bob can read."""
    places = [channel for channel in here.guild.channels.values() if not channel.is_thread]
    known = [one for channel in places for one in (channel, *channel.threads)]
    said: list[str] = []
    for channel in known:
        cached = here.env.bot.get_channel(channel.id)
        if isinstance(cached, discord.Thread) and cached.is_private():
            continue
        said += [text(one) for one in channel.history(viewer=here.bob) if one.author.bot]
    return said


@pytest.mark.parametrize("place", [hall, thread, bare])
@pytest.mark.parametrize("where", WHERE)
async def test_it_reaches_the_asker_and_nobody_else(tmp_path: Path, place: Place, where: str) -> None:
    async with world(tmp_path) as here:
        spot = await place(here)
        typed = await here.ann.slash(spot, "career quiet", name=where)
        assert typed.ephemeral
        pressed = await press(here.ann, typed.response, where) if SECRET in text(typed.response) else None
        await here.ann.send(spot, f"{here.mention} quiet {where}")
        assert len(here.stage.asked) == (2 if pressed is None else 3)
        assert SECRET not in "".join(overheard(here))
        reached = text(typed.response) + "".join(map(text, here.ann.user.dm_channel.history()))
        reached += "".join(
            text(one) for channel in (here.hall, spot) for own in channel.threads for one in own.history()
        )
        assert SECRET in reached


@pytest.mark.parametrize("where", WHERE)
async def test_pressed_on_a_message_that_all_read_it_leaves_that_message_alone(
    tmp_path: Path, where: str
) -> None:
    async with world(tmp_path) as here:
        await here.ann.slash(here.hall, "career gallery", name="quiet buttons")
        public = here.hall.last_message
        before = text(public)
        await press(here.bob, public, where)
        assert text(here.hall.last_message) == before
        assert here.stage.asked[-1].user.name == "bob"


@pytest.mark.parametrize("where", WHERE)
async def test_in_a_conversation_it_stays_in_the_conversation(tmp_path: Path, where: str) -> None:
    async with world(tmp_path) as here:
        await here.ann.send_dm(f"quiet {where}")
        shown = here.ann.user.dm_channel.last_message
        assert SECRET in text(shown)
        pressed = await press(here.ann.user, shown, where)
        assert not pressed.ephemeral
        assert SECRET in text(pressed.response)
