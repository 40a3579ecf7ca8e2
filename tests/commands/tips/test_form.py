"""The form that sets tips up: what a mistake in it costs, and that nothing which was typed is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.tips.subscription_form import TipFormValues, build_reopen_action
from bot.domain.tenant import Tenant
from bot.messaging.action import Action
from bot.messaging.reply import Form, ReplyOutcome, SelectField
from bot.messaging.request import Origin, User
from bot.service import Service
from tests.chat import Chat

ADA = User("UADA", "Ada", timezone="Europe/Berlin", is_admin=True)
BOB = User("UBOB", "Bob", is_admin=False)
HERE = Origin("slack", "T1", "C1")


@pytest.fixture
def ada_chat(service: Service) -> Chat:
    return Chat(service, user=ADA, origin=HERE)


def _read_initial_values(form: Form) -> dict[str, str]:
    return {field.name: field.initial for field in form.fields}


def test_the_form_asks_for_five_things_and_knows_the_usual_ones(ada_chat: Chat) -> None:
    ada_chat.send_line("tips on")
    assert _read_initial_values(ada_chat.form) == {
        "when": "tuesday", "time": "09:00", "zone": "Europe/Berlin", "tags": "all", "channel": "here",
    }  # fmt: skip
    ada_chat.submit(when="every second wednesday", time="7:30", tags="risk", channel="me").press("Confirm")
    kept = ada_chat.service.context.open_store().subscriptions.find(Tenant("slack", "T1"), "UADA")
    assert kept is not None
    assert (kept.schedule.days, f"{kept.schedule.local_time:%H:%M}", kept.tags, kept.is_direct) == (
        "every-second wed",
        "07:30",
        ("risk",),
        True,
    )


@pytest.mark.parametrize(
    ("input_values", "expected_message"),
    [
        ({"when": "blursday"}, "can't read blursday as days"),
        ({"time": "25:00"}, "can't read 25:00 as a time"),
        ({"zone": "Europe/Nowhere"}, "time zone called Europe/Nowhere"),
    ],
)
def test_after_a_mistake_the_form_opens_again_with_all_that_was_typed(
    ada_chat: Chat, input_values: dict[str, str], expected_message: str
) -> None:
    typed = {"when": "mon,thu", "time": "16:30", "zone": "Asia/Tokyo", "tags": "growth", "channel": "me"}
    ada_chat.send_line("tips on").submit(**{**typed, **input_values})
    assert expected_message in ada_chat.text
    assert ada_chat.reply.outcome is ReplyOutcome.REFUSED
    ada_chat.press("Edit")
    assert _read_initial_values(ada_chat.form) == {**typed, **input_values}
    assert "Asia/Tokyo" in ada_chat.submit(when="monday", time="09:00", zone="Asia/Tokyo").text


def test_other_typed_values_are_kept_in_the_form(ada_chat: Chat) -> None:
    ada_chat.send_action(Action("tips.on"), {"time": "10:00", "tags": "risk growth", "channel": "C2"})
    form = _read_initial_values(ada_chat.form)
    assert (form["time"], form["tags"], form["channel"]) == ("10:00", "risk growth", "C2")
    ada_chat.submit(when="daily").press("Confirm")
    kept = ada_chat.service.context.open_store().subscriptions.find(Tenant("slack", "T1"), "C2")
    assert kept is not None
    assert set(kept.tags) == {"risk", "growth"}


def test_a_topic_that_does_not_exist_costs_only_the_topic(ada_chat: Chat) -> None:
    ada_chat.send_line("tips on last friday 16:30 Asia/Tokyo nonsense risk")
    assert "no topic called nonsense" in ada_chat.text
    ada_chat.press("Edit")
    assert _read_initial_values(ada_chat.form) == {
        "when": "last friday", "time": "16:30", "zone": "Asia/Tokyo", "tags": "risk", "channel": "C1",
    }  # fmt: skip


def test_a_member_is_asked_only_for_tips_to_oneself(ada_chat: Chat) -> None:
    bob = replace(ada_chat, user=BOB)
    bob.send_line("tips on")
    assert "channel" not in _read_initial_values(bob.form)
    assert "your own messages" in bob.submit(zone="UTC/").text or "time zone" in bob.text
    assert bob.press("Edit").submit(zone="UTC").press("Confirm").reply.outcome is ReplyOutcome.ANSWERED
    assert (
        bob.send_action(Action("tips.on", ("here",)), {"when": "daily"}).reply.outcome is ReplyOutcome.REFUSED
    )


def test_a_message_to_the_bot_is_answered_with_a_button_that_opens_the_form(ada_chat: Chat) -> None:
    request = replace(ada_chat, origin=Origin("slack", "T1", "D1", is_direct=True)).send_line("tips on")
    assert [field.name for field in request.form.fields] == ["when", "time", "zone", "tags"]


def test_crafted_ways_back_open_nothing_that_works(ada_chat: Chat) -> None:
    assert ada_chat.send_action(Action("tips.mend", ("daily",))).reply.outcome is ReplyOutcome.REFUSED
    ada_chat.send_action(Action("tips.mend", ("x", "y", "z", "@everyone", "nonsense")))
    assert ada_chat.submit(when="daily", time="09:00", zone="UTC").reply.outcome is ReplyOutcome.REFUSED


@given(st.builds(TipFormValues, *[st.text(max_size=60)] * 5))
def test_any_text_fits_a_button_or_stays_in_the_sentence(text: TipFormValues) -> None:
    """The longest go first; what is short enough comes back as it was, save for colons."""
    args = build_reopen_action(text).args
    for was, kept in zip(text, args, strict=True):
        assert kept in ("", *["".join(c if c.isprintable() else " " for c in was).replace(":", ".")])


@given(
    when=st.sampled_from(["every-second wednesday", "mon,tue,wed", "last friday"]),
    zone=st.sampled_from(["America/Argentina/Buenos_Aires", "Europe/Berlin"]),
)
def test_usual_words_all_come_back(when: str, zone: str) -> None:
    said = TipFormValues(when, "9:65", zone, "C0123456789", "risk")
    assert build_reopen_action(said).args == (when, "9.65", zone, "C0123456789", "risk")


def test_every_topic_can_be_picked(ada_chat: Chat) -> None:
    (topics,) = [field for field in ada_chat.send_line("tips on").form.fields if field.name == "tags"]
    assert isinstance(topics, SelectField)
    assert {value for value, _ in topics.options} == {"all", *ada_chat.service.context.content.tags}
