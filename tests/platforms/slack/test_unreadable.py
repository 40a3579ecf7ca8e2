"""A fault of ours in reading a payload gives the person a sentence, with a reference that is in the log."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.platforms.slack import parse
from tests.platforms.slack import payloads
from tests.platforms.slack.conftest import SlackHarness, read_text

PRIVATE = "a-private-value"


def fail(*_args: Any, **_more: Any) -> Any:
    raise KeyError(PRIVATE)


def check_log(text: str, log: str) -> None:
    reference = re.search(r"\b[0-9a-f]{6}\b", text)
    assert reference is not None, text
    assert reference[0] in log
    assert "KeyError at test_unreadable.py" in log
    assert "listeners.py" in log
    assert PRIVATE not in log


async def test_a_command_that_cannot_be_read_is_answered_in_its_ack(
    harness: SlackHarness, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(parse, "parse_command", fail)
    check_log(read_text((await harness.type_command("help"))["blocks"]), caplog.text)


async def test_a_press_that_cannot_be_read_is_answered_privately(
    harness: SlackHarness, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(parse, "parse_click", fail)
    await harness.click("bot:help")
    sent = await harness.slack.wait_for_call("response_url")
    assert sent["response_type"] == "ephemeral"
    check_log(read_text(sent["blocks"]), caplog.text)


async def test_a_direct_message_that_cannot_be_read_is_answered_there(
    harness: SlackHarness, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(parse, "parse_direct_message", fail)
    await harness.post_payload(payloads.build_direct_message("help"))
    sent = await harness.slack.wait_for_call("chat.postMessage")
    assert sent["channel"] == "D1"
    check_log(read_text(sent["blocks"]), caplog.text)


async def test_a_payload_without_a_person_gets_an_ack(harness: SlackHarness) -> None:
    status, _ = await harness.post_payload(
        payloads.build_event(type="message", channel="C1", channel_type="im")
    )
    assert status == 200
    await harness.wait_until_idle()
    assert harness.slack.calls == []
