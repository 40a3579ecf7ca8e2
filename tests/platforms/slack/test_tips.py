"""A tip on Slack: set up by an admin where the bot may post, posted when due, and what Slack may refuse."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.delivery import DeliveryWorker
from bot.errors import DeliveryError
from bot.platforms.request_runner import RequestRunner
from bot.service import Service
from tests.delivery.delivery_harness import (
    NINE_IN_BERLIN,
    DeliveryHarness,
    FakeClock,
    FakePlatform,
    VirtualTime,
)
from tests.platforms.slack import payloads
from tests.platforms.slack.conftest import SlackHarness, find_controls
from tests.platforms.slack.fake_server import Json

SLACK = frozenset({"slack"})
SUBSCRIBE_LINE = "tips on daily 09:00"


@pytest.fixture
def admin_harness(harness: SlackHarness) -> SlackHarness:
    """Where the person who types is an admin."""
    harness.slack.users["U1"] = {"is_admin": True, "tz": "Europe/Berlin"}
    return harness


async def _press_button(harness: SlackHarness, message: Json, label: str) -> Json:
    """Press a button of what was shown; what comes of it."""
    before = len(harness.slack.list_payloads("response_url"))
    await harness.click(**find_controls(message["blocks"])[label])
    return await harness.slack.wait_for_call("response_url", before + 1)


@pytest.mark.parametrize(
    ("where", "channel_info", "expected_fix"),
    [
        ("<#C1|general>", {"is_archived": True, "is_member": False}, "it's archived"),
        ("here", {"is_member": False}, "/invite @career-bot"),
        ("<#C2|random>", {"is_member": False}, "/invite @career-bot"),
        ("<#C9|secret>", None, "I can't see <#C9>"),
    ],
)
async def test_access_problem_and_fix_replace_confirm(
    admin_harness: SlackHarness, service: Service, where: str, channel_info: Json | None, expected_fix: str
) -> None:
    channel = where[2:4] if where != "here" else "C1"
    admin_harness.slack.channels[channel] = channel_info
    await admin_harness.type_command(f"{SUBSCRIBE_LINE} {where}")
    shown = await admin_harness.slack.wait_for_call("response_url")
    assert "A tip for today" in shown["text"]
    assert "09:00 (Europe/Berlin)" in shown["text"]
    assert expected_fix in shown["text"]
    assert list(find_controls(shown["blocks"])) == ["Check again"]
    assert service.find_next_due(SLACK) is None

    del admin_harness.slack.channels[channel]
    mended = await _press_button(admin_harness, shown, "Check again")
    assert mended["replace_original"]
    assert list(find_controls(mended["blocks"])) == ["Confirm"]
    assert "The first tip comes" in (await _press_button(admin_harness, mended, "Confirm"))["text"]
    due = service.find_next_due(SLACK)
    assert due is not None
    (tip,) = service.claim_due(SLACK, due)
    await admin_harness.bot.deliver(tip)
    posted = await admin_harness.slack.wait_for_call("chat.postMessage")
    assert (posted["channel"], "A tip for today" in posted["text"]) == (channel, True)


async def test_form_checks_channel_access(admin_harness: SlackHarness) -> None:
    await admin_harness.type_command("tips on")
    view = (await admin_harness.slack.wait_for_call("views.open"))["view"]
    assert admin_harness.slack.list_payloads("conversations.info") == []
    admin_harness.slack.channels["C1"] = {"is_member": False}
    filled: dict[str, str | None] = {
        "when": "mon,thu",
        "time": "9:00",
        "zone": "Berlin",
        "tags": "all",
        "channel": "here",
    }
    await admin_harness.post_payload(payloads.build_submission(view, filled))
    shown = await admin_harness.slack.wait_for_call("response_url")
    assert "/invite @career-bot" in shown["text"]
    assert list(find_controls(shown["blocks"])) == ["Check again"]


async def test_confirm_checks_access_again(admin_harness: SlackHarness, service: Service) -> None:
    await admin_harness.type_command(SUBSCRIBE_LINE)
    shown = await admin_harness.slack.wait_for_call("response_url")
    admin_harness.slack.channels["C1"] = {"is_archived": True}
    barred = await _press_button(admin_harness, shown, "Confirm")
    assert "it's archived" in barred["text"]
    assert barred["replace_original"]
    assert service.find_next_due(SLACK) is None


async def test_paused_tips_resume_only_with_post_permission(
    admin_harness: SlackHarness, service: Service
) -> None:
    await admin_harness.type_command(SUBSCRIBE_LINE)
    await _press_button(admin_harness, await admin_harness.slack.wait_for_call("response_url"), "Confirm")
    await admin_harness.type_command("tips pause")
    admin_harness.slack.channels["C1"] = {"is_member": False}
    await admin_harness.type_command("tips resume")
    barred = await admin_harness.slack.wait_for_call("response_url", 3)
    assert "/invite @career-bot" in barred["text"]
    assert service.find_next_due(SLACK) is None
    del admin_harness.slack.channels["C1"]
    assert "Tips come here again" in (await _press_button(admin_harness, barred, "Check again"))["text"]
    assert service.find_next_due(SLACK) is not None


@pytest.mark.parametrize("trouble", ["missing_scope", "unknown_method", (500, {}), "drop", "hang"])
async def test_unknown_channel_access_does_not_block(admin_harness: SlackHarness, trouble: object) -> None:
    admin_harness.slack.faults["conversations.info"] = [trouble]
    await admin_harness.type_command(SUBSCRIBE_LINE)
    shown = await admin_harness.slack.wait_for_call("response_url")
    assert "Confirm" in find_controls(shown["blocks"])


async def test_users_and_channels_are_fetched_only_when_needed(harness: SlackHarness) -> None:
    harness.slack.users["U1"] = {"is_admin": False, "tz": "Europe/Berlin"}
    await harness.type_command("tips on daily 09:00 me")
    await harness.slack.wait_for_call("response_url")
    assert "Only admins" in (await harness.type_command(SUBSCRIBE_LINE))["text"]
    assert "Only admins" in (await harness.type_command("tips resume"))["text"]
    assert [call.method for call in harness.slack.calls] == ["users.info", "response_url"]


async def test_failed_admin_lookup_asks_to_retry(harness: SlackHarness) -> None:
    harness.slack.faults["users.info"] = [(500, {})]
    await harness.type_command("tips on daily 09:00 Europe/Berlin")
    assert "couldn't check whether" in (await harness.slack.wait_for_call("response_url"))["text"]


async def test_a_channel_that_slack_made_no_link_of_is_asked_for(admin_harness: SlackHarness) -> None:
    await admin_harness.type_command(f"{SUBSCRIBE_LINE} #general")
    told = await admin_harness.slack.wait_for_call("response_url")
    assert "which channel #general is. Type # and pick it" in told["text"]


async def test_a_tip_that_is_set_up_and_confirmed_arrives_in_its_channel(
    harness: SlackHarness, service: Service
) -> None:
    harness.slack.users["U1"] = {"is_admin": True, "tz": "Europe/Berlin"}
    await harness.type_command("tips on daily 09:00")
    shown = await harness.slack.wait_for_call("response_url")
    await harness.click(**find_controls(shown["blocks"])["Confirm"])
    done = await harness.slack.wait_for_call("response_url", 2)
    assert "The first tip comes here" in done["text"]
    due = service.find_next_due(SLACK)
    assert due is not None
    (tip,) = service.claim_due(SLACK, due)
    assert service.begin_sending([tip], due)
    assert await harness.bot.deliver(tip)
    posted = await harness.slack.wait_for_call("chat.postMessage")
    assert posted["channel"] == "C1"
    assert "A tip for today" in posted["text"]
    assert "Read the card" in find_controls(posted["blocks"])
    await harness.click(**find_controls(posted["blocks"])["Read the card"], ephemeral=False)
    card = await harness.slack.wait_for_call("response_url", 3)
    assert (card["response_type"], card["replace_original"]) == ("ephemeral", False)


@pytest.mark.parametrize(
    ("trouble", "expected_error"),
    [
        ("channel_not_found", ("channel_not_found", False, None)),
        ((429, {"Retry-After": "40"}), ("ratelimited", False, 40.0)),
        ("drop", ("lost", True, None)),
        ((500, {}), ("status 500", True, None)),
    ],
)
async def test_slack_refusals_are_classified_and_sent_once(
    harness: SlackHarness, service: Service, trouble: object, expected_error: tuple[str, bool, float | None]
) -> None:
    harness.slack.users["U1"] = {"is_admin": True, "tz": "Europe/Berlin"}
    await harness.type_command("tips on daily 09:00")
    shown = await harness.slack.wait_for_call("response_url")
    await harness.click(**find_controls(shown["blocks"])["Confirm"])
    await harness.slack.wait_for_call("response_url", 2)
    due = service.find_next_due(SLACK)
    assert due is not None
    (tip,) = service.claim_due(SLACK, due + timedelta(minutes=1))
    harness.slack.faults["chat.postMessage"] = [trouble]
    with pytest.raises(DeliveryError) as told:
        await harness.bot.deliver(tip)
    assert (told.value.reason, told.value.possibly_delivered, told.value.retry_after) == expected_error
    assert len(harness.slack.list_payloads("chat.postMessage")) == 1


async def test_a_mistake_in_the_form_opens_it_again_with_what_was_typed(harness: SlackHarness) -> None:
    harness.slack.users["U1"] = {"is_admin": True, "tz": "Europe/Berlin"}
    await harness.type_command("tips on")
    opened = (await harness.slack.wait_for_call("views.open"))["view"]
    values: dict[str, str | None] = {"when": "mon,thu", "time": "25:00"}
    values |= {"zone": "Asia/Tokyo", "tags": "risk", "channel": "me"}
    assert [block["block_id"] for block in opened["blocks"]] == list(values)
    await harness.post_payload(payloads.build_submission(opened, values))
    wrong = await harness.slack.wait_for_call("response_url")
    assert "25:00" in wrong["text"]
    await harness.click(**find_controls(wrong["blocks"])["Edit"])
    again = (await harness.slack.wait_for_call("views.open", 2))["view"]
    elements = {block["block_id"]: block["element"] for block in again["blocks"]}
    assert [elements[name]["initial_value"] for name in ("when", "time", "zone")] == [*values.values()][:3]
    assert [elements[name]["initial_option"]["value"] for name in ("tags", "channel")] == ["risk", "me"]
    await harness.post_payload(payloads.build_submission(again, {**values, "time": "7:30"}))
    assert "07:30 (Asia/Tokyo)" in (await harness.slack.wait_for_call("response_url", 2))["text"]


async def test_what_is_pressed_under_a_persons_own_tip_is_answered_in_that_conversation(
    harness: SlackHarness, service: Service
) -> None:
    """Also after a restart, when nothing but the message itself tells whose conversation it is."""
    await harness.type_command("tips on daily 09:00 Europe/Berlin me")
    await harness.click(
        **find_controls((await harness.slack.wait_for_call("response_url"))["blocks"])["Confirm"]
    )
    await harness.slack.wait_for_call("response_url", 2)
    due = service.find_next_due(SLACK)
    assert due is not None
    (tip,) = service.claim_due(SLACK, due)
    await harness.bot.deliver(tip)
    row = next(
        b for b in (await harness.slack.wait_for_call("chat.postMessage"))["blocks"] if b["type"] == "actions"
    )
    read = find_controls([row])["Read the card"]
    await harness.click(**read, block_id=row["block_id"], channel="D1", ephemeral=False)
    card = await harness.slack.wait_for_call("chat.postMessage", 2)
    assert card["channel"] == "D1"


async def test_in_direct_messages_tips_are_for_oneself_also_by_a_slash_command(
    admin_harness: SlackHarness, service: Service
) -> None:
    await admin_harness.type_command(SUBSCRIBE_LINE, channel_id="D1")
    shown = await admin_harness.slack.wait_for_call("response_url")
    assert "Tips would come to your own messages" in shown["text"]
    await admin_harness.click(**find_controls(shown["blocks"])["Confirm"], channel="D1")
    await admin_harness.slack.wait_for_call("response_url", 2)
    (own,) = service.context.open_store().subscriptions.list_all()
    assert (own.channel, own.is_direct) == ("U1", True)
    assert "Tips for this channel" not in find_controls(
        (await admin_harness.type_command("tips", channel_id="D1"))["blocks"]
    )


async def test_an_admin_reads_channels_by_their_names(harness: SlackHarness) -> None:
    harness.slack.users["U1"] = {"is_admin": True, "tz": "Europe/Berlin"}
    await harness.type_command("tips on daily 09:00 <#C2|random>")
    shown = await harness.slack.wait_for_call("response_url")
    assert "<#C2>" in shown["text"]
    assert {"type": "channel", "channel_id": "C2"} in [
        element
        for block in shown["blocks"]
        if block["type"] == "rich_text"
        for part in block["elements"]
        for element in part["elements"]
    ]


async def test_rate_limit_pauses_tips_until_retry_after(harness: SlackHarness, service: Service) -> None:
    """The schedule over the real client: two channels due, Slack says 40 seconds to the first."""
    hours = VirtualTime()
    DeliveryHarness(service, FakePlatform(), FakeClock()).subscribe("C1", "C2")
    harness.slack.faults["chat.postMessage"] = [(429, {"Retry-After": "40"})]
    answering = RequestRunner(service)
    schedule = DeliveryWorker(service, answering, {"slack": harness.bot}, hours.now)
    assert await schedule.tick() == NINE_IN_BERLIN + timedelta(seconds=40)
    assert len(harness.slack.list_payloads("chat.postMessage")) == 1
    hours.elapsed = 39.0
    await schedule.tick()
    assert len(harness.slack.list_payloads("chat.postMessage")) == 1
    hours.elapsed = 40.0
    await schedule.tick()
    answering.close()
    posted = [call["channel"] for call in harness.slack.list_payloads("chat.postMessage")[1:]]
    assert sorted(posted) == ["C1", "C2"]


async def test_restricted_channel_is_paused_and_its_owner_notified(
    harness: SlackHarness, service: Service
) -> None:
    DeliveryHarness(service, FakePlatform(), FakeClock()).subscribe("C1")
    harness.slack.faults["chat.postMessage"] = ["restricted_action_read_only_channel"]
    answering = RequestRunner(service)
    await DeliveryWorker(service, answering, {"slack": harness.bot}, lambda: NINE_IN_BERLIN).tick()
    answering.close()
    tip, word = harness.slack.list_payloads("chat.postMessage")
    assert (tip["channel"], word["channel"]) == ("C1", "UADA")
    assert "I'm not allowed to post in" in word["text"]
    assert "Resume" in find_controls(word["blocks"])
