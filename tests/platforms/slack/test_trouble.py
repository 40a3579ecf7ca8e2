"""When something is slow, away or broken: a private sentence with a reference that is also in the log."""

from __future__ import annotations

import asyncio
import logging
import re
from typing import Any

import pytest

from bot.service import Service
from tests.platforms.slack import payloads
from tests.platforms.slack.conftest import Workspace, pressable, working
from tests.platforms.slack.probes import Probes
from tests.platforms.slack.stand_in import stand_in

SLACK_GIVES_UP = 3.0  # seconds


def reference_in(text: str, log: pytest.LogCaptureFixture) -> str:
    """The reference that a person was given, which must stand in the log too."""
    found = re.search(r"\b[0-9a-f]{6}\b", text)
    assert found, text
    assert any(found[0] in record.getMessage() for record in log.records)
    return found[0]


async def test_a_command_that_sleeps_is_given_up_in_the_ack(
    probed: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    ack = await probed.say("stall")
    assert ack["response_type"] == "ephemeral"
    assert "cannot say whether that went through" in ack["text"], "the store may yet do it"
    reference_in(ack["text"], caplog)


async def test_a_click_that_sleeps_is_acknowledged_at_once_and_given_up_by_a_sentence(
    probed: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    await probed.click("bot:stall")
    told = await probed.slack.next("response_url")
    assert (told["response_type"], told["replace_original"]) == ("ephemeral", False)
    reference_in(told["text"], caplog)


async def test_a_command_that_breaks_still_answers(
    probed: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    reference_in((await probed.say("explode"))["text"], caplog)
    await probed.post(payloads.mention("explode"))
    reference_in((await probed.slack.next("chat.postEphemeral"))["text"], caplog)


@pytest.mark.parametrize("trouble", ["hang", "drop", (500, {}), (502, {}), "fatal_error"])
async def test_a_message_whose_answer_is_lost_is_not_sent_again(
    work: Workspace, caplog: pytest.LogCaptureFixture, trouble: Any
) -> None:
    work.slack.trouble["chat.postMessage"] = [trouble]
    async with asyncio.timeout(SLACK_GIVES_UP):
        await work.post(payloads.mention("help"))
        told = await work.slack.next("chat.postEphemeral")
    reference_in(told["text"], caplog)
    assert len(work.slack.made("chat.postMessage")) == 1


async def test_with_every_public_way_hanging_the_sentence_finds_another(
    work: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    work.slack.trouble["chat.postEphemeral"] = ["hang"]
    async with asyncio.timeout(SLACK_GIVES_UP):
        await work.post(payloads.mention("privacy"))
        told = await work.slack.next("chat.postMessage")
    assert told["channel"] == "U1"
    reference_in(told["text"], caplog)


async def test_a_form_that_slack_does_not_open_is_answered_by_a_sentence(
    work: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    work.slack.trouble["views.open"] = ["expired_trigger_id"]
    await work.say("ask")
    reference_in((await work.slack.next("response_url"))["text"], caplog)


async def test_a_rate_limit_is_waited_for_and_the_answer_sent_once(work: Workspace) -> None:
    work.slack.trouble["chat.postMessage"] = [(429, {"Retry-After": "0"}), (429, {"Retry-After": "0"})]
    await work.post(payloads.mention("help"))
    await work.slack.next("chat.postMessage", 3)
    await work.settled()
    assert len(work.slack.calls) == 3


async def test_a_used_up_response_url_leaves_a_private_way(work: Workspace) -> None:
    ack = await work.say("should I do a phd?")
    work.slack.trouble["response_url"] = [(404, {})]
    await work.click(**pressable(ack["blocks"])["Why this answer?"])
    assert (await work.slack.next("chat.postEphemeral"))["user"] == "U1"


async def test_a_database_that_hangs_delays_no_answer_to_a_message(service: Service) -> None:
    stuck = asyncio.Event()

    async def never(_key: str) -> bool:
        await stuck.wait()
        return True

    async with stand_in() as slack, working(service, slack, remember=never) as work:
        await work.post(payloads.direct("help"))
        await work.slack.next("chat.postMessage")


async def test_what_was_typed_is_read_once_also_when_slack_is_asked(
    probed: Workspace, probes: Probes
) -> None:
    await probed.say("whoami")
    await probed.slack.next("response_url")
    assert probes.read == 1
    await probed.say("whoami")
    assert probes.read == 2


async def test_an_admin_is_looked_up_after_the_ack_and_once(probed: Workspace) -> None:
    probed.slack.users["U1"] = {"is_admin": True, "tz": "Europe/Berlin"}
    assert await probed.say("whoami") == {}
    told = await probed.slack.next("response_url")
    assert "admin True zone Europe/Berlin" in told["text"]
    assert "admin True" in (await probed.say("whoami"))["text"]
    assert len(probed.slack.made("users.info")) == 1


@pytest.mark.parametrize("trouble", ["hang", "user_not_found", (500, {}), (429, {"Retry-After": "30"})])
async def test_whom_slack_does_not_tell_is_asked_to_try_again(probed: Workspace, trouble: Any) -> None:
    probed.slack.trouble["users.info"] = [trouble]
    async with asyncio.timeout(SLACK_GIVES_UP):
        await probed.say("whoami")
        told = await probed.slack.next("response_url")
    assert "could not see just now whether you are an admin" in told["text"]


async def test_nothing_that_a_person_typed_is_logged(
    probed: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "bot")
    caplog.set_level(logging.INFO)
    for method in ("chat.postMessage", "chat.postEphemeral", "response_url", "views.open"):
        probed.slack.trouble[method] = [(500, {})] * 9
    await probed.say("zyzzyva explode")
    await probed.post(payloads.mention("zyzzyva"))
    await probed.post(payloads.direct("zyzzyva"))
    await probed.post(payloads.shortcut("zyzzyva", probed.slack.response_url))
    await probed.settled()
    assert "zyzzyva" not in caplog.text


async def test_a_stalled_command_does_not_stop_those_that_need_no_database(
    probed: Workspace, probes: Probes
) -> None:
    stalled = [asyncio.create_task(probed.say("stall")) for _ in range(12)]
    assert "What is kept about you" in (await probed.say("privacy"))["text"]
    probes.release.set()
    await asyncio.gather(*stalled)
