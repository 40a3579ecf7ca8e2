"""However often Slack brings something, it is answered once."""

from __future__ import annotations

import asyncio

import pytest

from tests.platforms.slack import payloads
from tests.platforms.slack.conftest import SlackHarness
from tests.platforms.slack.probe_commands import ProbeCommands

REPEATS = 1_000


async def test_mention_delivered_a_thousand_times_is_answered_once(
    probe_harness: SlackHarness, probe_commands: ProbeCommands
) -> None:
    for _ in range(REPEATS):  # one message has come under several event ids
        await probe_harness.dispatch_payload(payloads.build_mention("count", ts="1700.1"))
    for number in "123":
        retry = {"X-Slack-Retry-Num": number, "X-Slack-Retry-Reason": "http_timeout"}
        assert await probe_harness.post_payload(payloads.build_mention("count", ts="1700.1"), **retry) == (
            200,
            "",
        )
    await probe_harness.wait_until_idle()
    assert probe_commands.count_calls == 1
    assert len(probe_harness.slack.calls) == 1


async def test_a_thousand_repeated_clicks_count_once(
    probe_harness: SlackHarness, probe_commands: ProbeCommands
) -> None:
    for _ in range(REPEATS):
        await probe_harness.dispatch_payload(
            payloads.build_click("bot:count.again", probe_harness.slack.response_url)
        )
    await probe_harness.wait_until_idle()
    assert probe_commands.count_calls == 1
    assert len(probe_harness.slack.list_payloads("response_url")) == 1


async def test_a_replayed_command_is_answered_once(
    probe_harness: SlackHarness, probe_commands: ProbeCommands
) -> None:
    replayed = payloads.build_slash_command("count", probe_harness.slack.response_url)
    answers = [await probe_harness.dispatch_payload(replayed) for _ in range(REPEATS)]
    assert [bool(ack) for ack in answers] == [True] + [False] * (REPEATS - 1)
    assert probe_commands.count_calls == 1


async def test_a_form_submitted_twice_is_taken_once(probe_harness: SlackHarness) -> None:
    await probe_harness.type_command("fill")
    opened = await probe_harness.slack.wait_for_call("views.open")
    filled = payloads.build_submission(opened["view"], {"name": "Ann"})
    await asyncio.gather(*(probe_harness.post_payload(filled) for _ in range(20)))
    await probe_harness.wait_until_idle()
    assert len(probe_harness.slack.list_payloads("response_url")) == 1


@pytest.mark.parametrize("first", ["mention", "message"])
async def test_a_mention_that_comes_as_a_message_too_is_answered_once(
    probe_harness: SlackHarness, probe_commands: ProbeCommands, first: str
) -> None:
    channel, ts = "D1", "1700.1"
    mention = payloads.build_mention("count", ts=ts)
    mention["event"]["channel"] = channel
    both = [mention, payloads.build_direct_message("count", ts=ts)]
    for payload in both if first == "mention" else reversed(both):
        await probe_harness.post_payload(payload)
    await asyncio.gather(*(probe_harness.post_payload(payload) for payload in both * 50))
    await probe_harness.wait_until_idle()
    assert probe_commands.count_calls == 1


async def test_two_people_pressing_the_same_button_are_both_answered(
    probe_harness: SlackHarness, probe_commands: ProbeCommands
) -> None:
    await asyncio.gather(
        *(probe_harness.click("bot:count.again", user=f"U{n}", ephemeral=False) for n in range(20))
    )
    await probe_harness.wait_until_idle()
    assert probe_commands.count_calls == 20


async def test_the_changes_of_one_message_arrive_in_the_order_of_the_presses(
    probe_harness: SlackHarness,
) -> None:
    for label in ("first", "second", "third"):
        await probe_harness.click(f"bot:count.again:{label}")
    await probe_harness.wait_until_idle()
    assert [shown["text"].split()[1] for shown in probe_harness.slack.list_payloads("response_url")] == [
        "1",
        "2",
        "3",
    ]
