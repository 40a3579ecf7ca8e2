"""Only the owner's presses count: not another's, not a late one, and in public nothing tells an answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.dialogue.action import Action
from bot.dialogue.reply import Audience, Outcome, PrivateThread, Thread, presses
from bot.dialogue.request import Origin, Request, User
from tests.chat import CHANNEL, NOON, Chat
from tests.quizzing import ANSWERS, RESEARCH, begun, code_of, finished

BOB = User("U2", "Bob")


# Whose it is


def test_nobody_else_can_press_and_all_get_one_of_their_own(chat: Chat) -> None:
    begun(chat)
    bob = Chat(chat.service, user=BOB)
    bob.do(next(presses(chat.reply.blocks)).action)
    assert (bob.reply.outcome, bob.reply.audience) == (Outcome.REFUSED, Audience.ASKER)
    assert "someone else" in bob.text
    assert not bob.reply.replace
    assert "9 questions at most" in bob.press("Take it yourself").text


@pytest.mark.parametrize(
    "origin",
    [Origin("test", "W2", "C1"), Origin("other", "W1", "C1")],
    ids=["another workspace", "another platform"],
)
def test_a_run_does_not_leave_its_workspace(chat: Chat, origin: Origin) -> None:
    begun(chat)
    action = next(presses(chat.reply.blocks)).action
    assert Chat(chat.service, origin=origin).do(action).reply.outcome is Outcome.REFUSED
    elsewhere = replace(CHANNEL, channel="C2", thread="T9")
    assert Chat(chat.service, origin=elsewhere).do(action).reply.outcome is Outcome.ANSWERED


def test_a_button_means_nothing_under_another_name(chat: Chat) -> None:
    begun(chat)
    action = next(presses(chat.reply.blocks)).action
    for verb in ("share", "begin", "stop", "mine"):
        assert chat.do(Action(f"quiz.{verb}", action.args)).reply.outcome is Outcome.REFUSED


@pytest.mark.parametrize("verb", ["begin", "answer", "share", "since", "compare", "moved", "take"])
@pytest.mark.parametrize("args", [(), ("x",), ("a", "b", "c"), ("a", "b", "c" * 14, "", "e"), ("a",) * 6])
def test_crafted_presses_get_a_sentence(chat: Chat, verb: str, args: tuple[str, ...]) -> None:
    assert chat.do(Action(f"quiz.{verb}", args)).reply.outcome is Outcome.REFUSED


# Presses twice, late, out of order


def test_a_second_press_gives_the_same_page(chat: Chat) -> None:
    begun(chat)
    action = next(presses(chat.reply.blocks)).action
    assert chat.do(action).reply == chat.do(action).reply


def test_a_press_on_a_message_that_shows_a_later_question_changes_nothing(chat: Chat) -> None:
    begun(chat)
    early = next(presses(chat.reply.blocks)).action
    chat.press("Clean up the pipeline").press("Into a paper I saved")
    shown = chat.reply
    assert _late(chat, early).reply == shown
    chat.press("Stop")
    shown = chat.reply
    assert _late(chat, early).reply == shown


def test_nor_does_one_on_a_message_that_shows_the_result(chat: Chat) -> None:
    begun(chat)
    early = next(presses(chat.reply.blocks)).action
    shown = finished(chat).reply
    assert _late(chat, early).reply == shown


def test_a_submitted_form_is_no_late_press(chat: Chat) -> None:
    """A form comes with the message that it was opened from, which does not carry what it submits."""
    code = code_of(finished(chat))
    shown = frozenset(press.action.encode() for press in presses(chat.reply.blocks))
    submit = chat.press("Compare with an earlier code").form.submit
    request = Request(chat.user, chat.origin, submit, NOON, "form", {"code": code}, shown)
    chat.answer = chat.service.respond(request)
    assert "Since your code" in chat.text


def _late(chat: Chat, action: Action) -> Chat:
    """A press that the message on the screen no longer offers."""
    now = frozenset(press.action.encode() for press in presses(chat.reply.blocks))
    chat.answer = chat.service.respond(Request(chat.user, chat.origin, action, NOON, "late", showing=now))
    return chat


# In a public thread


def test_here_runs_in_a_thread_of_the_channel_and_offers_it_to_all(chat: Chat) -> None:
    chat.say(f"{RESEARCH} here")
    assert chat.reply.place == Thread("Research or engineering")
    assert chat.reply.audience is Audience.EVERYONE
    assert "Ann takes this here" in chat.text
    own = Chat(chat.service, user=BOB)
    own.answer = chat.answer
    assert own.press("Take it yourself").reply.place == PrivateThread("Research or engineering")


def test_here_without_a_name_offers_public_runs(chat: Chat) -> None:
    chat.say("quiz here").press("Sector fit")
    assert chat.reply.place == Thread("Sector fit")
    assert chat.reply.audience is Audience.EVERYONE


def test_in_public_neither_page_nor_button_tells_an_answer(chat: Chat) -> None:
    begun(chat, f"{RESEARCH} here")
    seen: list[str] = []
    for answer in ANSWERS:
        chat.press(answer)
        assert answer not in chat.text
        assert chat.reply.audience is Audience.EVERYONE
        actions = [press.action for press in presses(chat.reply.blocks) if press.action.verb != "take"]
        assert all(len(action.args) == 3 for action in actions if action.command == "quiz")
        assert not set(seen) & {action.args[-1] for action in actions}, "no sealed state is seen twice"
        seen += [action.args[-1] for action in actions]
    assert "Research or engineering: Both" in chat.text
    assert "what has moved" not in chat.text


def test_the_whole_public_result_is_its_owners_alone(chat: Chat) -> None:
    finished(chat, f"{RESEARCH} here")
    whole = next(press.action for press in presses(chat.reply.blocks) if press.label == "Show me the whole")
    assert Chat(chat.service, user=BOB).do(whole).reply.outcome is Outcome.REFUSED
    chat.do(whole)
    assert chat.reply.audience is Audience.ASKER
    assert not chat.reply.replace
    assert len(code_of(chat)) == 11


def test_here_means_nothing_in_direct_messages(chat: Chat) -> None:
    direct = Chat(chat.service, origin=Origin("test", "W1", "D1", direct=True))
    assert direct.say(f"{RESEARCH} here").reply.audience is Audience.ASKER
