"""Audience, place, and where it was asked: each has one way, and nothing private a public one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.platforms.slack import payloads
from tests.platforms.slack.conftest import Workspace, words
from tests.platforms.slack.probes import Probes

NOW = datetime(2026, 11, 24, tzinfo=UTC)
PUBLIC = {"chat.postMessage", "chat.update"}


async def test_for_everyone_after_a_slash_command_is_the_channel(probed: Workspace) -> None:
    assert (await probed.say("show shared"))["response_type"] == "in_channel"


async def test_a_thread_is_opened_in_the_channel_by_its_name(probed: Workspace) -> None:
    assert await probed.say("show thread") == {}
    first = await probed.slack.next("chat.postMessage")
    second = await probed.slack.next("chat.postMessage", 2)
    assert (first["channel"], first["text"]) == ("C1", "A thread")
    assert (second["channel"], second["thread_ts"]) == ("C1", "1800000000.000001")


async def test_a_thread_asked_for_in_a_thread_is_that_one(probed: Workspace) -> None:
    await probed.post(payloads.mention("show thread", thread_ts="1700.1"))
    await probed.post(payloads.mention("show thread", ts="1700.9"))
    await probed.settled()
    assert {shown["thread_ts"] for shown in probed.slack.made("chat.postMessage")} == {"1700.1", "1700.9"}


async def test_a_channel_that_the_bot_is_not_in_says_how_to_invite_it(probed: Workspace) -> None:
    probed.slack.trouble["chat.postMessage"] = ["not_in_channel"]
    await probed.say("show thread")
    told = await probed.slack.next("response_url")
    assert "/invite" in told["text"]
    assert told["response_type"] == "ephemeral"


async def test_a_private_thread_is_in_ones_own_messages_and_only_the_asker_is_told(probed: Workspace) -> None:
    await probed.say("show private thread")
    told = await probed.slack.next("response_url")
    opened, inside = probed.slack.made("chat.postMessage")
    assert (opened["channel"], opened["text"]) == ("U1", "A check")
    assert (inside["channel"], inside["thread_ts"]) == ("D1", "1800000000.000001")
    assert told["response_type"] == "ephemeral"
    assert "https://work.example/archives/D1/p1800000000.000001" in words(told["blocks"])


async def test_a_private_thread_without_its_link_is_still_told(probed: Workspace) -> None:
    probed.slack.trouble["chat.getPermalink"] = ["message_not_found"]
    await probed.say("show private thread")
    assert "messages" in (await probed.slack.next("response_url"))["text"]


async def test_a_private_thread_goes_on_where_it_is(probed: Workspace) -> None:
    await probed.post(payloads.direct("show private thread", thread_ts="1700.1"))
    shown = await probed.slack.next("chat.postMessage")
    assert (shown["channel"], shown["thread_ts"]) == ("D1", "1700.1")


async def test_a_replacement_in_ones_own_messages_falls_back_to_an_update(probed: Workspace) -> None:
    probed.slack.trouble["response_url"] = [(404, {})]
    await probed.click(
        "bot:show", block_id="own.1.1", channel="D1", ephemeral=False, message="1700.5", thread="1700.1"
    )
    assert "1700.5" not in str(probed.slack.made("chat.update"))
    await probed.settled()


@pytest.mark.parametrize("name", ["replaced", "miss", "private thread", "direct", "prose"])
@pytest.mark.parametrize("asked", ["slash", "mention", "mention in a thread", "shortcut"])
@pytest.mark.parametrize("broken", [(), ("chat.postEphemeral",), ("response_url",)])
async def test_what_is_private_is_never_seen_by_others(
    probed: Workspace, name: str, asked: str, broken: tuple[str, ...]
) -> None:
    for method in broken:
        probed.slack.trouble[method] = ["user_not_in_channel"] * 9 if "." in method else [(404, {})] * 9
    line = f"show {name}"
    if asked == "slash":
        ack = await probed.say(line)
        assert ack.get("response_type", "ephemeral") == "ephemeral"
    elif asked == "shortcut":
        await probed.post(payloads.shortcut(line, probed.slack.response_url, thread="1700.1"))
    else:
        await probed.post(payloads.mention(line, thread_ts="1700.1" if "thread" in asked else None))
    await probed.settled()
    for call in probed.slack.calls:
        if call.method in PUBLIC:
            assert call.payload["channel"] in ("U1", "D1"), call
        if call.method == "response_url":
            assert call.payload["response_type"] == "ephemeral"


@pytest.mark.parametrize(
    ("event", "erased"),
    [
        ({"type": "app_uninstalled"}, True),
        ({"type": "tokens_revoked", "tokens": {"bot": ["UBOT"]}}, True),
        ({"type": "tokens_revoked", "tokens": {"oauth": ["U1"]}}, False),
    ],
)
async def test_a_workspace_that_sends_the_bot_away_is_forgotten(
    probed: Workspace, probes: Probes, event: dict[str, object], erased: bool
) -> None:
    assert not probes.service.seen("slack", "T1", "C1.1", NOW)
    assert not probes.service.seen("slack", "T2", "C1.1", NOW)
    await probed.post(payloads.event(**event))
    await probed.settled()
    assert probes.service.seen("slack", "T1", "C1.1", NOW) is not erased
    assert probes.service.seen("slack", "T2", "C1.1", NOW)


async def test_the_bots_own_conversation_is_known_also_without_the_rows_mark(probed: Workspace) -> None:
    await probed.say("show direct")
    await probed.slack.next("response_url")
    await probed.click("bot:count.again", channel="D1", ephemeral=False)
    assert (await probed.slack.next("chat.postMessage", 2))["channel"] == "D1"
    await probed.click("bot:count.again", channel="D2", ephemeral=False)
    assert (await probed.slack.next("response_url", 2))["response_type"] == "ephemeral"


async def test_a_message_that_slack_sends_no_copy_of_is_one_persons(probed: Workspace) -> None:
    pressed = payloads.click("bot:show", probed.slack.response_url)
    del pressed["container"]["is_ephemeral"]
    pressed["actions"][0] |= {"action_id": "bot:show.replaced"}
    await probed.post(pressed)
    shown = await probed.slack.next("response_url")
    assert (shown["replace_original"], shown["response_type"]) == (True, "ephemeral")
