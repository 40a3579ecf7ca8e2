"""A tip on Slack: set up by an admin where the bot may post, posted when due, and what Slack may refuse."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import NotSent
from bot.platforms.answering import Answering
from bot.schedule import Schedule
from bot.service import Service
from tests.platforms.slack import payloads
from tests.platforms.slack.conftest import Workspace, pressable
from tests.platforms.slack.stand_in import Json
from tests.schedule.world import NINE, Channels, Clock, Hours, World

SLACK = frozenset({"slack"})
ON = "tips on daily 09:00"


@pytest.fixture
def admin(work: Workspace) -> Workspace:
    """Where the person who types is an admin."""
    work.slack.users["U1"] = {"is_admin": True, "tz": "Europe/Berlin"}
    return work


async def _press(work: Workspace, shown: Json, label: str) -> Json:
    """Press a button of what was shown; what comes of it."""
    before = len(work.slack.made("response_url"))
    await work.click(**pressable(shown["blocks"])[label])
    return await work.slack.next("response_url", before + 1)


@pytest.mark.parametrize(
    ("where", "told", "mend"),
    [
        ("<#C1|general>", {"is_archived": True, "is_member": False}, "it is archived"),
        ("here", {"is_member": False}, "/invite @career-bot"),
        ("<#C2|random>", {"is_member": False}, "/invite @career-bot"),
        ("<#C9|secret>", None, "I cannot see <#C9>"),
    ],
)
async def test_where_the_bot_may_not_post_the_mend_stands_in_place_of_confirm(
    admin: Workspace, service: Service, where: str, told: Json | None, mend: str
) -> None:
    channel = where[2:4] if where != "here" else "C1"
    admin.slack.channels[channel] = told
    await admin.say(f"{ON} {where}")
    shown = await admin.slack.next("response_url")
    assert "A tip for today" in shown["text"]
    assert "09:00 (Europe/Berlin)" in shown["text"]
    assert mend in shown["text"]
    assert list(pressable(shown["blocks"])) == ["Look again"]
    assert service.next_due(SLACK) is None

    del admin.slack.channels[channel]
    mended = await _press(admin, shown, "Look again")
    assert mended["replace_original"]
    assert list(pressable(mended["blocks"])) == ["Confirm"]
    assert "The first tip comes" in (await _press(admin, mended, "Confirm"))["text"]
    due = service.next_due(SLACK)
    assert due is not None
    (tip,) = service.claim(SLACK, due)
    await admin.bot.deliver(tip)
    posted = await admin.slack.next("chat.postMessage")
    assert (posted["channel"], "A tip for today" in posted["text"]) == (channel, True)


async def test_what_the_form_asks_for_is_looked_at_too(admin: Workspace) -> None:
    await admin.say("tips on")
    view = (await admin.slack.next("views.open"))["view"]
    assert admin.slack.made("conversations.info") == []
    admin.slack.channels["C1"] = {"is_member": False}
    filled: dict[str, str | None] = {
        "when": "mon,thu",
        "time": "9:00",
        "zone": "Berlin",
        "tags": "all",
        "channel": "here",
    }
    await admin.post(payloads.submission(view, filled))
    shown = await admin.slack.next("response_url")
    assert "/invite @career-bot" in shown["text"]
    assert list(pressable(shown["blocks"])) == ["Look again"]


async def test_confirm_looks_again(admin: Workspace, service: Service) -> None:
    await admin.say(ON)
    shown = await admin.slack.next("response_url")
    admin.slack.channels["C1"] = {"is_archived": True}
    barred = await _press(admin, shown, "Confirm")
    assert "it is archived" in barred["text"]
    assert barred["replace_original"]
    assert service.next_due(SLACK) is None


async def test_tips_that_rest_come_back_only_where_the_bot_may_post(
    admin: Workspace, service: Service
) -> None:
    await admin.say(ON)
    await _press(admin, await admin.slack.next("response_url"), "Confirm")
    await admin.say("tips pause")
    admin.slack.channels["C1"] = {"is_member": False}
    await admin.say("tips resume")
    barred = await admin.slack.next("response_url", 3)
    assert "/invite @career-bot" in barred["text"]
    assert service.next_due(SLACK) is None
    del admin.slack.channels["C1"]
    assert "Tips come here again" in (await _press(admin, barred, "Look again"))["text"]
    assert service.next_due(SLACK) is not None


@pytest.mark.parametrize("trouble", ["missing_scope", "unknown_method", (500, {}), "drop", "hang"])
async def test_what_slack_does_not_tell_of_a_channel_stands_in_nobodys_way(
    admin: Workspace, trouble: object
) -> None:
    admin.slack.trouble["conversations.info"] = [trouble]
    await admin.say(ON)
    shown = await admin.slack.next("response_url")
    assert "Confirm" in pressable(shown["blocks"])


async def test_nobody_is_looked_up_twice_and_no_channel_for_whom_it_is_not_meant(work: Workspace) -> None:
    work.slack.users["U1"] = {"is_admin": False, "tz": "Europe/Berlin"}
    await work.say("tips on daily 09:00 me")
    await work.slack.next("response_url")
    assert "Only admins" in (await work.say(ON))["text"]
    assert "Only admins" in (await work.say("tips resume"))["text"]
    assert [call.method for call in work.slack.calls] == ["users.info", "response_url"]


async def test_an_admin_whom_slack_does_not_tell_is_asked_to_try_again(work: Workspace) -> None:
    work.slack.trouble["users.info"] = [(500, {})]
    await work.say("tips on daily 09:00 Europe/Berlin")
    assert "could not see just now" in (await work.slack.next("response_url"))["text"]


async def test_a_channel_that_slack_made_no_link_of_is_asked_for(admin: Workspace) -> None:
    await admin.say(f"{ON} #general")
    told = await admin.slack.next("response_url")
    assert "which channel #general is. Type # and pick it" in told["text"]


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
    assert service.begin([tip], due)
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


async def test_what_is_pressed_under_a_persons_own_tip_is_answered_in_that_conversation(
    work: Workspace, service: Service
) -> None:
    """Also after a restart, when nothing but the message itself tells whose conversation it is."""
    await work.say("tips on daily 09:00 Europe/Berlin me")
    await work.click(**pressable((await work.slack.next("response_url"))["blocks"])["Confirm"])
    await work.slack.next("response_url", 2)
    due = service.next_due(SLACK)
    assert due is not None
    (tip,) = service.claim(SLACK, due)
    await work.bot.deliver(tip)
    row = next(b for b in (await work.slack.next("chat.postMessage"))["blocks"] if b["type"] == "actions")
    read = pressable([row])["Read the card"]
    await work.click(**read, block_id=row["block_id"], channel="D1", ephemeral=False)
    card = await work.slack.next("chat.postMessage", 2)
    assert card["channel"] == "D1"


async def test_in_direct_messages_tips_are_for_oneself_also_by_a_slash_command(
    admin: Workspace, service: Service
) -> None:
    await admin.say(ON, channel_id="D1")
    shown = await admin.slack.next("response_url")
    assert "Tips would come to your own messages" in shown["text"]
    await admin.click(**pressable(shown["blocks"])["Confirm"], channel="D1")
    await admin.slack.next("response_url", 2)
    (own,) = service.context.store.subscriptions.everywhere()
    assert (own.channel, own.direct) == ("U1", True)
    assert "Tips for this channel" not in pressable((await admin.say("tips", channel_id="D1"))["blocks"])


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


async def test_a_rate_limit_holds_tips_as_long_as_slack_says_and_no_call_is_made_before(
    work: Workspace, service: Service
) -> None:
    """The schedule over the real client: two channels due, Slack says 40 seconds to the first."""
    hours = Hours()
    World(service, Channels(), Clock()).subscribe("C1", "C2")
    work.slack.trouble["chat.postMessage"] = [(429, {"Retry-After": "40"})]
    answering = Answering(service)
    schedule = Schedule(service, answering, {"slack": work.bot}, hours.now)
    assert await schedule.tick() == NINE + timedelta(seconds=40)
    assert len(work.slack.made("chat.postMessage")) == 1
    hours.passed = 39.0
    await schedule.tick()
    assert len(work.slack.made("chat.postMessage")) == 1
    hours.passed = 40.0
    await schedule.tick()
    answering.close()
    posted = [call["channel"] for call in work.slack.made("chat.postMessage")[1:]]
    assert sorted(posted) == ["C1", "C2"]


async def test_a_channel_that_slack_restricts_rests_and_its_owner_is_told_in_slack(
    work: Workspace, service: Service
) -> None:
    World(service, Channels(), Clock()).subscribe("C1")
    work.slack.trouble["chat.postMessage"] = ["restricted_action_read_only_channel"]
    answering = Answering(service)
    await Schedule(service, answering, {"slack": work.bot}, lambda: NINE).tick()
    answering.close()
    tip, word = work.slack.made("chat.postMessage")
    assert (tip["channel"], word["channel"]) == ("C1", "UADA")
    assert "I may not post in" in word["text"]
    assert "Resume" in pressable(word["blocks"])
