"""The list of tips and the page of each: an admin manages them without typing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.commands.tips.formatting import format_days
from bot.domain.outbox import DeliveryKind, DeliveryPaused, DeliverySent, PauseReason
from bot.domain.tenant import Tenant
from bot.domain.tips.schedule import parse_days
from bot.messaging.action import Action
from bot.messaging.plaintext import render_plain
from bot.messaging.reply import Form, ReplyOutcome
from bot.messaging.request import Origin, User
from bot.platforms.discord.render import build_payload
from bot.service import Service
from tests.chat import Chat

ADA = User("UADA", "Ada", timezone="Europe/Berlin", is_admin=True)
HERE = Origin("slack", "T1", "C1")
SLACK = frozenset({"slack"})
DUE = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)


@pytest.fixture
def ada_chat(service: Service) -> Chat:
    return Chat(service, user=ADA, origin=HERE)


def _create_subscriptions(chat: Chat, number: int, schedule_text: str = "tuesday 09:00") -> None:
    for channel in range(100, 100 + number):
        chat.send_line(f"tips on {schedule_text} <#C{channel}|x>").press("Confirm")


@pytest.mark.parametrize(
    ("days", "expected_text"),
    [
        ("daily", "Every day"),
        ("weekdays", "Monday to Friday"),
        ("tue", "Every Tuesday"),
        ("mon,thu", "Every Monday and Thursday"),
        ("mon,wed,fri", "Every Monday, Wednesday and Friday"),
        ("every-second tuesday", "Every second Tuesday"),
        ("first tuesday", "The first Tuesday of the month"),
        ("last friday", "The last Friday of the month"),
    ],
)
def test_schedule_is_formatted_in_plain_words(days: str, expected_text: str, service: Service) -> None:
    when = parse_days(days)
    assert when is not None
    assert format_days(when, service.context) == expected_text


def test_a_line_says_when_where_and_the_next_day(ada_chat: Chat) -> None:
    _create_subscriptions(ada_chat, 1)
    assert (
        "1: Every Tuesday at 09:00 (Europe/Berlin), to #C100. Next on Tue 01 Dec 2026."
        in ada_chat.send_line("tips").text
    )


def test_a_long_list_says_how_many_more_there_are_and_has_a_page_for_each(ada_chat: Chat) -> None:
    _create_subscriptions(ada_chat, 23)
    seen: set[str] = set()
    for left in (13, 3, 0):
        ada_chat.send_line("tips list") if left == 13 else ada_chat.press("More")
        assert (f"And {left} more." in ada_chat.text) == bool(left)
        build_payload(ada_chat.reply)
        seen |= {word.strip(".") for word in ada_chat.text.split() if word.startswith("#C")}
    assert len(seen) == 23
    assert ada_chat.reply.replace_original
    assert "More" not in ada_chat.labels
    ada_chat.press("Back").press("Back")
    assert "1: Every Tuesday" in ada_chat.text
    assert ada_chat.send_action(Action("tips.list", ("99",))).reply.outcome is ReplyOutcome.ANSWERED
    for crafted in (("x",), ("-1",), ("1", "2"), ("9" * 30,)):
        assert ada_chat.send_action(Action("tips.list", crafted)).reply.outcome is ReplyOutcome.REFUSED


@pytest.mark.parametrize("reason", ["gone", "forbidden", "closed", "refused"])
def test_the_longest_lines_fit_ten_to_a_page(ada_chat: Chat, reason: str) -> None:
    _create_subscriptions(ada_chat, 10, "mon,tue,wed,thu,fri,sat 23:30 America/Argentina/ComodRivadavia")
    due = ada_chat.service.find_next_due(SLACK)
    assert due is not None
    while deliveries := ada_chat.service.claim_due(SLACK, due):
        tips = [
            one for one in ada_chat.service.begin_sending(deliveries, due) if one.kind is DeliveryKind.TIP
        ]
        ada_chat.service.record_results([(one, DeliveryPaused(PauseReason(reason))) for one in tips], due)
        if not tips:
            break
    text = ada_chat.send_line("tips list").text
    assert text.count("press Resume") == 10
    assert len(render_plain(ada_chat.reply)) <= 3_500
    build_payload(ada_chat.reply)


def test_a_place_is_managed_from_its_own_page(ada_chat: Chat) -> None:
    _create_subscriptions(ada_chat, 2, "tuesday 09:00 risk growth")
    page = ada_chat.send_line("tips list").press("2: tue 09:00")
    assert "to #C101" in page.text
    assert "Only on these topics" in page.text
    assert page.labels == ["Pause", "Skip next", "Preview", "Change", "Stop", "All tips"]
    assert "Tue 08 Dec 2026" in page.press("Skip next").text
    assert "No tips to #C101 until" in page.press("Change").press("Pause").text
    assert page.press("Change").labels[0] == "Resume"
    assert "Tue 01 Dec 2026" in page.press("Resume").text
    assert "A tip for today" in page.press("Change").press("Preview").text
    assert "No more tips to #C101" in page.send_line("tips").press("2: tue").press("Stop").text
    assert "#C101" not in page.press("All tips").text


def test_change_opens_the_form_as_tips_are_set_up(ada_chat: Chat) -> None:
    _create_subscriptions(ada_chat, 1, "every-second wednesday 16:30 Asia/Tokyo risk growth")
    ada_chat.send_line("tips").press("1: every-second wed 16:30").press("Change")
    assert isinstance(ada_chat.answer, Form)
    initial = {field.name: field.initial for field in ada_chat.form.fields}
    assert initial == {
        "when": "every-second wed", "time": "16:30", "zone": "Asia/Tokyo", "tags": "risk growth",
        "channel": "C100",
    }  # fmt: skip
    ada_chat.submit(time="17:00").press("Confirm")
    kept = ada_chat.service.context.open_store().subscriptions.find(Tenant("slack", "T1"), "C100")
    assert kept is not None
    assert (kept.schedule.days, f"{kept.schedule.local_time:%H:%M}", kept.schedule.zone, set(kept.tags)) == (
        "every-second wed", "17:00", "Asia/Tokyo", {"risk", "growth"},
    )  # fmt: skip


def test_uncertain_delivery_is_shown_and_settled_on_the_page(ada_chat: Chat) -> None:
    _create_subscriptions(ada_chat, 1)
    (tip,) = ada_chat.service.claim_due(SLACK, DUE)
    assert ada_chat.service.begin_sending([tip], DUE)
    ada_chat.service.claim_due(SLACK, DUE + timedelta(minutes=2))
    assert "I don't know whether the tip" in ada_chat.send_line("tips").text
    page = ada_chat.press("1: tue")
    assert page.labels[:2] == ["Post it now", "It was posted"]
    assert "settles it" in page.press("It was posted").text
    assert "Post it now" not in ada_chat.send_line("tips").press("1: tue").labels


def test_undelivered_tip_is_shown_with_its_reason(ada_chat: Chat) -> None:
    _create_subscriptions(ada_chat, 1)
    ada_chat.service.claim_due(SLACK, DUE + timedelta(hours=4))
    text = ada_chat.send_line("tips").text
    assert "The tip of Tue 01 Dec 2026, 09:00 (Europe/Berlin) was skipped because I wasn't running." in text
    assert "Next on Tue 08 Dec 2026." in text
    (tip,) = ada_chat.service.claim_due(SLACK, DUE + timedelta(days=7))
    assert ada_chat.service.begin_sending([tip], DUE + timedelta(days=7))
    ada_chat.service.record_results([(tip, DeliverySent("1"))], DUE + timedelta(days=7))
    assert "skipped" not in ada_chat.send_line("tips").text


def test_members_change_only_their_own(ada_chat: Chat) -> None:
    ada_chat.send_line("tips on daily 09:00").press("Confirm")
    ada_chat.send_line("tips on daily 08:00 me").press("Confirm")
    bob = replace(ada_chat, user=User("UBOB", "Bob", timezone="UTC", is_admin=False))
    assert "Every day at 09:00 (Europe/Berlin), here" in bob.send_line("tips").text
    assert bob.labels == ["Tips for me"]
    for where in ("C1", "UADA", "here"):
        for verb in ("place", "pause", "resume", "skip", "off"):
            assert bob.send_action(Action(f"tips.{verb}", (where,))).reply.outcome is ReplyOutcome.REFUSED, (
                verb,
                where,
            )
    bob.send_line("tips on weekdays 07:00 me").press("Confirm")
    assert bob.send_line("tips").press("2: weekdays 07:00").labels[0] == "Pause"
