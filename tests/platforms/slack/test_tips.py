"""A tip on Slack: set up by an admin in the channel, posted when it is due, and what Slack may refuse."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import NotSent
from bot.service import Service
from tests.platforms.slack.conftest import Workspace, pressable

SLACK = frozenset({"slack"})


async def test_a_tip_that_is_set_up_and_confirmed_arrives_in_its_channel(
    work: Workspace, service: Service
) -> None:
    work.slack.users["U1"] = {"is_admin": True, "tz": "Europe/Berlin"}
    await work.say("tips on daily 09:00")
    shown = await work.slack.next("response_url")
    await work.click(**pressable(shown["blocks"])["Confirm"])
    done = await work.slack.next("response_url", 2)
    assert "The first tip comes here" in done["text"]
    due = service.next_due(SLACK)
    assert due is not None
    (tip,) = service.claim(SLACK, due)
    assert service.begin(tip, due)
    assert await work.bot.deliver(tip)
    posted = await work.slack.next("chat.postMessage")
    assert posted["channel"] == "C1"
    assert "A tip for today" in posted["text"]
    assert "Read the card" in pressable(posted["blocks"])
    await work.click(**pressable(posted["blocks"])["Read the card"], ephemeral=False)
    card = await work.slack.next("response_url", 3)
    assert (card["response_type"], card["replace_original"]) == ("ephemeral", False)


@pytest.mark.parametrize(
    ("trouble", "told_as"),
    [
        ("channel_not_found", ("channel_not_found", False, None)),
        ((429, {"Retry-After": "40"}), ("ratelimited", False, 40.0)),
        ("drop", ("lost", True, None)),
        ((500, {}), ("status 500", True, None)),
    ],
)
async def test_what_slack_refuses_is_told_apart_and_sent_once(
    work: Workspace, service: Service, trouble: object, told_as: tuple[str, bool, float | None]
) -> None:
    work.slack.users["U1"] = {"is_admin": True, "tz": "Europe/Berlin"}
    await work.say("tips on daily 09:00")
    shown = await work.slack.next("response_url")
    await work.click(**pressable(shown["blocks"])["Confirm"])
    await work.slack.next("response_url", 2)
    due = service.next_due(SLACK)
    assert due is not None
    (tip,) = service.claim(SLACK, due + timedelta(minutes=1))
    work.slack.trouble["chat.postMessage"] = [trouble]
    with pytest.raises(NotSent) as told:
        await work.bot.deliver(tip)
    assert (told.value.reason, told.value.maybe, told.value.retry_after) == told_as
    assert len(work.slack.made("chat.postMessage")) == 1
