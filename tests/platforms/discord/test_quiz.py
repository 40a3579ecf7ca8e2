"""An assessment on Discord: in its private thread, with the bot started anew between any two presses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import discord

from tests.platforms.discord.discord_harness import DiscordHarness, list_button_labels, read_text, run_harness

QUIZ = "research-or-engineering"
_NAVIGATION_LABELS = ("Back", "Skip", "Stop")


async def click_button(harness: DiscordHarness, member: Any, message: Any, label: str) -> Any:
    """Press what reads so; the message afterwards."""
    pressed = await member.click(message, label=label)
    return pressed.response


def list_answer_labels(message: Any) -> list[str]:
    """The answers that can be pressed."""
    return [label for label in list_button_labels(message) if label not in _NAVIGATION_LABELS]


async def test_a_run_survives_a_restart_before_every_press(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        started = await here.ann.slash(here.channel, "career quiz", name=QUIZ)
        assert started.ephemeral
        (thread,) = here.channel.threads
        assert thread.name == "Career check"
        line, shown = thread.history()
        assert "moderators of this server can open it" in read_text(line)
        shown = await click_button(here, here.ann, shown, list_button_labels(shown)[0])
        for step in range(30):
            if "Stop" not in list_button_labels(shown):
                break
            await here.env.restart_bot(here.build_client())
            if step == 2:
                shown = await click_button(here, here.ann, shown, "Back")
            shown = await click_button(here, here.ann, shown, list_answer_labels(shown)[0])
        assert "Share here" in list_button_labels(shown), read_text(shown)
        assert len([one for one in thread.history() if one.author.bot]) == 2, "edited in place"


async def test_a_result_is_shared_where_people_read_it(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        await here.ann.slash(here.channel, "career quiz", name=QUIZ)
        (thread,) = here.channel.threads
        shown = thread.history()[1]
        shown = await click_button(here, here.ann, shown, list_button_labels(shown)[0])
        while "Stop" in list_button_labels(shown):
            shown = await click_button(here, here.ann, shown, list_answer_labels(shown)[0])
        told = await here.ann.click(shown, label="Share here")
        assert told.ephemeral
        assert read_text(told.response) == f"It is in the channel now: {here.channel.mention}"
        public = here.channel.last_message
        assert public is not None
        assert "Shared by ann" in read_text(public) or "ann" in read_text(public)
        here.env.inject_error("POST", f"/channels/{here.channel.id}/messages", status=403, code=50013)
        await here.env.restart_bot(here.build_client())
        refused = await here.ann.click(shown, label="Share here")
        assert "not allowed to write in that channel" in read_text(refused.response)


async def test_a_run_moves_to_where_only_its_owner_sees_it_and_goes_on(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        await here.ann.slash(here.channel, "career quiz", name=QUIZ)
        (thread,) = here.channel.threads
        line, shown = thread.history()
        shown = await click_button(here, here.ann, shown, list_button_labels(shown)[0])
        asked = read_text(shown)
        moved = await here.ann.click(line, label="Make private")
        assert moved.ephemeral
        assert read_text(moved.response) == asked
        onward = await click_button(here, here.ann, moved.response, list_answer_labels(moved.response)[0])
        assert onward.ephemeral
        assert read_text(onward) != asked
        assert all("?" not in read_text(one) for one in thread.history() if not one.flags.ephemeral)


async def test_typed_text_during_a_quiz_is_not_an_answer(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        await here.ann.slash(here.channel, "career quiz", name=QUIZ)
        (thread,) = here.channel.threads
        for typed in (f"{here.mention} probably the second", "probably the second"):
            await here.ann.send(thread, typed)
            last = thread.last_message
            assert last is not None
            assert "Press a button above" in read_text(last), typed


async def test_a_public_run_is_its_owners_and_offers_everyone_their_own(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        await here.ann.slash(here.channel, "career quiz", name=QUIZ, here=True)
        (thread,) = here.channel.threads
        known = here.env.bot.get_channel(thread.id)
        assert isinstance(known, discord.Thread)
        assert not known.is_private()
        shown = thread.last_message
        before = read_text(shown)
        refused = await here.bob.click(shown, label=list_button_labels(shown)[0])
        assert refused.ephemeral
        assert read_text(thread.last_message) == before
        onward = await click_button(here, here.ann, shown, list_button_labels(shown)[0])
        assert not onward.ephemeral
        assert read_text(thread.last_message) != before
