"""Only the owner's presses count: not another's, not a late one, and in public nothing tells an answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.messaging.action import Action
from bot.messaging.reply import Audience, PrivateThread, PublicThread, ReplyOutcome, iter_controls
from bot.messaging.request import Origin, Request, User
from tests.chat import CHANNEL, NOON, Chat
from tests.quiz_chat import ANSWERS, QUIZ_COMMAND, begin_quiz, finish_quiz, read_result_code

BOB = User("U2", "Bob")


# Whose it is


def test_nobody_else_can_press_and_all_get_one_of_their_own(chat: Chat) -> None:
    begin_quiz(chat)
    bob = Chat(chat.service, user=BOB)
    bob.send_action(next(iter_controls(chat.reply.blocks)).action)
    assert (bob.reply.outcome, bob.reply.audience) == (ReplyOutcome.REFUSED, Audience.ASKER)
    assert "Someone else" in bob.text
    assert not bob.reply.replace_original
    assert "Up to 9 questions" in bob.press("Take this quiz").text


@pytest.mark.parametrize(
    "origin",
    [Origin("test", "W2", "C1"), Origin("other", "W1", "C1")],
    ids=["another workspace", "another platform"],
)
def test_a_run_does_not_leave_its_workspace(chat: Chat, origin: Origin) -> None:
    begin_quiz(chat)
    action = next(iter_controls(chat.reply.blocks)).action
    assert Chat(chat.service, origin=origin).send_action(action).reply.outcome is ReplyOutcome.REFUSED
    elsewhere = replace(CHANNEL, channel="C2", thread="T9")
    assert Chat(chat.service, origin=elsewhere).send_action(action).reply.outcome is ReplyOutcome.ANSWERED


def test_a_button_means_nothing_under_another_name(chat: Chat) -> None:
    begin_quiz(chat)
    action = next(iter_controls(chat.reply.blocks)).action
    for verb in ("share", "begin", "stop", "mine"):
        assert chat.send_action(Action(f"quiz.{verb}", action.args)).reply.outcome is ReplyOutcome.REFUSED


@pytest.mark.parametrize("verb", ["begin", "answer", "share", "since", "compare", "moved", "take"])
@pytest.mark.parametrize("args", [(), ("x",), ("a", "b", "c"), ("a", "b", "c" * 14, "", "e"), ("a",) * 6])
def test_crafted_presses_get_a_sentence(chat: Chat, verb: str, args: tuple[str, ...]) -> None:
    assert chat.send_action(Action(f"quiz.{verb}", args)).reply.outcome is ReplyOutcome.REFUSED


# Presses twice, late, out of order


def test_a_second_press_gives_the_same_page(chat: Chat) -> None:
    begin_quiz(chat)
    action = next(iter_controls(chat.reply.blocks)).action
    assert chat.send_action(action).reply == chat.send_action(action).reply


def test_a_press_on_a_message_that_shows_a_later_question_changes_nothing(chat: Chat) -> None:
    begin_quiz(chat)
    early = next(iter_controls(chat.reply.blocks)).action
    chat.press("Clean up the pipeline").press("Into a paper I saved")
    shown = chat.reply
    assert _send_late_action(chat, early).reply == shown
    chat.press("Stop")
    shown = chat.reply
    assert _send_late_action(chat, early).reply == shown


def test_late_press_on_the_result_changes_nothing(chat: Chat) -> None:
    begin_quiz(chat)
    early = next(iter_controls(chat.reply.blocks)).action
    shown = finish_quiz(chat).reply
    assert _send_late_action(chat, early).reply == shown


def test_a_submitted_form_is_no_late_press(chat: Chat) -> None:
    """A form comes with the message that it was opened from, which does not carry what it submits."""
    code = read_result_code(finish_quiz(chat))
    shown = frozenset(press.action.encode() for press in iter_controls(chat.reply.blocks))
    submit = chat.press("Compare with a past result").form.submit_action
    request = Request(chat.user, chat.origin, submit, NOON, "form", {"code": code}, shown)
    chat.answer = chat.service.respond(request)
    assert "Since your code" in chat.text


def _send_late_action(chat: Chat, action: Action) -> Chat:
    """A press that the message on the screen no longer offers."""
    now = frozenset(press.action.encode() for press in iter_controls(chat.reply.blocks))
    chat.answer = chat.service.respond(
        Request(chat.user, chat.origin, action, NOON, "late", visible_actions=now)
    )
    return chat


# In a public thread


def test_here_runs_in_a_thread_of_the_channel_and_offers_it_to_all(chat: Chat) -> None:
    chat.send_line(f"{QUIZ_COMMAND} here")
    assert chat.reply.placement == PublicThread("Research or engineering")
    assert chat.reply.audience is Audience.EVERYONE
    assert "Ann is taking this quiz here" in chat.text
    own = Chat(chat.service, user=BOB)
    own.answer = chat.answer
    assert own.press("Take this quiz").reply.placement == PrivateThread("Research or engineering")


def test_here_without_a_name_offers_public_runs(chat: Chat) -> None:
    chat.send_line("quiz here").press("Sector fit")
    assert chat.reply.placement == PublicThread("Sector fit")
    assert chat.reply.audience is Audience.EVERYONE


def test_public_pages_and_buttons_reveal_no_answer(chat: Chat) -> None:
    begin_quiz(chat, f"{QUIZ_COMMAND} here")
    seen: list[str] = []
    for answer in ANSWERS:
        chat.press(answer)
        assert answer not in chat.text
        assert chat.reply.audience is Audience.EVERYONE
        actions = [press.action for press in iter_controls(chat.reply.blocks) if press.action.verb != "take"]
        assert all(len(action.args) == 3 for action in actions if action.command == "quiz")
        assert not set(seen) & {action.args[-1] for action in actions}, "no sealed state is seen twice"
        seen += [action.args[-1] for action in actions]
    assert "Research or engineering: Both" in chat.text
    assert "what changed" not in chat.text


def test_the_whole_public_result_is_its_owners_alone(chat: Chat) -> None:
    finish_quiz(chat, f"{QUIZ_COMMAND} here")
    whole = next(press.action for press in iter_controls(chat.reply.blocks) if press.label == "Full result")
    assert Chat(chat.service, user=BOB).send_action(whole).reply.outcome is ReplyOutcome.REFUSED
    chat.send_action(whole)
    assert chat.reply.audience is Audience.ASKER
    assert not chat.reply.replace_original
    assert len(read_result_code(chat)) == 11


def test_here_means_nothing_in_direct_messages(chat: Chat) -> None:
    direct = Chat(chat.service, origin=Origin("test", "W1", "D1", is_direct=True))
    assert direct.send_line(f"{QUIZ_COMMAND} here").reply.audience is Audience.ASKER
