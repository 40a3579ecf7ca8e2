"""The form that sets tips up: what a mistake in it costs, and that nothing which was typed is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.tips.form import Said, reopening
from bot.dialogue.action import Action
from bot.dialogue.reply import Form, Outcome, Pick
from bot.dialogue.request import Origin, User
from bot.service import Service
from bot.store.community import Community
from tests.chat import Chat

ADA = User("UADA", "Ada", zone="Europe/Berlin", admin=True)
BOB = User("UBOB", "Bob", admin=False)
HERE = Origin("slack", "T1", "C1")


@pytest.fixture
def ada(service: Service) -> Chat:
    return Chat(service, user=ADA, origin=HERE)


def _initial(form: Form) -> dict[str, str]:
    return {field.name: field.initial for field in form.fields}


def test_the_form_asks_for_five_things_and_knows_the_usual_ones(ada: Chat) -> None:
    ada.say("tips on")
    assert _initial(ada.form) == {
        "when": "tuesday", "time": "09:00", "zone": "Europe/Berlin", "tags": "all", "channel": "here",
    }  # fmt: skip
    ada.submit(when="every second wednesday", time="7:30", tags="risk", channel="me").press("Confirm")
    kept = ada.service.context.store.subscriptions.get(Community("slack", "T1"), "UADA")
    assert kept is not None
    assert (kept.days, kept.at, kept.tags, kept.direct) == ("every-second wed", "07:30", ("risk",), True)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"when": "blursday"}, "cannot read blursday as days"),
        ({"time": "25:00"}, "cannot read 25:00 as a time"),
        ({"zone": "Europe/Nowhere"}, "no time zone Europe/Nowhere"),
    ],
)
def test_after_a_mistake_the_form_opens_again_with_all_that_was_typed(
    ada: Chat, wrong: dict[str, str], said: str
) -> None:
    typed = {"when": "mon,thu", "time": "16:30", "zone": "Asia/Tokyo", "tags": "growth", "channel": "me"}
    ada.say("tips on").submit(**{**typed, **wrong})
    assert said in ada.text
    assert ada.reply.outcome is Outcome.REFUSED
    ada.press("Back to the form")
    assert _initial(ada.form) == {**typed, **wrong}
    assert "Asia/Tokyo" in ada.submit(when="monday", time="09:00", zone="Asia/Tokyo").text


def test_what_was_typed_beside_the_days_stands_in_the_form(ada: Chat) -> None:
    ada.do(Action("tips.on"), {"time": "10:00", "tags": "risk growth", "channel": "C2"})
    form = _initial(ada.form)
    assert (form["time"], form["tags"], form["channel"]) == ("10:00", "risk growth", "C2")
    ada.submit(when="daily").press("Confirm")
    kept = ada.service.context.store.subscriptions.get(Community("slack", "T1"), "C2")
    assert kept is not None
    assert set(kept.tags) == {"risk", "growth"}


def test_a_topic_that_does_not_exist_costs_only_the_topic(ada: Chat) -> None:
    ada.say("tips on last friday 16:30 Asia/Tokyo nonsense risk")
    assert "no topic nonsense" in ada.text
    ada.press("Back to the form")
    assert _initial(ada.form) == {
        "when": "last friday", "time": "16:30", "zone": "Asia/Tokyo", "tags": "risk", "channel": "C1",
    }  # fmt: skip


def test_a_member_is_asked_only_for_tips_to_oneself(ada: Chat) -> None:
    bob = replace(ada, user=BOB)
    bob.say("tips on")
    assert "channel" not in _initial(bob.form)
    assert "your own messages" in bob.submit(zone="UTC/").text or "time zone" in bob.text
    assert bob.press("Back to the form").submit(zone="UTC").press("Confirm").reply.outcome is Outcome.ANSWERED
    assert bob.do(Action("tips.on", ("here",)), {"when": "daily"}).reply.outcome is Outcome.REFUSED


def test_a_message_to_the_bot_is_answered_with_a_button_that_opens_the_form(ada: Chat) -> None:
    request = replace(ada, origin=Origin("slack", "T1", "D1", direct=True)).say("tips on")
    assert [field.name for field in request.form.fields] == ["when", "time", "zone", "tags"]


def test_crafted_ways_back_open_nothing_that_works(ada: Chat) -> None:
    assert ada.do(Action("tips.mend", ("daily",))).reply.outcome is Outcome.REFUSED
    ada.do(Action("tips.mend", ("x", "y", "z", "@everyone", "nonsense")))
    assert ada.submit(when="daily", time="09:00", zone="UTC").reply.outcome is Outcome.REFUSED


@given(st.builds(Said, *[st.text(max_size=60)] * 5))
def test_any_words_find_room_in_a_button_or_stay_in_the_sentence(said: Said) -> None:
    """The longest go first; what is short enough comes back as it was, save for colons."""
    args = reopening(said).args
    for was, kept in zip(said, args, strict=True):
        assert kept in ("", *["".join(c if c.isprintable() else " " for c in was).replace(":", ".")])


@given(
    when=st.sampled_from(["every-second wednesday", "mon,tue,wed", "last friday"]),
    zone=st.sampled_from(["America/Argentina/Buenos_Aires", "Europe/Berlin"]),
)
def test_usual_words_all_come_back(when: str, zone: str) -> None:
    said = Said(when, "9:65", zone, "C0123456789", "risk")
    assert reopening(said).args == (when, "9.65", zone, "C0123456789", "risk")


def test_every_topic_can_be_picked(ada: Chat) -> None:
    (topics,) = [field for field in ada.say("tips on").form.fields if field.name == "tags"]
    assert isinstance(topics, Pick)
    assert {value for value, _ in topics.options} == {"all", *ada.service.context.library.tags}
