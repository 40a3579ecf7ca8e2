"""A person's own tips: opted into, snoozed and stopped from the tip itself, wherever it is read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.tenant import Tenant
from bot.domain.tips.subscription import Subscription
from bot.messaging.action import Action
from bot.messaging.reply import Reply, ReplyOutcome, iter_controls
from bot.messaging.request import Origin, User
from bot.service import Service
from tests.chat import Chat

BOB = User("77", "Bob", timezone="Europe/Berlin", is_admin=False)
TENANT = Tenant("discord", "1")
DUE = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


@pytest.fixture
def bob_chat(service: Service) -> Chat:
    """Somebody who took tips in a server, and now reads them where no server is."""
    chat = Chat(service, user=BOB, origin=Origin("discord", "1", "2"))
    chat.send_line("tips on daily 09:00 me").press("Confirm")
    return replace(chat, origin=Origin("discord", "direct", "3", is_direct=True))


def _load_subscription(chat: Chat) -> Subscription | None:
    return chat.service.context.open_store().subscriptions.find(TENANT, "77")


def _claim_tip(chat: Chat) -> Reply:
    (delivery,) = chat.service.claim_due(frozenset({"discord"}), DUE)
    assert delivery.is_direct
    return delivery.reply


def _press_on_tip(chat: Chat, label: str) -> Chat:
    return chat.send_action(
        next(one.action for one in iter_controls(_claim_tip(chat).blocks) if one.label == label)
    )


def test_a_persons_own_tip_has_four_buttons_and_a_channels_two(bob_chat: Chat) -> None:
    labels = [one.label for one in iter_controls(_claim_tip(bob_chat).blocks)]
    assert labels == ["Read the card", "Helpful?", "Snooze", "Stop"]


@pytest.mark.parametrize(("how", "date"), [("A week", "Tue 01 Dec 2026"), ("A month", "Thu 24 Dec 2026")])
def test_a_snooze_lasts_as_long_as_was_said(bob_chat: Chat, how: str, date: str) -> None:
    assert (
        f"The next tip comes to your own messages on {date}"
        in _press_on_tip(bob_chat, "Snooze").press(how).text
    )
    assert "Wed 25 Nov 2026" in bob_chat.press("Resume").text


def test_a_snooze_until_a_day_is_asked_by_a_form(bob_chat: Chat) -> None:
    _press_on_tip(bob_chat, "Snooze").press("Until a date…").submit(until="2027-01-07")
    kept = _load_subscription(bob_chat)
    assert kept is not None
    assert kept.next_due_at == datetime(2027, 1, 7, 8, 0, tzinfo=UTC)
    bob_chat.send_action(Action("tips.until", ("1",))).submit(until="yesterday")
    assert bob_chat.reply.outcome is ReplyOutcome.REFUSED
    assert "yesterday" in bob_chat.text
    assert "Thu 24 Dec 2026" in bob_chat.press("Edit").submit(until="2026-12-24").text


def test_stop_ends_them_at_once(bob_chat: Chat) -> None:
    assert "No more tips to your own messages" in _press_on_tip(bob_chat, "Stop").text
    assert _load_subscription(bob_chat) is None


def test_nobody_snoozes_or_stops_somebody_elses(bob_chat: Chat) -> None:
    eve = replace(bob_chat, user=User("78", "Eve", is_admin=True))
    for name in ("tips.snooze", "tips.stop"):
        for args in (("1",), ("1", "in a week"), ("1", "2"), (), ("1", "2", "3")):
            if eve.send_action(Action(name, args)).reply.outcome is not ReplyOutcome.REFUSED:
                pytest.fail(f"{name} {args}: {eve.text}")
    assert (
        eve.send_action(Action("tips.snooze", ("1",)), {"until": "friday"}).reply.outcome
        is ReplyOutcome.REFUSED
    )
    kept = _load_subscription(bob_chat)
    assert kept is not None
    assert kept.paused_until is None
