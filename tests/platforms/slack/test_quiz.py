"""A run on Slack: in one's own messages or a public thread, also across a kill."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bot.service import Service
from tests.platforms.slack import payloads
from tests.platforms.slack.conftest import Workspace, pressable, words, working
from tests.platforms.slack.stand_in import Json, StandIn, stand_in

RUN = "research-or-engineering"
INSIDE: dict[str, Any] = {
    "channel": "D1",
    "thread": "1800000000.000001",
    "message": "1800000000.000002",
    "ephemeral": False,
}


class Run:
    """One person's run in their own messages, pressed by the words on its buttons."""

    def __init__(self, slack: StandIn) -> None:
        self.slack = slack
        self.shown: Json = {}

    async def started(self, work: Workspace) -> None:
        await work.say(f"quiz {RUN}")
        await self.slack.next("response_url")
        self.shown = self.slack.made("chat.postMessage")[1]

    async def press(self, work: Workspace, label: str | None = None) -> None:
        buttons = pressable(self.shown["blocks"])
        row = next(block["block_id"] for block in self.shown["blocks"] if block["type"] == "actions")
        before = len(self.slack.made("response_url"))
        how = buttons[label] if label else next(iter(buttons.values()))
        pressed = payloads.click(how["action_id"], self.slack.response_url, block_id=row, **INSIDE)
        pressed["message"] = {"ts": INSIDE["message"], "blocks": self.shown["blocks"]}
        assert await work.post(pressed) == (200, "")
        self.shown = await self.slack.next("response_url", before + 1)
        assert self.shown["replace_original"] is True


@asynccontextmanager
async def restarted(service: Service, slack: StandIn) -> AsyncIterator[Workspace]:
    """Another process: nothing is known but what Slack brings."""
    async with working(service, slack) as work:
        yield work


async def test_a_run_with_a_way_back_survives_a_new_process_at_every_press(service: Service) -> None:
    async with stand_in() as slack:
        run = Run(slack)
        async with restarted(service, slack) as work:
            await run.started(work)
        for label in (None, None, None, "Back"):
            async with restarted(service, slack) as work:
                await run.press(work, label)
        for _ in range(12):
            if "Share here" in pressable(run.shown["blocks"]):
                break
            async with restarted(service, slack) as work:
                await run.press(work)
        assert "Share here" in pressable(run.shown["blocks"])
        assert {call["channel"] for call in slack.made("chat.postMessage")} <= {"U1", "D1"}


async def test_what_is_typed_beside_a_run_is_told_to_be_no_answer(work: Workspace) -> None:
    run = Run(work.slack)
    await run.started(work)
    await work.post(payloads.direct("Test an idea of my own", thread_ts=INSIDE["thread"]))
    told = await work.slack.next("chat.postMessage", 3)
    assert "button" in told["text"]
    assert told["thread_ts"] == INSIDE["thread"]


async def test_a_public_run_belongs_to_who_started_it(work: Workspace) -> None:
    await work.say(f"quiz {RUN} here")
    shown = await work.slack.next("chat.postMessage", 2)
    assert (shown["channel"], shown["thread_ts"]) == ("C1", "1800000000.000001")
    press = pressable(shown["blocks"])["Begin"]
    where: dict[str, Any] = {"channel": "C1", "thread": "1800000000.000001", "ephemeral": False}
    await work.click(press["action_id"], user="U2", **where)
    told = await work.slack.next("chat.postEphemeral")
    assert (told["user"], told["thread_ts"]) == ("U2", "1800000000.000001")
    await work.click(press["action_id"], **where)
    changed = await work.slack.next("response_url")
    assert (changed["replace_original"], changed["response_type"]) == (True, "in_channel")


async def test_a_press_that_the_message_no_longer_offers_changes_nothing(work: Workspace) -> None:
    run = Run(work.slack)
    await run.started(work)
    await run.press(work, "Begin")
    other = pressable(run.shown["blocks"])["Clean up the pipeline"]
    await run.press(work)
    await run.press(work)
    shown, before = run.shown["blocks"], len(work.slack.made("response_url"))
    row = next(block["block_id"] for block in shown if block["type"] == "actions")
    late = payloads.click(other["action_id"], work.slack.response_url, block_id=row, **INSIDE)
    await work.post({**late, "message": {"ts": INSIDE["message"], "blocks": shown}})
    told = await work.slack.next("response_url", before + 1)
    assert words(told["blocks"]) == words(shown)


async def test_a_thread_under_ones_own_message_is_for_questions(work: Workspace) -> None:
    await work.post(payloads.direct("should I do a phd?", thread_ts="1700.1", parent_user_id="U1"))
    told = await work.slack.next("chat.postMessage")
    assert "doctorate" in told["text"]
