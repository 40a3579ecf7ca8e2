"""A tip on Slack: set up by an admin in the channel, posted when it is due, and what Slack may refuse."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import NotSent
from bot.service import Service
from tests.platforms.slack import payloads
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


async def test_a_mistake_in_the_form_opens_it_again_with_what_was_typed(work: Workspace) -> None:
    work.slack.users["U1"] = {"is_admin": True, "tz": "Europe/Berlin"}
    await work.say("tips on")
    opened = (await work.slack.next("views.open"))["view"]
    values: dict[str, str | None] = {"when": "mon,thu", "time": "25:00"}
    values |= {"zone": "Asia/Tokyo", "tags": "risk", "channel": "me"}
    assert [block["block_id"] for block in opened["blocks"]] == list(values)
    await work.post(payloads.submission(opened, values))
    wrong = await work.slack.next("response_url")
    assert "25:00" in wrong["text"]
    await work.click(**pressable(wrong["blocks"])["Back to the form"])
    again = (await work.slack.next("views.open", 2))["view"]
    elements = {block["block_id"]: block["element"] for block in again["blocks"]}
    assert [elements[name]["initial_value"] for name in ("when", "time", "zone")] == [*values.values()][:3]
    assert [elements[name]["initial_option"]["value"] for name in ("tags", "channel")] == ["risk", "me"]
    await work.post(payloads.submission(again, {**values, "time": "7:30"}))
    assert "07:30 (Asia/Tokyo)" in (await work.slack.next("response_url", 2))["text"]


async def test_an_admin_reads_channels_by_their_names(work: Workspace) -> None:
    work.slack.users["U1"] = {"is_admin": True, "tz": "Europe/Berlin"}
    await work.say("tips on daily 09:00 <#C2|random>")
    shown = await work.slack.next("response_url")
    assert "<#C2>" in shown["text"]
    assert {"type": "channel", "channel_id": "C2"} in [
        element
        for block in shown["blocks"]
        if block["type"] == "rich_text"
        for part in block["elements"]
        for element in part["elements"]
    ]
