"""A tip on Discord: set up by typed options, posted when it is due, in a channel or to a person."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import NotSent
from bot.platforms.discord.delivering import deliver
from tests.platforms.discord.world import World, press, text, world

DISCORD = frozenset({"discord"})


async def _due(here: World):  # type: ignore[no-untyped-def]
    due = here.service.next_due(DISCORD)
    assert due is not None
    (tip,) = here.service.claim(DISCORD, due)
    assert here.service.begin(tip, due)
    return tip


async def test_a_tip_that_an_admin_confirms_arrives_in_its_channel(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        typed = {"action": "on", "when": "tuesday", "time": "09:00", "zone": "Europe/Berlin"}
        shown = await here.boss.slash(here.hall, "career tips", **typed)
        assert shown.ephemeral
        assert "Tue 01 Dec 2026, 09:00" in text(shown.response)
        done = await press(here.boss, shown.response, "Confirm")
        assert "The first tip comes here" in text(done.response)
        tip = await _due(here)
        number = await deliver(here.env.bot, tip)
        posted = here.hall.last_message
        assert str(posted.id) == number
        assert "A tip for today" in text(posted)
        card = await press(here.bob, posted, "Read the card")
        assert card.ephemeral


async def test_a_members_own_tip_comes_by_direct_message(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        typed = {"action": "on", "when": "daily", "time": "09:00", "zone": "Europe/Berlin", "channel": "me"}
        shown = await here.ann.slash(here.hall, "career tips", **typed)
        await press(here.ann, shown.response, "Confirm")
        await deliver(here.env.bot, await _due(here))
        assert "A tip for today" in text(here.ann.user.dm_channel.last_message)


async def test_a_member_who_is_no_admin_sets_up_nothing_for_a_channel(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        typed = {"action": "on", "when": "daily", "time": "09:00", "zone": "Europe/Berlin"}
        shown = await here.ann.slash(here.hall, "career tips", **typed)
        assert "Only admins" in text(shown.response)


@pytest.mark.parametrize(("status", "code"), [(403, 50013), (404, 10003), (403, 50001)])
async def test_what_discord_refuses_is_told_by_its_number(tmp_path: Path, status: int, code: int) -> None:
    async with world(tmp_path) as here:
        typed = {"action": "on", "when": "daily", "time": "09:00", "zone": "Europe/Berlin"}
        shown = await here.boss.slash(here.hall, "career tips", **typed)
        await press(here.boss, shown.response, "Confirm")
        tip = await _due(here)
        here.env.inject_error("POST", f"/channels/{here.hall.id}/messages", status=status, code=code)
        with pytest.raises(NotSent) as told:
            await deliver(here.env.bot, tip)
        assert (told.value.reason, told.value.maybe) == (str(code), False)
