"""Buttons, menus and forms: in place, private, once, and after any restart."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.platforms.discord.discord_harness import press_control, read_text, run_harness


async def test_press_replaces_its_private_message(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        shown = await here.ann.slash(here.channel, "career gallery", name="buttons")
        pressed = await here.ann.click(shown.response, label="Button 3 & more")
        assert read_text(pressed.response) == "**pressed 3**"
        assert pressed.response.id == shown.response.id


async def test_a_pick_says_which_line_was_picked(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        shown = await here.ann.slash(here.channel, "career gallery", name="menu")
        await here.ann.select(shown.response, ["gallery.pick:17"])
        assert here.commands.requests[-1].action.encode() == "gallery.pick:17"


async def test_a_private_answer_to_a_public_button_leaves_what_others_read(tmp_path: Path) -> None:
    """The press asks to replace; what is in the channel belongs to everybody, so the answer goes aside."""
    async with run_harness(tmp_path) as here:
        await here.ann.send(here.channel, f"{here.mention} gallery")
        await here.ann.slash(here.channel, "career ask", question="should I do a phd?")
        shown = await here.ann.slash(here.channel, "career card", card="phd-or-not")
        shared = await press_control(here.ann, shown.response, "Share here")
        assert not shared.ephemeral
        public = here.channel.last_message
        assert public is not None
        before = read_text(public)
        assert "Shared by ann" in before
        own = await press_control(here.bob, public, "Ask your own question")
        assert own.modal is not None
        answer = await here.bob.submit_modal(own, {"question": "should I do a phd?"})
        assert answer.ephemeral
        assert read_text(here.channel.last_message) == before


async def test_a_card_goes_to_the_persons_own_messages(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        shown = await here.ann.slash(here.channel, "career card", card="phd-or-not")
        sent = await press_control(here.ann, shown.response, "Save to DM")
        assert sent.ephemeral
        assert read_text(sent.response) == "It is in your direct messages."
        kept = here.ann.user.dm_channel.last_message
        assert "PhD" in read_text(kept)


async def test_closed_direct_messages_are_reported_with_a_fix(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        shown = await here.ann.slash(here.channel, "career card", card="phd-or-not")
        dm = here.ann.user.dm_channel.id
        here.env.inject_error("POST", f"/channels/{dm}/messages", status=403, code=50007)
        sent = await press_control(here.ann, shown.response, "Save to DM")
        assert sent.ephemeral
        assert "Allow direct messages" in read_text(sent.response)


async def test_buttons_menus_and_forms_from_before_a_restart_work(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        buttons = await here.ann.slash(here.channel, "career gallery", name="buttons")
        menu = await here.ann.slash(here.channel, "career gallery", name="menu")
        form = await here.ann.slash(here.channel, "career gallery", name="one line")
        await here.env.restart_bot(here.build_client())
        pressed = await here.ann.click(buttons.response, label="Button 5 & more")
        assert read_text(pressed.response) == "**pressed 5**"
        picked = await here.ann.select(menu.response, ["gallery.pick:3"])
        assert read_text(picked.response) == "**pressed 3**"
        filled = await here.ann.submit_modal(form, {"question": "phd?"})
        assert read_text(filled.response) == "**submitted question=phd?**"


async def test_a_double_click_does_nothing_the_second_time(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        shown = await here.ann.slash(here.channel, "career card", card="phd-or-not")
        for _ in range(5):
            again = await press_control(here.ann, shown.response, "Share here")
            assert again.acknowledged
        assert len(here.channel.history()) == 1


async def test_a_replayed_interaction_is_answered_once(tmp_path: Path) -> None:
    """After a resume the gateway may bring again what it brought before."""
    async with run_harness(tmp_path) as here:
        seen: list[object] = []
        bot = here.env.bot
        heard = bot.on_interaction  # type: ignore[attr-defined]

        async def keep(interaction: object) -> None:
            seen.append(interaction)
            await heard(interaction)

        bot.on_interaction = keep  # type: ignore[attr-defined]
        shown = await here.ann.slash(here.channel, "career gallery", name="one line")
        await here.ann.submit_modal(shown, {"question": "phd?"})
        asked = len(here.commands.requests)
        for _ in range(1_000):
            bot.dispatch("interaction", seen[-1])
        await here.env.settle()
        assert len(here.commands.requests) == asked


async def test_nothing_that_was_sent_is_kept_in_memory(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        for name in ("buttons", "menu", "one line", "shared", "private thread"):
            shown = await here.ann.slash(here.channel, "career gallery", name=name)
            assert shown.acknowledged
        assert here.env.bot.persistent_views == []


async def test_what_discord_refuses_becomes_a_sentence(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        here.env.inject_error("POST", "/interactions/*/callback", status=400, code=50035)
        result = await here.ann.slash(here.channel, "career gallery", name="prose")
        assert result.ephemeral
        assert "this reference:" in read_text(result.response)


async def test_expired_or_acknowledged_interaction_is_dropped(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with run_harness(tmp_path) as here:
        here.env.inject_error("POST", "/interactions/*/callback", status=404, code=10062)
        await here.ann.slash(here.channel, "career gallery", name="prose")
        assert "three seconds" in caplog.text
        here.env.inject_error("POST", "/interactions/*/callback", status=400, code=40060)
        await here.ann.slash(here.channel, "career gallery", name="prose")
        assert "was not answered" not in caplog.text
