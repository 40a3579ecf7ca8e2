"""However often Slack brings something, it is answered once."""

from __future__ import annotations

import asyncio

import pytest

from tests.platforms.slack import payloads
from tests.platforms.slack.conftest import Workspace
from tests.platforms.slack.probes import Probes

TIMES = 1_000


async def test_a_mention_brought_a_thousand_times_is_answered_once(probed: Workspace, probes: Probes) -> None:
    for _ in range(TIMES):  # one message has come under several event ids
        await probed.straight(payloads.mention("count", ts="1700.1"))
    for number in "123":
        retry = {"X-Slack-Retry-Num": number, "X-Slack-Retry-Reason": "http_timeout"}
        assert await probed.post(payloads.mention("count", ts="1700.1"), **retry) == (200, "")
    await probed.settled()
    assert probes.ran == 1
    assert len(probed.slack.calls) == 1


async def test_a_button_pressed_a_thousand_times_by_an_impatient_finger_is_pressed_once(
    probed: Workspace, probes: Probes
) -> None:
    for _ in range(TIMES):
        await probed.straight(payloads.click("bot:count.again", probed.slack.response_url))
    await probed.settled()
    assert probes.ran == 1
    assert len(probed.slack.made("response_url")) == 1


async def test_a_replayed_command_is_answered_once(probed: Workspace, probes: Probes) -> None:
    replayed = payloads.command("count", probed.slack.response_url)
    answers = [await probed.straight(replayed) for _ in range(TIMES)]
    assert [bool(ack) for ack in answers] == [True] + [False] * (TIMES - 1)
    assert probes.ran == 1


async def test_a_form_submitted_twice_is_taken_once(probed: Workspace) -> None:
    await probed.say("fill")
    opened = await probed.slack.next("views.open")
    filled = payloads.submission(opened["view"], {"name": "Ann"})
    await asyncio.gather(*(probed.post(filled) for _ in range(20)))
    await probed.settled()
    assert len(probed.slack.made("response_url")) == 1


@pytest.mark.parametrize("first", ["mention", "message"])
async def test_a_mention_that_comes_as_a_message_too_is_answered_once(
    probed: Workspace, probes: Probes, first: str
) -> None:
    channel, ts = "D1", "1700.1"
    mention = payloads.mention("count", ts=ts)
    mention["event"]["channel"] = channel
    both = [mention, payloads.direct("count", ts=ts)]
    for payload in both if first == "mention" else reversed(both):
        await probed.post(payload)
    await asyncio.gather(*(probed.post(payload) for payload in both * 50))
    await probed.settled()
    assert probes.ran == 1


async def test_two_people_pressing_the_same_button_are_both_answered(
    probed: Workspace, probes: Probes
) -> None:
    await asyncio.gather(*(probed.click("bot:count.again", user=f"U{n}", ephemeral=False) for n in range(20)))
    await probed.settled()
    assert probes.ran == 20


async def test_the_changes_of_one_message_arrive_in_the_order_of_the_presses(probed: Workspace) -> None:
    for label in ("first", "second", "third"):
        await probed.click(f"bot:count.again:{label}")
    await probed.settled()
    assert [shown["text"].split()[1] for shown in probed.slack.made("response_url")] == ["1", "2", "3"]
