"""A run on Slack: in one's own messages or a public thread, also across a kill."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bot.service import Service
from tests.platforms.slack import payloads
from tests.platforms.slack.conftest import SlackHarness, find_controls, read_text, run_harness
from tests.platforms.slack.fake_server import FakeSlack, Json, run_fake_slack

QUIZ = "research-or-engineering"
DIRECT_MESSAGE_CLICK: dict[str, Any] = {
    "channel": "D1",
    "thread_ts": "1800000000.000001",
    "message_ts": "1800000000.000002",
    "ephemeral": False,
}


class QuizDriver:
    """One person's run in their own messages, pressed by the words on its buttons."""

    def __init__(self, slack: FakeSlack) -> None:
        self.slack = slack
        self.message: Json = {}

    async def start(self, harness: SlackHarness) -> None:
        await harness.type_command(f"quiz {QUIZ}")
        await self.slack.wait_for_call("response_url")
        self.message = self.slack.list_payloads("chat.postMessage")[1]

    async def press(self, harness: SlackHarness, label: str | None = None) -> None:
        buttons = find_controls(self.message["blocks"])
        row = next(block["block_id"] for block in self.message["blocks"] if block["type"] == "actions")
        before = len(self.slack.list_payloads("response_url"))
        how = buttons[label] if label else next(iter(buttons.values()))
        pressed = payloads.build_click(
            how["action_id"], self.slack.response_url, block_id=row, **DIRECT_MESSAGE_CLICK
        )
        pressed["message"] = {"ts": DIRECT_MESSAGE_CLICK["message_ts"], "blocks": self.message["blocks"]}
        assert await harness.post_payload(pressed) == (200, "")
        self.message = await self.slack.wait_for_call("response_url", before + 1)
        assert self.message["replace_original"] is True


@asynccontextmanager
async def run_restarted_bot(service: Service, slack: FakeSlack) -> AsyncIterator[SlackHarness]:
    """Another process: nothing is known but what Slack brings."""
    async with run_harness(service, slack) as work:
        yield work


async def test_a_run_with_a_way_back_survives_a_new_process_at_every_press(service: Service) -> None:
    async with run_fake_slack() as slack:
        run = QuizDriver(slack)
        async with run_restarted_bot(service, slack) as work:
            await run.start(work)
        for label in (None, None, None, "Back"):
            async with run_restarted_bot(service, slack) as work:
                await run.press(work, label)
        for _ in range(12):
            if "Share here" in find_controls(run.message["blocks"]):
                break
            async with run_restarted_bot(service, slack) as work:
                await run.press(work)
        assert "Share here" in find_controls(run.message["blocks"])
        assert {call["channel"] for call in slack.list_payloads("chat.postMessage")} <= {"U1", "D1"}


async def test_typed_text_during_a_quiz_is_not_an_answer(harness: SlackHarness) -> None:
    run = QuizDriver(harness.slack)
    await run.start(harness)
    await harness.post_payload(
        payloads.build_direct_message("Test an idea of my own", thread_ts=DIRECT_MESSAGE_CLICK["thread_ts"])
    )
    told = await harness.slack.wait_for_call("chat.postMessage", 3)
    assert "button" in told["text"]
    assert told["thread_ts"] == DIRECT_MESSAGE_CLICK["thread_ts"]


async def test_a_public_run_belongs_to_who_started_it(harness: SlackHarness) -> None:
    await harness.type_command(f"quiz {QUIZ} here")
    shown = await harness.slack.wait_for_call("chat.postMessage", 2)
    assert (shown["channel"], shown["thread_ts"]) == ("C1", "1800000000.000001")
    press = find_controls(shown["blocks"])["Start"]
    where: dict[str, Any] = {"channel": "C1", "thread_ts": "1800000000.000001", "ephemeral": False}
    await harness.click(press["action_id"], user="U2", **where)
    told = await harness.slack.wait_for_call("chat.postEphemeral")
    assert (told["user"], told["thread_ts"]) == ("U2", "1800000000.000001")
    await harness.click(press["action_id"], **where)
    changed = await harness.slack.wait_for_call("response_url")
    assert (changed["replace_original"], changed["response_type"]) == (True, "in_channel")


async def test_a_press_that_the_message_no_longer_offers_changes_nothing(harness: SlackHarness) -> None:
    run = QuizDriver(harness.slack)
    await run.start(harness)
    await run.press(harness, "Start")
    other = find_controls(run.message["blocks"])["Clean up the pipeline"]
    await run.press(harness)
    await run.press(harness)
    shown, before = run.message["blocks"], len(harness.slack.list_payloads("response_url"))
    row = next(block["block_id"] for block in shown if block["type"] == "actions")
    late = payloads.build_click(
        other["action_id"], harness.slack.response_url, block_id=row, **DIRECT_MESSAGE_CLICK
    )
    await harness.post_payload(
        {**late, "message": {"ts": DIRECT_MESSAGE_CLICK["message_ts"], "blocks": shown}}
    )
    told = await harness.slack.wait_for_call("response_url", before + 1)
    assert read_text(told["blocks"]) == read_text(shown)


async def test_a_thread_under_ones_own_message_is_for_questions(harness: SlackHarness) -> None:
    await harness.post_payload(
        payloads.build_direct_message("should I do a phd?", thread_ts="1700.1", parent_user_id="U1")
    )
    told = await harness.slack.wait_for_call("chat.postMessage")
    assert "PhD" in told["text"]
