"""The list of tips and the page of each: an admin manages them without typing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.commands.tips.describing import rhythm
from bot.dialogue.action import Action
from bot.dialogue.delivery import Paused, Sent
from bot.dialogue.plain import plain
from bot.dialogue.reply import Form, Outcome
from bot.dialogue.request import Origin, User
from bot.domain.tips.schedule import when_of
from bot.platforms.discord.render import payload
from bot.service import Service
from bot.store.community import Community
from tests.chat import Chat

ADA = User("UADA", "Ada", zone="Europe/Berlin", admin=True)
HERE = Origin("slack", "T1", "C1")
SLACK = frozenset({"slack"})
DUE = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)


@pytest.fixture
def ada(service: Service) -> Chat:
    return Chat(service, user=ADA, origin=HERE)


def _set_up(chat: Chat, number: int, words: str = "tuesday 09:00") -> None:
    for channel in range(100, 100 + number):
        chat.say(f"tips on {words} <#C{channel}|x>").press("Confirm")


@pytest.mark.parametrize(
    ("days", "said"),
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
def test_a_rhythm_reads_as_people_say_it(days: str, said: str, service: Service) -> None:
    when = when_of(days)
    assert when is not None
    assert rhythm(when, service.context) == said


def test_a_line_says_when_where_and_the_next_day(ada: Chat) -> None:
    _set_up(ada, 1)
    assert (
        "1: Every Tuesday at 09:00 (Europe/Berlin), to #C100. Next on Tue 01 Dec 2026."
        in ada.say("tips").text
    )


def test_a_long_list_says_how_many_more_there_are_and_has_a_page_for_each(ada: Chat) -> None:
    _set_up(ada, 23)
    seen: set[str] = set()
    for left in (13, 3, 0):
        ada.say("tips list") if left == 13 else ada.press("More")
        assert (f"And {left} more." in ada.text) == bool(left)
        payload(ada.reply)
        seen |= {word.strip(".") for word in ada.text.split() if word.startswith("#C")}
    assert len(seen) == 23
    assert ada.reply.replace
    assert "More" not in ada.labels
    ada.press("Back").press("Back")
    assert "1: Every Tuesday" in ada.text
    assert ada.do(Action("tips.list", ("99",))).reply.outcome is Outcome.ANSWERED
    for crafted in (("x",), ("-1",), ("1", "2"), ("9" * 30,)):
        assert ada.do(Action("tips.list", crafted)).reply.outcome is Outcome.REFUSED


@pytest.mark.parametrize("reason", ["gone", "forbidden", "closed", "refused"])
def test_the_longest_lines_fit_ten_to_a_page(ada: Chat, reason: str) -> None:
    _set_up(ada, 10, "mon,tue,wed,thu,fri,sat 23:30 America/Argentina/ComodRivadavia")
    due = ada.service.next_due(SLACK)
    assert due is not None
    while deliveries := ada.service.claim(SLACK, due):
        tips = [one for one in ada.service.begin(deliveries, due) if one.slot is not None]
        ada.service.settle([(one, Paused(reason)) for one in tips], due)
        if not tips:
            break
    text = ada.say("tips list").text
    assert text.count("press Resume") == 10
    assert len(plain(ada.reply)) <= 3_500
    payload(ada.reply)


def test_a_place_is_managed_from_its_own_page(ada: Chat) -> None:
    _set_up(ada, 2, "tuesday 09:00 risk growth")
    page = ada.say("tips list").press("2: tue 09:00")
    assert "to #C101" in page.text
    assert "Only on these topics" in page.text
    assert page.labels == ["Pause", "Skip the next one", "Preview", "Change", "Off", "All tips"]
    assert "Tue 08 Dec 2026" in page.press("Skip the next one").text
    assert "No tips come to #C101 until" in page.press("Change").press("Pause").text
    assert page.press("Change").labels[0] == "Resume"
    assert "Tue 01 Dec 2026" in page.press("Resume").text
    assert "A tip for today" in page.press("Change").press("Preview").text
    assert "No more tips come to #C101" in page.say("tips").press("2: tue").press("Off").text
    assert "#C101" not in page.press("All tips").text


def test_change_opens_the_form_as_tips_are_set_up(ada: Chat) -> None:
    _set_up(ada, 1, "every-second wednesday 16:30 Asia/Tokyo risk growth")
    ada.say("tips").press("1: every-second wed 16:30").press("Change")
    assert isinstance(ada.answer, Form)
    initial = {field.name: field.initial for field in ada.form.fields}
    assert initial == {
        "when": "every-second wed", "time": "16:30", "zone": "Asia/Tokyo", "tags": "risk growth",
        "channel": "C100",
    }  # fmt: skip
    ada.submit(time="17:00").press("Confirm")
    kept = ada.service.context.store.subscriptions.get(Community("slack", "T1"), "C100")
    assert kept is not None
    assert (kept.days, kept.at, kept.zone, set(kept.tags)) == (
        "every-second wed", "17:00", "Asia/Tokyo", {"risk", "growth"},
    )  # fmt: skip


def test_a_tip_in_doubt_is_said_and_settled_on_the_page(ada: Chat) -> None:
    _set_up(ada, 1)
    (tip,) = ada.service.claim(SLACK, DUE)
    assert ada.service.begin([tip], DUE)
    ada.service.claim(SLACK, DUE + timedelta(minutes=2))
    assert "unknown" in ada.say("tips").text
    page = ada.press("1: tue")
    assert page.labels[:2] == ["Post it now", "It is there"]
    assert "settles it" in page.press("It is there").text
    assert "Post it now" not in ada.say("tips").press("1: tue").labels


def test_a_tip_that_did_not_come_is_said_with_its_reason(ada: Chat) -> None:
    _set_up(ada, 1)
    ada.service.claim(SLACK, DUE + timedelta(hours=4))
    text = ada.say("tips").text
    assert "The tip of Tue 01 Dec 2026, 09:00 (Europe/Berlin) was skipped, since I was not running." in text
    assert "Next on Tue 08 Dec 2026." in text
    (tip,) = ada.service.claim(SLACK, DUE + timedelta(days=7))
    assert ada.service.begin([tip], DUE + timedelta(days=7))
    ada.service.settle([(tip, Sent("1"))], DUE + timedelta(days=7))
    assert "skipped" not in ada.say("tips").text


def test_members_change_only_their_own(ada: Chat) -> None:
    ada.say("tips on daily 09:00").press("Confirm")
    ada.say("tips on daily 08:00 me").press("Confirm")
    bob = replace(ada, user=User("UBOB", "Bob", zone="UTC", admin=False))
    assert "Every day at 09:00 (Europe/Berlin), here" in bob.say("tips").text
    assert bob.labels == ["Tips for me"]
    for where in ("C1", "UADA", "here"):
        for verb in ("place", "pause", "resume", "skip", "off"):
            assert bob.do(Action(f"tips.{verb}", (where,))).reply.outcome is Outcome.REFUSED, (verb, where)
    bob.say("tips on weekdays 07:00 me").press("Confirm")
    assert bob.say("tips").press("2: weekdays 07:00").labels[0] == "Pause"
