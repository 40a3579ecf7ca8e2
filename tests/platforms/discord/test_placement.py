"""Mentions, direct messages and threads: what is private never reaches a public place."""

from __future__ import annotations

from pathlib import Path

import discord
import pytest

from tests.platforms.discord.discord_harness import list_button_labels, press_control, read_text, run_harness


async def test_a_mention_is_answered_in_a_thread_under_it(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        asked = await here.ann.send(here.channel, f"{here.mention} should I do a phd?")
        (thread,) = here.channel.threads
        assert thread.id == asked.id
        assert thread.name == "Career advice"
        assert "PhD" in read_text(thread.last_message)
        await here.bob.send(thread, f"{here.mention} compare big tech, academia")
        assert "Collaboration" in read_text(thread.last_message)
        assert not [one for one in here.channel.history() if one.components]


@pytest.mark.parametrize("line", ["privacy", "card feeling-replaceable"])
async def test_a_private_answer_to_a_mention_repeats_nothing_of_the_question(
    tmp_path: Path, line: str
) -> None:
    async with run_harness(tmp_path) as here:
        await here.ann.send(here.channel, f"{here.mention} {line}")
        (thread,) = here.channel.threads
        said = read_text(thread.last_message)
        assert said.startswith("Only you should see that answer.")
        assert "replaceable" not in said
        opened = await here.bob.click(thread.last_message, label="Ask a question")
        assert opened.modal is not None


async def test_a_failure_under_a_mention_says_its_reference(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        await here.ann.send(here.channel, f"{here.mention} fail")
        (thread,) = here.channel.threads
        assert "this reference:" in read_text(thread.last_message)


async def test_without_thread_permission_the_reply_goes_to_the_channel(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        here.env.inject_error("POST", "/channels/*/messages/*/threads", status=403, code=50013)
        await here.ann.send(here.channel, f"{here.mention} should I do a phd?")
        assert "PhD" in read_text(here.channel.last_message)


async def test_only_what_names_the_bot_is_for_it(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        await here.ann.send(here.channel, "should I do a phd?")
        await here.ann.send(here.channel, "@everyone phd?")
        await here.ann.send(here.channel, f"<@{here.bob.id}> phd?")
        assert here.channel.threads == []
        assert len(here.channel.history()) == 3


async def test_one_mention_is_answered_once_however_often_it_comes(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        asked = await here.ann.send(here.channel, f"{here.mention} should I do a phd?")
        for _ in range(200):
            here.env.bot.dispatch("message", asked)
        await here.env.settle()
        (thread,) = here.channel.threads
        assert len([one for one in thread.history() if one.author.bot]) == 1


async def test_a_direct_message_is_a_conversation(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        await here.ann.send_dm("should I do a phd?")
        dm = here.ann.user.dm_channel
        shown = dm.last_message
        assert "PhD" in read_text(shown)
        pressed = await press_control(here.ann.user, shown, "Save to DM")
        assert not pressed.ephemeral
        slashed = await here.ann.user.slash("career privacy")
        assert not slashed.ephemeral


async def test_form_in_a_direct_message_is_offered_by_a_button(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        await here.ann.send_dm("gallery")
        await here.ann.send_dm("ask")
        shown = here.ann.user.dm_channel.last_message
        opened = await here.ann.user.click(shown, label=list_button_labels(shown)[0])
        assert opened.modal is not None


async def test_a_check_runs_in_a_private_thread_that_says_who_else_can_open_it(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        started = await here.ann.slash(here.channel, "career gallery", name="private thread")
        (thread,) = here.channel.threads
        assert started.ephemeral
        assert read_text(started.response) == f"Open your private thread: <#{thread.id}>"
        first, second = thread.history()
        assert "moderators of this server can open it" in read_text(first)
        assert list_button_labels(first) == ["Make private"]
        assert read_text(second) == "In a private thread."
        kind = here.env.bot.get_channel(thread.id)
        assert isinstance(kind, discord.Thread)
        assert kind.is_private()
        pressed = await here.ann.click(second, label="Button 1 & more")
        assert read_text(pressed.response) == "**pressed 1**"
        assert len(thread.history()) == 2


async def test_only_me_moves_the_check_to_where_nobody_else_sees_it(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        await here.ann.slash(here.channel, "career gallery", name="private thread")
        (thread,) = here.channel.threads
        first, second = thread.history()
        await here.ann.click(second, label="Button 1 & more")
        await here.env.restart_bot(here.build_client())
        moved = await here.ann.click(first, label="Make private")
        assert moved.ephemeral
        assert read_text(moved.response) == "**pressed 1**"
        assert [read_text(one) for one in thread.history() if not one.flags.ephemeral] == [
            "This moved to a message that only its owner can see."
        ]
        again = await here.ann.click(moved.response, label="Again")
        assert read_text(again.response) == "**pressed again**"


async def test_make_private_confirms_in_an_archived_thread(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        await here.ann.slash(here.channel, "career gallery", name="private thread")
        (thread,) = here.channel.threads
        first, _ = thread.history()
        here.env.inject_error("PATCH", f"/channels/{thread.id}/messages/*", status=400, code=50083)
        moved = await here.ann.click(first, label="Make private")
        assert read_text(moved.response) == "In a private thread."
        assert [read_text(one) for one in thread.history() if not one.flags.ephemeral] == [
            "This moved to a message that only its owner can see."
        ]
        edits = [
            one.json for one in here.env.http_requests if one.method == "PATCH" and "/messages/" in one.path
        ]
        assert edits
        assert all(edit and edit["allowed_mentions"] == {"parse": []} for edit in edits)


async def test_a_stranger_cannot_take_somebodys_check(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        await here.ann.slash(here.channel, "career gallery", name="private thread")
        (thread,) = here.channel.threads
        first, second = thread.history()
        admin = here.guild.create_role("mods", permissions=discord.Permissions(administrator=True))
        mod = here.guild.add_member(here.env.create_user("mod"), roles=[admin])
        refused = await mod.click(first, label="Make private")
        assert refused.ephemeral
        assert "belongs to someone else" in read_text(refused.response)
        assert read_text(thread.history()[1]) == read_text(second)


@pytest.mark.parametrize("code", [50013, 50001, 160006])
async def test_without_a_private_thread_the_check_is_an_ephemeral_message(tmp_path: Path, code: int) -> None:
    async with run_harness(tmp_path) as here:
        here.env.inject_error("POST", "/channels/*/threads", status=403, code=code)
        started = await here.ann.slash(here.channel, "career gallery", name="private thread")
        assert started.ephemeral
        assert read_text(started.response) == "In a private thread."
        assert here.channel.threads == []
        assert here.channel.history() == []
        pressed = await here.ann.click(started.response, label="Button 0 & more")
        assert pressed.response.id == started.response.id


async def test_where_the_bot_may_do_nothing_private_answers_still_work(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        nothing = here.guild.create_text_channel(
            "closed",
            overwrites={
                here.guild.default_role: discord.PermissionOverwrite(
                    send_messages=False, create_private_threads=False
                )
            },
        )
        started = await here.ann.slash(nothing, "career gallery", name="private thread")
        assert started.ephemeral
        assert read_text(started.response) == "In a private thread."


async def test_a_public_thread_is_opened_where_it_was_asked_for(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        started = await here.ann.slash(here.channel, "career gallery", name="thread")
        (thread,) = here.channel.threads
        assert thread.name == "A thread"
        assert read_text(thread.last_message) == "In a thread."
        assert read_text(started.response) == f"It runs in this thread: <#{thread.id}>"


async def test_a_public_thread_that_may_not_be_is_said_privately(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        here.env.inject_error("POST", "/channels/*/threads", status=403, code=50013)
        started = await here.ann.slash(here.channel, "career gallery", name="thread")
        assert started.ephemeral
        assert "not allowed to open a thread" in read_text(started.response)
        assert here.channel.history() == []


async def test_press_in_an_archived_thread_unarchives_it(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        await here.ann.slash(here.channel, "career gallery", name="private thread")
        (thread,) = here.channel.threads
        _, second = thread.history()
        here.env.inject_error("POST", "/interactions/*/callback", status=400, code=50083)
        pressed = await here.ann.click(second, label="Button 1 & more")
        assert read_text(pressed.response) == "**pressed 1**"
        woken = [
            one
            for one in here.env.http_requests
            if one.method == "PATCH" and one.path == f"/channels/{thread.id}"
        ]
        assert [one.json for one in woken] == [{"archived": False}]
