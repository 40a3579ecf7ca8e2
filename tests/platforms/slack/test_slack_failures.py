"""When something is slow, away or broken: a private sentence with a reference that is also in the log."""

from __future__ import annotations

import asyncio
import logging
import re
from typing import Any

import pytest

from bot.service import Service
from tests.platforms.slack import payloads
from tests.platforms.slack.conftest import SlackHarness, find_controls, run_harness
from tests.platforms.slack.fake_server import run_fake_slack
from tests.platforms.slack.probe_commands import ProbeCommands

SLACK_TIMEOUT = 3.0  # seconds


def find_reference(text: str, log: pytest.LogCaptureFixture) -> str:
    """The reference that a person was given, which must stand in the log too."""
    found = re.search(r"\b[0-9a-f]{6}\b", text)
    assert found, text
    assert any(found[0] in record.getMessage() for record in log.records)
    return found[0]


async def test_a_command_that_sleeps_is_given_up_in_the_ack(
    probe_harness: SlackHarness, caplog: pytest.LogCaptureFixture
) -> None:
    ack = await probe_harness.type_command("stall")
    assert ack["response_type"] == "ephemeral"
    assert "can't tell whether that was saved" in ack["text"], "the store may yet do it"
    find_reference(ack["text"], caplog)


async def test_a_click_that_sleeps_is_acknowledged_at_once_and_given_up_by_a_sentence(
    probe_harness: SlackHarness, caplog: pytest.LogCaptureFixture
) -> None:
    await probe_harness.click("bot:stall")
    told = await probe_harness.slack.wait_for_call("response_url")
    assert (told["response_type"], told["replace_original"]) == ("ephemeral", False)
    find_reference(told["text"], caplog)


async def test_a_command_that_breaks_still_answers(
    probe_harness: SlackHarness, caplog: pytest.LogCaptureFixture
) -> None:
    find_reference((await probe_harness.type_command("explode"))["text"], caplog)
    await probe_harness.post_payload(payloads.build_mention("explode"))
    find_reference((await probe_harness.slack.wait_for_call("chat.postEphemeral"))["text"], caplog)


@pytest.mark.parametrize("trouble", ["hang", "drop", (500, {}), (502, {}), "fatal_error"])
async def test_a_message_whose_answer_is_lost_is_not_sent_again(
    harness: SlackHarness, caplog: pytest.LogCaptureFixture, trouble: Any
) -> None:
    harness.slack.faults["chat.postMessage"] = [trouble]
    async with asyncio.timeout(SLACK_TIMEOUT):
        await harness.post_payload(payloads.build_mention("help"))
        told = await harness.slack.wait_for_call("chat.postEphemeral")
    find_reference(told["text"], caplog)
    assert len(harness.slack.list_payloads("chat.postMessage")) == 1


async def test_with_every_public_way_hanging_the_sentence_finds_another(
    harness: SlackHarness, caplog: pytest.LogCaptureFixture
) -> None:
    harness.slack.faults["chat.postEphemeral"] = ["hang"]
    async with asyncio.timeout(SLACK_TIMEOUT):
        await harness.post_payload(payloads.build_mention("privacy"))
        told = await harness.slack.wait_for_call("chat.postMessage")
    assert told["channel"] == "U1"
    find_reference(told["text"], caplog)


async def test_a_form_that_slack_does_not_open_is_answered_by_a_sentence(
    harness: SlackHarness, caplog: pytest.LogCaptureFixture
) -> None:
    harness.slack.faults["views.open"] = ["expired_trigger_id"]
    await harness.type_command("ask")
    find_reference((await harness.slack.wait_for_call("response_url"))["text"], caplog)


async def test_a_rate_limit_is_waited_for_and_the_answer_sent_once(harness: SlackHarness) -> None:
    harness.slack.faults["chat.postMessage"] = [(429, {"Retry-After": "0"}), (429, {"Retry-After": "0"})]
    await harness.post_payload(payloads.build_mention("help"))
    await harness.slack.wait_for_call("chat.postMessage", 3)
    await harness.wait_until_idle()
    assert len(harness.slack.calls) == 3


async def test_a_used_up_response_url_leaves_a_private_way(harness: SlackHarness) -> None:
    ack = await harness.type_command("should I do a phd?")
    harness.slack.faults["response_url"] = [(404, {})]
    await harness.click(**find_controls(ack["blocks"])["Why this answer?"])
    assert (await harness.slack.wait_for_call("chat.postEphemeral"))["user"] == "U1"


async def test_a_database_that_hangs_delays_no_answer_to_a_message(service: Service) -> None:
    stuck = asyncio.Event()

    async def never(_key: str) -> bool:
        await stuck.wait()
        return True

    async with run_fake_slack() as slack, run_harness(service, slack, remember=never) as work:
        await work.post_payload(payloads.build_direct_message("help"))
        await work.slack.wait_for_call("chat.postMessage")


async def test_what_was_typed_is_read_once_also_when_slack_is_asked(
    probe_harness: SlackHarness, probe_commands: ProbeCommands
) -> None:
    await probe_harness.type_command("whoami")
    await probe_harness.slack.wait_for_call("response_url")
    assert probe_commands.parse_calls == 1
    await probe_harness.type_command("whoami")
    assert probe_commands.parse_calls == 2


async def test_admin_is_fetched_once_after_the_ack(probe_harness: SlackHarness) -> None:
    probe_harness.slack.users["U1"] = {"is_admin": True, "tz": "Europe/Berlin"}
    assert await probe_harness.type_command("whoami") == {}
    told = await probe_harness.slack.wait_for_call("response_url")
    assert "admin True zone Europe/Berlin" in told["text"]
    assert "admin True" in (await probe_harness.type_command("whoami"))["text"]
    assert len(probe_harness.slack.list_payloads("users.info")) == 1


@pytest.mark.parametrize("trouble", ["hang", "user_not_found", (500, {}), (429, {"Retry-After": "30"})])
async def test_failed_user_lookup_asks_to_retry(probe_harness: SlackHarness, trouble: Any) -> None:
    probe_harness.slack.faults["users.info"] = [trouble]
    async with asyncio.timeout(SLACK_TIMEOUT):
        await probe_harness.type_command("whoami")
        told = await probe_harness.slack.wait_for_call("response_url")
    assert "couldn't check whether you're an admin" in told["text"]


async def test_nothing_that_a_person_typed_is_logged(
    probe_harness: SlackHarness, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "bot")
    caplog.set_level(logging.INFO)
    for method in ("chat.postMessage", "chat.postEphemeral", "response_url", "views.open"):
        probe_harness.slack.faults[method] = [(500, {})] * 9
    await probe_harness.type_command("zyzzyva explode")
    await probe_harness.post_payload(payloads.build_mention("zyzzyva"))
    await probe_harness.post_payload(payloads.build_direct_message("zyzzyva"))
    await probe_harness.post_payload(payloads.build_shortcut("zyzzyva", probe_harness.slack.response_url))
    await probe_harness.wait_until_idle()
    assert "zyzzyva" not in caplog.text


async def test_a_stalled_command_does_not_stop_those_that_need_no_database(
    probe_harness: SlackHarness, probe_commands: ProbeCommands
) -> None:
    stalled = [asyncio.create_task(probe_harness.type_command("stall")) for _ in range(12)]
    assert "What I store about you" in (await probe_harness.type_command("privacy"))["text"]
    probe_commands.release.set()
    await asyncio.gather(*stalled)
