"""An assessment on Discord: in its private thread, with the bot started anew between any two presses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import discord

from tests.platforms.discord.world import World, labels, text, world

QUIZ = "research-or-engineering"
_STEERING = ("Back", "Skip", "Stop")


async def press(here: World, who: Any, message: Any, label: str) -> Any:
    """Press what reads so; the message afterwards."""
    pressed = await who.click(message, label=label)
    return pressed.response


def answers(message: Any) -> list[str]:
    """The answers that can be pressed."""
    return [label for label in labels(message) if label not in _STEERING]


async def test_a_run_survives_a_restart_before_every_press(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        started = await here.ann.slash(here.hall, "career quiz", name=QUIZ)
        assert started.ephemeral
        (thread,) = here.hall.threads
        assert thread.name == "Career check"
        line, shown = thread.history()
        assert "moderators of this server can open it" in text(line)
        shown = await press(here, here.ann, shown, labels(shown)[0])
        for step in range(30):
            if "Stop" not in labels(shown):
                break
            await here.env.restart_bot(here.client())
            if step == 2:
                shown = await press(here, here.ann, shown, "Back")
            shown = await press(here, here.ann, shown, answers(shown)[0])
        assert "Share here" in labels(shown), text(shown)
        assert len([one for one in thread.history() if one.author.bot]) == 2, "edited in place"


async def test_a_result_is_shared_where_people_read_it(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.ann.slash(here.hall, "career quiz", name=QUIZ)
        (thread,) = here.hall.threads
        shown = thread.history()[1]
        shown = await press(here, here.ann, shown, labels(shown)[0])
        while "Stop" in labels(shown):
            shown = await press(here, here.ann, shown, answers(shown)[0])
        told = await here.ann.click(shown, label="Share here")
        assert told.ephemeral
        assert text(told.response) == f"It is in the channel now: {here.hall.mention}"
        public = here.hall.last_message
        assert public is not None
        assert "Shared by ann" in text(public) or "ann" in text(public)
        here.env.inject_error("POST", f"/channels/{here.hall.id}/messages", status=403, code=50013)
        await here.env.restart_bot(here.client())
        refused = await here.ann.click(shown, label="Share here")
        assert "may not write in that channel" in text(refused.response)


async def test_a_run_moves_to_where_only_its_owner_sees_it_and_goes_on(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.ann.slash(here.hall, "career quiz", name=QUIZ)
        (thread,) = here.hall.threads
        line, shown = thread.history()
        shown = await press(here, here.ann, shown, labels(shown)[0])
        asked = text(shown)
        moved = await here.ann.click(line, label="Only me")
        assert moved.ephemeral
        assert text(moved.response) == asked
        onward = await press(here, here.ann, moved.response, answers(moved.response)[0])
        assert onward.ephemeral
        assert text(onward) != asked
        assert all("?" not in text(one) for one in thread.history() if not one.flags.ephemeral)


async def test_what_is_typed_beside_a_run_is_told_to_be_no_answer(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.ann.slash(here.hall, "career quiz", name=QUIZ)
        (thread,) = here.hall.threads
        for typed in (f"{here.mention} probably the second", "probably the second"):
            await here.ann.send(thread, typed)
            last = thread.last_message
            assert last is not None
            assert "Press a button above" in text(last), typed


async def test_a_public_run_is_its_owners_and_offers_everyone_their_own(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.ann.slash(here.hall, "career quiz", name=QUIZ, here=True)
        (thread,) = here.hall.threads
        known = here.env.bot.get_channel(thread.id)
        assert isinstance(known, discord.Thread)
        assert not known.is_private()
        shown = thread.last_message
        before = text(shown)
        refused = await here.bob.click(shown, label=labels(shown)[0])
        assert refused.ephemeral
        assert text(thread.last_message) == before
        onward = await press(here, here.ann, shown, labels(shown)[0])
        assert not onward.ephemeral
        assert text(thread.last_message) != before
