"""A tip on Discord: set up by typed options, posted when it is due, in a channel or to a person."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import discord
import pytest
from simcord.backend.models.channel import Overwrite
from simcord.enums import OverwriteType

from bot.commands import COMMANDS
from bot.domain.outbox import DeliveryPaused, DeliverySent, PauseReason
from bot.errors import DeliveryError
from bot.platforms.discord.platform import DiscordCredentials
from bot.platforms.discord.rate_limits import RateLimitTracker
from bot.platforms.discord.sender import send_delivery
from bot.service import Service
from tests.platforms.discord.discord_harness import (
    NOON,
    DiscordHarness,
    build_platform,
    list_button_labels,
    press_control,
    read_text,
    run_harness,
)

DISCORD = frozenset({"discord"})


async def _begin_due_tip(harness: DiscordHarness):  # type: ignore[no-untyped-def]
    due = harness.service.find_next_due(DISCORD)
    assert due is not None
    (tip,) = harness.service.claim_due(DISCORD, due)
    assert harness.service.begin_sending([tip], due)
    return tip


async def test_a_tip_that_an_admin_confirms_arrives_in_its_channel(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        typed = {"when": "tuesday", "time": "09:00", "zone": "Europe/Berlin"}
        shown = await here.admin.slash(here.channel, "career tips on", **typed)
        assert shown.ephemeral
        assert "Tue 01 Dec 2026, 09:00" in read_text(shown.response)
        done = await press_control(here.admin, shown.response, "Confirm")
        assert "The first tip comes here" in read_text(done.response)
        tip = await _begin_due_tip(here)
        number = await send_delivery(here.env.bot, tip, RateLimitTracker())
        posted = here.channel.last_message
        assert str(posted.id) == number
        assert "A tip for today" in read_text(posted)
        card = await press_control(here.bob, posted, "Read the card")
        assert card.ephemeral


async def test_a_members_own_tip_comes_by_direct_message(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        typed: dict[str, Any] = {"when": "daily", "time": "09:00", "zone": "Europe/Berlin", "me": True}
        shown = await here.ann.slash(here.channel, "career tips on", **typed)
        await press_control(here.ann, shown.response, "Confirm")
        await send_delivery(here.env.bot, await _begin_due_tip(here), RateLimitTracker())
        tip = here.ann.user.dm_channel.last_message
        assert list_button_labels(tip) == ["Read the card", "Helpful?", "Snooze", "Stop"]
        asked = await press_control(here.ann.user, tip, "Snooze")
        rests = await press_control(here.ann.user, asked.response, "A week")
        assert "The next tip comes to your own messages on" in read_text(rests.response)
        ended = await press_control(here.ann.user, tip, "Stop")
        assert "No more tips" in read_text(ended.response)
        assert here.service.context.open_store().subscriptions.list_all() == []


async def test_each_word_takes_its_own_options_and_no_others(tmp_path: Path, service: Service) -> None:
    client = build_platform(service, tmp_path, DiscordCredentials("token")).build_client()
    (told,) = [one.to_dict(client.tree) for one in client.tree.get_commands()]
    below = {one["name"]: one for one in told["options"]}
    tips = {one["name"]: one for one in below["tips"]["options"]}
    assert below["tips"]["type"] == 2
    assert {name: [option["name"] for option in one["options"]] for name, one in tips.items()} == {
        "on": ["when", "time", "zone", "channel", "me", "tags"],
        "off": ["channel", "me"],
        "pause": ["until", "channel", "me"],
        "resume": ["channel", "me"],
        "skip": ["channel", "me"],
        "preview": ["channel", "me"],
        "list": [],
    }
    when, _, _, channel, me, _ = tips["on"]["options"]
    assert (when["type"], when["autocomplete"], when["required"]) == (3, True, False)
    assert (channel["type"], channel["channel_types"]) == (7, [0, 5])
    assert me["type"] == 5
    assert [one["name"] for one in below["admin"]["options"]] == ["status", "reload", "unanswered"]


async def test_a_channel_is_picked_and_named(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        other = here.guild.create_text_channel("other")
        typed = {"when": "daily", "zone": "Europe/Berlin", "channel": other}
        shown = await here.admin.slash(here.channel, "career tips on", **typed)
        assert f"<#{other.id}>" in read_text(shown.response)
        assert ", 09:00 (Europe/Berlin)" in read_text(shown.response)
        await press_control(here.admin, shown.response, "Confirm")
        listed = await here.admin.slash(here.channel, "career tips list")
        assert f"<#{other.id}>" in read_text(listed.response)
        assert str(other.id) not in read_text(listed.response).replace(f"<#{other.id}>", "")
        rests = await here.admin.slash(here.channel, "career tips pause", until="in a week", channel=other)
        assert "Paused" in read_text(rests.response)


async def test_on_with_nothing_opens_the_form_and_a_mistake_opens_it_again(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        shown = await here.admin.slash(here.channel, "career tips on")
        typed = {
            "when": "mon,thu",
            "time": "25:00",
            "zone": "Asia/Tokyo",
            "tags": ["risk"],
            "channel": ["me"],
        }
        wrong = await here.admin.submit_modal(shown, typed)
        assert "25:00" in read_text(wrong.response)
        again = await press_control(here.admin, wrong.response, "Edit")
        components = [part["component"] for part in again.modal["components"]]
        assert [part.get("value") for part in components[:3]] == ["mon,thu", "25:00", "Asia/Tokyo"]
        chosen = [[one["value"] for one in part["options"] if one.get("default")] for part in components[3:]]
        assert chosen == [["risk"], ["me"]]
        right = await here.admin.submit_modal(again, {**typed, "time": "7:30"})
        assert "07:30 (Asia/Tokyo)" in read_text(right.response)


@pytest.mark.parametrize(
    ("leaf", "option", "typed", "first"),
    [
        ("on", "when", "", "daily"),
        ("on", "when", "every-second w", "every-second wednesday"),
        ("on", "when", "every sec", "every-second monday"),
        ("on", "when", "mon,t", "mon,tue"),
        ("on", "when", "every wed", "wednesday"),
        ("on", "when", "la", "last monday"),
        ("on", "when", "fri", "friday"),
        ("on", "time", "", "09:00"),
        ("on", "time", "9", "09:00"),
        ("on", "time", "16:1", "16:00"),
        ("on", "time", "16:15", "16:15"),
        ("on", "zone", "", "Europe/London"),
        ("on", "zone", "berlin", "Europe/Berlin"),
        ("on", "zone", "new y", "America/New_York"),
        ("on", "zone", "asia/k", "Asia/Kolkata"),
        ("on", "tags", "risk gro", "risk growth"),
        ("pause", "until", "", "2026-11-25"),
        ("pause", "until", "in a w", "2026-12-01"),
        ("pause", "until", "friday", "2026-11-27"),
        ("pause", "until", "2026-12-2", "2026-12-20"),
    ],
)
async def test_what_is_typed_is_completed(
    tmp_path: Path, leaf: str, option: str, typed: str, first: str
) -> None:
    async with run_harness(tmp_path) as here:
        found = await here.admin.autocomplete(here.channel, f"career tips {leaf}", option, typed)
        assert found[0]["value"] == first
        assert len(found) <= 25


@pytest.mark.parametrize(
    "typed", ["zz" * 40, "@everyone", "a", "/", ",", "0", "999", "\u202e", "12:99", "- -"]
)
def test_nothing_that_is_typed_breaks_a_suggestion(service: Service, typed: str) -> None:
    options = [option for command in COMMANDS for one in command.subcommands for option in one.options]
    for option in options:
        if option.suggest is not None:
            for words, value in option.suggest(typed, service.context, NOON):
                assert 1 <= len(words) <= 100 >= len(value) >= 1


async def test_a_member_who_is_no_admin_sets_up_nothing_for_a_channel(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        typed = {"when": "daily", "time": "09:00", "zone": "Europe/Berlin"}
        shown = await here.ann.slash(here.channel, "career tips on", **typed)
        assert "Only admins" in read_text(shown.response)


@pytest.mark.parametrize(("status", "code"), [(403, 50013), (404, 10003), (403, 50001)])
async def test_discord_refusals_are_recognized_by_error_code(tmp_path: Path, status: int, code: int) -> None:
    async with run_harness(tmp_path) as here:
        typed = {"when": "daily", "time": "09:00", "zone": "Europe/Berlin"}
        shown = await here.admin.slash(here.channel, "career tips on", **typed)
        await press_control(here.admin, shown.response, "Confirm")
        tip = await _begin_due_tip(here)
        here.env.inject_error("POST", f"/channels/{here.channel.id}/messages", status=status, code=code)
        with pytest.raises(DeliveryError) as told:
            await send_delivery(here.env.bot, tip, RateLimitTracker())
        assert (told.value.reason, told.value.possibly_delivered) == (str(code), False)


VALID_OPTIONS = {"when": "daily", "time": "09:00", "zone": "Europe/Berlin"}
VIEW, SEND = discord.Permissions(view_channel=True), discord.Permissions(send_messages=True)


def _set_permissions(
    harness: DiscordHarness, channel: Any, *, deny: discord.Permissions | None = None
) -> None:
    """Let the bot into a channel, or keep it from something there."""
    me = harness.env.bot.user
    assert me is not None
    denied = 0 if deny is None else deny.value
    overwrite = Overwrite(me.id, OverwriteType.MEMBER, allow=0, deny=denied)
    harness.env.backend.set_overwrite(channel.id, overwrite)


@pytest.mark.parametrize("elsewhere", [False, True])
@pytest.mark.parametrize(("denied", "missing"), [(VIEW, "View Channel"), (SEND, "Send Messages")])
async def test_a_permission_that_is_missing_is_named_until_it_is_granted(
    tmp_path: Path, denied: discord.Permissions, missing: str, elsewhere: bool
) -> None:
    async with run_harness(tmp_path) as here:
        channel = here.guild.create_text_channel("tips") if elsewhere else here.channel
        typed = {**VALID_OPTIONS, "channel": channel} if elsewhere else VALID_OPTIONS
        _set_permissions(here, channel, deny=denied)
        shown = await here.admin.slash(here.channel, "career tips on", **typed)
        assert "A tip for today" in read_text(shown.response)
        assert "09:00 (Europe/Berlin)" in read_text(shown.response)
        assert f"<#{channel.id}> yet. Allow my role {missing} there" in read_text(shown.response)
        assert list_button_labels(shown.response) == ["Check again"]
        assert here.service.find_next_due(DISCORD) is None

        _set_permissions(here, channel)
        mended = await press_control(here.admin, shown.response, "Check again")
        assert list_button_labels(mended.response) == ["Confirm"]
        await press_control(here.admin, mended.response, "Confirm")
        number = await send_delivery(here.env.bot, await _begin_due_tip(here), RateLimitTracker())
        assert str(channel.last_message.id) == number


async def test_mention_is_answered_while_a_channel_is_checked(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        for channel in (here.channel.id, 4711):
            asked = await here.admin.send(here.channel, f"{here.mention} tips on daily 09:00 <#{channel}>")
            (thread,) = (one for one in here.channel.threads if one.id == asked.id)
            assert "Only you should see that answer" in read_text(thread.last_message)


async def test_confirm_checks_access_again(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        shown = await here.admin.slash(here.channel, "career tips on", **VALID_OPTIONS)
        _set_permissions(here, here.channel, deny=SEND)
        barred = await press_control(here.admin, shown.response, "Confirm")
        assert "Allow my role Send Messages" in read_text(barred.response)
        assert here.service.find_next_due(DISCORD) is None


async def test_paused_tips_resume_from_a_direct_message_only_with_post_permission(
    tmp_path: Path,
) -> None:
    async with run_harness(tmp_path) as here:
        shown = await here.admin.slash(here.channel, "career tips on", **VALID_OPTIONS)
        await press_control(here.admin, shown.response, "Confirm")
        tip = await _begin_due_tip(here)
        _set_permissions(here, here.channel, deny=SEND)
        here.service.record_results([(tip, DeliveryPaused(PauseReason.FORBIDDEN))], NOON)
        (word,) = here.service.claim_due(DISCORD, NOON)
        here.service.record_results(
            [(word, DeliverySent(await send_delivery(here.env.bot, word, RateLimitTracker())))], NOON
        )
        told = here.admin.user.dm_channel.last_message
        barred = await press_control(here.admin.user, told, "Resume")
        assert f"I'm not allowed to post in <#{here.channel.id}> yet" in read_text(barred.response)
        assert here.service.find_next_due(DISCORD) is None
        _set_permissions(here, here.channel)
        back = await press_control(here.admin.user, barred.response, "Check again")
        assert "again, next on" in read_text(back.response)
        assert here.service.find_next_due(DISCORD) is not None
