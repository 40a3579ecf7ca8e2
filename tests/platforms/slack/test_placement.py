"""Audience, place, and where it was asked: each has one way, and nothing private a public one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.platforms.slack import payloads
from tests.platforms.slack.conftest import SlackHarness, read_text
from tests.platforms.slack.probe_commands import ProbeCommands

NOW = datetime(2026, 11, 24, tzinfo=UTC)
PUBLIC_METHODS = {"chat.postMessage", "chat.update"}


async def test_for_everyone_after_a_slash_command_is_the_channel(probe_harness: SlackHarness) -> None:
    assert (await probe_harness.type_command("show shared"))["response_type"] == "in_channel"


async def test_a_thread_is_opened_in_the_channel_by_its_name(probe_harness: SlackHarness) -> None:
    assert await probe_harness.type_command("show thread") == {}
    first = await probe_harness.slack.wait_for_call("chat.postMessage")
    second = await probe_harness.slack.wait_for_call("chat.postMessage", 2)
    assert (first["channel"], first["text"]) == ("C1", "A thread")
    assert (second["channel"], second["thread_ts"]) == ("C1", "1800000000.000001")


async def test_a_thread_asked_for_in_a_thread_is_that_one(probe_harness: SlackHarness) -> None:
    await probe_harness.post_payload(payloads.build_mention("show thread", thread_ts="1700.1"))
    await probe_harness.post_payload(payloads.build_mention("show thread", ts="1700.9"))
    await probe_harness.wait_until_idle()
    assert {shown["thread_ts"] for shown in probe_harness.slack.list_payloads("chat.postMessage")} == {
        "1700.1",
        "1700.9",
    }


async def test_a_channel_that_the_bot_is_not_in_says_how_to_invite_it(probe_harness: SlackHarness) -> None:
    probe_harness.slack.faults["chat.postMessage"] = ["not_in_channel"]
    await probe_harness.type_command("show thread")
    told = await probe_harness.slack.wait_for_call("response_url")
    assert "/invite" in told["text"]
    assert told["response_type"] == "ephemeral"


async def test_private_thread_is_in_direct_messages_and_announced_to_the_asker(
    probe_harness: SlackHarness,
) -> None:
    await probe_harness.type_command("show private thread")
    told = await probe_harness.slack.wait_for_call("response_url")
    opened, inside = probe_harness.slack.list_payloads("chat.postMessage")
    assert (opened["channel"], opened["text"]) == ("U1", "A check")
    assert (inside["channel"], inside["thread_ts"]) == ("D1", "1800000000.000001")
    assert told["response_type"] == "ephemeral"
    assert "https://work.example/archives/D1/p1800000000.000001" in read_text(told["blocks"])


async def test_private_thread_without_a_link_is_still_announced(probe_harness: SlackHarness) -> None:
    probe_harness.slack.faults["chat.getPermalink"] = ["message_not_found"]
    await probe_harness.type_command("show private thread")
    assert "messages" in (await probe_harness.slack.wait_for_call("response_url"))["text"]


async def test_a_private_thread_goes_on_where_it_is(probe_harness: SlackHarness) -> None:
    await probe_harness.post_payload(payloads.build_direct_message("show private thread", thread_ts="1700.1"))
    shown = await probe_harness.slack.wait_for_call("chat.postMessage")
    assert (shown["channel"], shown["thread_ts"]) == ("D1", "1700.1")


async def test_a_replacement_in_ones_own_messages_falls_back_to_an_update(
    probe_harness: SlackHarness,
) -> None:
    probe_harness.slack.faults["response_url"] = [(404, {})]
    await probe_harness.click(
        "bot:show", block_id="own.1.1", channel="D1", ephemeral=False, message_ts="1700.5", thread_ts="1700.1"
    )
    assert "1700.5" not in str(probe_harness.slack.list_payloads("chat.update"))
    await probe_harness.wait_until_idle()


@pytest.mark.parametrize("name", ["replaced", "miss", "private thread", "direct", "prose"])
@pytest.mark.parametrize("entry_point", ["slash", "mention", "mention in a thread", "shortcut"])
@pytest.mark.parametrize("failing_methods", [(), ("chat.postEphemeral",), ("response_url",)])
async def test_what_is_private_is_never_seen_by_others(
    probe_harness: SlackHarness, name: str, entry_point: str, failing_methods: tuple[str, ...]
) -> None:
    for method in failing_methods:
        probe_harness.slack.faults[method] = ["user_not_in_channel"] * 9 if "." in method else [(404, {})] * 9
    line = f"show {name}"
    if entry_point == "slash":
        ack = await probe_harness.type_command(line)
        assert ack.get("response_type", "ephemeral") == "ephemeral"
    elif entry_point == "shortcut":
        await probe_harness.post_payload(
            payloads.build_shortcut(line, probe_harness.slack.response_url, thread_ts="1700.1")
        )
    else:
        await probe_harness.post_payload(
            payloads.build_mention(line, thread_ts="1700.1" if "thread" in entry_point else None)
        )
    await probe_harness.wait_until_idle()
    for call in probe_harness.slack.calls:
        if call.method in PUBLIC_METHODS:
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
async def test_uninstalling_workspace_is_erased(
    probe_harness: SlackHarness, probe_commands: ProbeCommands, event: dict[str, object], erased: bool
) -> None:
    assert not probe_commands.service.check_and_mark_processed("slack", "T1", "C1.1", NOW)
    assert not probe_commands.service.check_and_mark_processed("slack", "T2", "C1.1", NOW)
    await probe_harness.post_payload(payloads.build_event(**event))
    await probe_harness.wait_until_idle()
    assert probe_commands.service.check_and_mark_processed("slack", "T1", "C1.1", NOW) is not erased
    assert probe_commands.service.check_and_mark_processed("slack", "T2", "C1.1", NOW)


async def test_the_bots_own_conversation_is_known_also_without_the_rows_mark(
    probe_harness: SlackHarness,
) -> None:
    await probe_harness.type_command("show direct")
    await probe_harness.slack.wait_for_call("response_url")
    await probe_harness.click("bot:count.again", channel="D1", ephemeral=False)
    assert (await probe_harness.slack.wait_for_call("chat.postMessage", 2))["channel"] == "D1"
    await probe_harness.click("bot:count.again", channel="D2", ephemeral=False)
    assert (await probe_harness.slack.wait_for_call("response_url", 2))["response_type"] == "ephemeral"


async def test_a_message_that_slack_sends_no_copy_of_is_one_persons(probe_harness: SlackHarness) -> None:
    pressed = payloads.build_click("bot:show", probe_harness.slack.response_url)
    del pressed["container"]["is_ephemeral"]
    pressed["actions"][0] |= {"action_id": "bot:show.replaced"}
    await probe_harness.post_payload(pressed)
    shown = await probe_harness.slack.wait_for_call("response_url")
    assert (shown["replace_original"], shown["response_type"]) == (True, "ephemeral")
