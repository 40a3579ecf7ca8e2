"""A person's own tips: opted into, snoozed and stopped from the tip itself, wherever it is read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.dialogue.action import Action
from bot.dialogue.reply import Outcome, Reply, presses
from bot.dialogue.request import Origin, User
from bot.service import Service
from bot.store.community import Community
from bot.store.tips import Subscription
from tests.chat import Chat

BOB = User("77", "Bob", zone="Europe/Berlin", admin=False)
SERVER = Community("discord", "1")
DUE = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


@pytest.fixture
def bob(service: Service) -> Chat:
    """Somebody who took tips in a server, and now reads them where no server is."""
    chat = Chat(service, user=BOB, origin=Origin("discord", "1", "2"))
    chat.say("tips on daily 09:00 me").press("Confirm")
    return replace(chat, origin=Origin("discord", "direct", "3", direct=True))


def _kept(chat: Chat) -> Subscription | None:
    return chat.service.context.store.subscriptions.get(SERVER, "77")


def _tip(chat: Chat) -> Reply:
    (delivery,) = chat.service.claim(frozenset({"discord"}), DUE)
    assert delivery.direct
    return delivery.reply


def _pressed(chat: Chat, label: str) -> Chat:
    return chat.do(next(one.action for one in presses(_tip(chat).blocks) if one.label == label))


def test_a_persons_own_tip_has_four_buttons_and_a_channels_two(bob: Chat) -> None:
    labels = [one.label for one in presses(_tip(bob).blocks)]
    assert labels == ["Read the card", "Helpful?", "Snooze", "Stop"]


@pytest.mark.parametrize(("how", "date"), [("A week", "Tue 01 Dec 2026"), ("A month", "Thu 24 Dec 2026")])
def test_a_snooze_lasts_as_long_as_was_said(bob: Chat, how: str, date: str) -> None:
    assert f"The next tip comes to your own messages on {date}" in _pressed(bob, "Snooze").press(how).text
    assert "Wed 25 Nov 2026" in bob.press("Resume").text


def test_a_snooze_until_a_day_is_asked_by_a_form(bob: Chat) -> None:
    _pressed(bob, "Snooze").press("Until a day").submit(until="2027-01-07")
    kept = _kept(bob)
    assert kept is not None
    assert kept.next_due_at == datetime(2027, 1, 7, 8, 0, tzinfo=UTC)
    bob.do(Action("tips.until", ("1",))).submit(until="yesterday")
    assert bob.reply.outcome is Outcome.REFUSED
    assert "yesterday" in bob.text
    assert "Thu 24 Dec 2026" in bob.press("Back to the form").submit(until="2026-12-24").text


def test_stop_ends_them_at_once(bob: Chat) -> None:
    assert "No more tips come to your own messages" in _pressed(bob, "Stop").text
    assert _kept(bob) is None


def test_nobody_snoozes_or_stops_somebody_elses(bob: Chat) -> None:
    eve = replace(bob, user=User("78", "Eve", admin=True))
    for name in ("tips.snooze", "tips.stop"):
        for args in (("1",), ("1", "in a week"), ("1", "2"), (), ("1", "2", "3")):
            if eve.do(Action(name, args)).reply.outcome is not Outcome.REFUSED:
                pytest.fail(f"{name} {args}: {eve.text}")
    assert eve.do(Action("tips.snooze", ("1",)), {"until": "friday"}).reply.outcome is Outcome.REFUSED
    kept = _kept(bob)
    assert kept is not None
    assert kept.until is None
