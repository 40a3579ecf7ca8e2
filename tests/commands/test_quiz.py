"""Assessments as conversations: one press an answer, nothing kept, only the owner's presses count."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.dialogue.action import Action
from bot.dialogue.blocks import Bars, Buttons, Heading
from bot.dialogue.reply import Audience, Form, Here, Outcome, PrivateThread, Thread, presses
from bot.dialogue.request import LINE, Origin, Request, User
from tests.chat import CHANNEL, NOON, Chat

BOB = User("U2", "Bob")
RESEARCH = "quiz research-or-engineering"
# One run: eight questions, the condition met, to "Both".
ANSWERS = (
    "Test an idea of my own",
    "The team takes turns",
    "Fine",
    "Into a paper I saved",
    "Neither, I would move one of them",
    "Mend what touches the method",
    "Ship the plain one and move on",
    "When a finding is live and used",
)


def _begun(chat: Chat, line: str = RESEARCH) -> Chat:
    return chat.say(line).press("Begin")


def _finished(chat: Chat, line: str = RESEARCH, answers: tuple[str, ...] = ANSWERS) -> Chat:
    _begun(chat, line)
    for answer in answers:
        if answer in chat.labels:  # an answer may hide the question that another would have led to
            chat.press(answer)
    return chat


def _code(chat: Chat) -> str:
    return chat.text.partition("what has moved: ")[2].split()[0]


def test_it_begins_with_title_number_and_minutes_in_a_thread_of_the_askers_own(chat: Chat) -> None:
    chat.say(RESEARCH)
    assert "8 questions at most, about 3 minutes" in chat.text
    assert chat.reply.place == PrivateThread("Research or engineering")
    assert chat.reply.audience is Audience.ASKER


def test_one_question_at_a_time_in_place_with_progress_and_the_last_answer(chat: Chat) -> None:
    _begun(chat)
    assert "1 of about 8" in chat.text
    chat.press("Test an idea of my own")
    assert "2 of about 8" in chat.text
    assert "Question 1, you said: Test an idea of my own" in chat.text
    assert "Your main project is stuck" not in chat.text
    assert chat.reply.replace
    assert chat.reply.place == Here()


def test_back_skip_and_stop_always_stand_in_a_row_of_their_own(chat: Chat) -> None:
    _begun(chat)
    for answer in ANSWERS:
        rows = [block for block in chat.reply.blocks if isinstance(block, Buttons)]
        assert [button.label for button in rows[-1].buttons] == ["Back", "Skip", "Stop"]
        chat.press(answer)


def test_a_condition_asks_one_question_less(chat: Chat) -> None:
    _begun(chat).press("Go and unblock").press("An engineering team")
    assert "3 of about 7" in chat.text
    assert "pager" not in chat.text


def test_back_drops_the_last_answer_and_at_the_first_question_returns_to_the_start(chat: Chat) -> None:
    _begun(chat)
    first = chat.text
    chat.press("Clean up the pipeline").press("Back")
    assert chat.text == first
    chat.press("Back")
    assert "8 questions at most" in chat.text
    assert chat.reply.replace


def test_a_skipped_question_is_said_as_such_and_weighs_nothing(chat: Chat) -> None:
    _begun(chat).press("Skip")
    assert "Question 1, you skipped." in chat.text


def test_stop_keeps_the_place_in_its_button(chat: Chat) -> None:
    _begun(chat).press("Clean up the pipeline")
    there = chat.text
    chat.press("Stop")
    assert "Stopped" in chat.text
    assert chat.press("Go on").text == there


def test_the_result_says_what_how_surely_why_and_what_else(chat: Chat) -> None:
    _finished(chat)
    assert "Research or engineering: Both" in chat.text
    assert any(isinstance(block, Bars) for block in chat.reply.blocks)
    assert "Finding out: some; Making it run: some." in chat.text
    for part in (
        "The 3 answers that weighed most:",
        "Try this week",
        "What it does not measure",
        "From the source",
    ):
        assert part in chat.text
    assert "60 % both" in chat.text
    assert "answer away from" in chat.text
    assert len(_code(chat)) == 11


def test_a_near_tie_is_said_first(chat: Chat) -> None:
    _finished(chat)
    heading, second, *_ = chat.reply.blocks
    assert heading == Heading("Research or engineering: Both, nearly tied")
    assert "One other answer would have made it" in str(second)


def test_a_result_that_is_far_ahead_is_not_called_a_tie(chat: Chat) -> None:
    wholly = (
        "Clean up",
        "Me, it is my model",
        "Fine",
        "Into making",
        "The talk",
        "Go",
        "Ship the",
        "When it",
    )
    _begun(chat)
    for answer in wholly:
        chat.press(answer)
    assert chat.reply.blocks[0] == Heading("Research or engineering: Engineering")
    assert "No one or two other answers would have changed" in chat.text


def test_the_named_answer_does_change_the_result(chat: Chat) -> None:
    _finished(chat)
    told = re.search(r"One answer away from (.+):\n\n• Question \d: (.+), where you said (.+)\n", chat.text)
    assert told is not None
    other, instead, taken = told.groups()
    _finished(chat, answers=tuple(instead if one == taken else one for one in ANSWERS))
    assert f"Research or engineering: {other}" in chat.text


def test_what_is_shared_holds_the_result_and_no_answer(chat: Chat) -> None:
    code = _code(_finished(chat))
    chat.press("Share here")
    assert chat.reply.audience is Audience.EVERYONE
    assert not chat.reply.replace
    assert "Research or engineering: Both" in chat.text
    assert "Shared by Ann" in chat.text
    assert code not in chat.text
    assert not [answer for answer in ANSWERS if answer in chat.text]
    assert chat.labels == ["Take it yourself"]


def test_the_cards_open_from_the_result(chat: Chat) -> None:
    _finished(chat)
    cards = [press for press in presses(chat.reply.blocks) if press.action.name == "card.show"]
    assert len(cards) == 2
    assert chat.press(cards[0].label).reply.outcome is Outcome.ANSWERED


def test_who_skips_everything_gets_no_result_and_the_way_back(chat: Chat) -> None:
    _begun(chat)
    while "Skip" in chat.labels:
        chat.press("Skip")
    assert "nothing to say" in chat.text
    assert chat.labels == ["Back", "From the beginning"]


# Whose it is


def test_nobody_else_can_press_and_all_get_one_of_their_own(chat: Chat) -> None:
    _begun(chat)
    bob = Chat(chat.service, user=BOB)
    bob.do(next(presses(chat.reply.blocks)).action)
    assert (bob.reply.outcome, bob.reply.audience) == (Outcome.REFUSED, Audience.ASKER)
    assert "someone else" in bob.text
    assert not bob.reply.replace
    assert "8 questions at most" in bob.press("Take it yourself").text


@pytest.mark.parametrize(
    "origin",
    [Origin("test", "W2", "C1"), Origin("other", "W1", "C1")],
    ids=["another workspace", "another platform"],
)
def test_a_run_does_not_leave_its_workspace(chat: Chat, origin: Origin) -> None:
    _begun(chat)
    action = next(presses(chat.reply.blocks)).action
    assert Chat(chat.service, origin=origin).do(action).reply.outcome is Outcome.REFUSED
    elsewhere = replace(CHANNEL, channel="C2", thread="T9")
    assert Chat(chat.service, origin=elsewhere).do(action).reply.outcome is Outcome.ANSWERED


def test_a_button_means_nothing_under_another_name(chat: Chat) -> None:
    _begun(chat)
    action = next(presses(chat.reply.blocks)).action
    for verb in ("share", "begin", "stop", "mine"):
        assert chat.do(Action(f"quiz.{verb}", action.args)).reply.outcome is Outcome.REFUSED


@pytest.mark.parametrize("verb", ["begin", "answer", "share", "since", "compare", "moved", "take"])
@pytest.mark.parametrize("args", [(), ("x",), ("a", "b", "c"), ("a", "b", "c" * 14, "", "e"), ("a",) * 6])
def test_crafted_presses_get_a_sentence(chat: Chat, verb: str, args: tuple[str, ...]) -> None:
    assert chat.do(Action(f"quiz.{verb}", args)).reply.outcome is Outcome.REFUSED


# Presses twice, late, out of order


def test_a_second_press_gives_the_same_page(chat: Chat) -> None:
    _begun(chat)
    action = next(presses(chat.reply.blocks)).action
    assert chat.do(action).reply == chat.do(action).reply


def test_a_press_on_a_message_that_shows_a_later_question_changes_nothing(chat: Chat) -> None:
    _begun(chat)
    early = next(presses(chat.reply.blocks)).action
    chat.press("Clean up the pipeline").press("The team takes turns")
    shown = chat.reply
    assert _late(chat, early).reply == shown
    chat.press("Stop")
    shown = chat.reply
    assert _late(chat, early).reply == shown


def test_nor_does_one_on_a_message_that_shows_the_result(chat: Chat) -> None:
    _begun(chat)
    early = next(presses(chat.reply.blocks)).action
    shown = _finished(chat).reply
    assert _late(chat, early).reply == shown


def test_a_submitted_form_is_no_late_press(chat: Chat) -> None:
    """A form comes with the message that it was opened from, which does not carry what it submits."""
    code = _code(_finished(chat))
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
    _begun(chat, f"{RESEARCH} here")
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
    _finished(chat, f"{RESEARCH} here")
    whole = next(press.action for press in presses(chat.reply.blocks) if press.label == "Show me the whole")
    assert Chat(chat.service, user=BOB).do(whole).reply.outcome is Outcome.REFUSED
    chat.do(whole)
    assert chat.reply.audience is Audience.ASKER
    assert not chat.reply.replace
    assert len(_code(chat)) == 11


def test_here_means_nothing_in_direct_messages(chat: Chat) -> None:
    direct = Chat(chat.service, origin=Origin("test", "W1", "D1", direct=True))
    assert direct.say(f"{RESEARCH} here").reply.audience is Audience.ASKER


# Codes


def test_since_shows_what_moved(chat: Chat) -> None:
    code = _code(_finished(chat))
    chat.say(f"{RESEARCH} since:{code.lower()}")
    assert "Your code says Both" in chat.text
    chat.press("Begin")
    for answer in ("Clean up the pipeline", "Me, it is my model", *ANSWERS[2:]):
        chat.press(answer)
    assert "Since your code: it was Both" in chat.text
    chat.press("Which answers moved?")
    assert "It was: Test an idea of my own. It is: Clean up the pipeline." in chat.text
    assert "It was: The team takes turns. It is: Me, it is my model." in chat.text
    assert chat.text.count("It was:") == 2


def test_a_code_can_be_given_when_the_run_is_done(chat: Chat) -> None:
    code = _code(_finished(chat))
    chat.press("Compare with an earlier code")
    assert isinstance(chat.answer, Form)
    chat.submit(code=f" {code.lower()} ")
    assert "Since your code: it was Both, and still is." in chat.text
    assert "Every answer is the same." in chat.press("Which answers moved?").text


def test_a_code_alone_finds_its_assessment(chat: Chat) -> None:
    code = _code(_finished(chat))
    assert "Research or engineering?" in chat.say(f"quiz since:{code}").text


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda code: code[:-1], "has not. Copy it whole"),
        (lambda code: f"U{code[1:]}", "but no U"),
        (lambda code: code[:-1] + ("2" if code[-1] != "2" else "3"), "does not check out"),
    ],
    ids=["short", "letter", "mistyped"],
)
def test_a_mistyped_code_is_told_so(chat: Chat, spoil: object, says: str) -> None:
    assert callable(spoil)
    code = spoil(_code(_finished(chat)))
    chat.say(f"{RESEARCH} since:{code}")
    assert chat.reply.outcome is Outcome.REFUSED
    assert says in chat.text


def test_a_code_of_another_assessment_is_told_so(chat: Chat) -> None:
    code = _code(_finished(chat))
    assert "is a code of another assessment: Research or" in chat.say(f"quiz sector-fit since:{code}").text


# Words


@pytest.mark.parametrize(
    "line",
    [
        "quiz sector-fit",
        "quiz Sector fit",
        "quiz which sector fits you today?",
        "QUIZ sectr fit",
        "quiz sector",
    ],
)
def test_an_assessment_is_named_by_id_title_or_nearly(chat: Chat, line: str) -> None:
    assert "Which sector fits you today?" in chat.say(line).text


def test_without_a_name_or_with_half_a_name_one_can_pick(chat: Chat) -> None:
    assert len(chat.say("quiz").labels) == 5
    assert chat.say("quiz research").labels == ["Feeling a research gap", "Research or engineering"]
    assert "1 of about 8" in chat.press("Research or").press("Begin").text


def test_a_question_that_begins_with_the_word_stays_a_question(chat: Chat) -> None:
    chat.say("quiz me about kubernetes please")
    assert chat.reply.outcome is not Outcome.FAILED
    assert "Begin" not in chat.labels


def test_a_name_that_a_platform_typed_wrongly_is_told_so(chat: Chat) -> None:
    assert "no assessment called" in chat.do(Action("quiz"), {"name": "tarot"}).text


def test_what_is_typed_in_a_runs_thread_is_no_answer(chat: Chat) -> None:
    opened = Chat(chat.service, origin=replace(CHANNEL, thread="T1", opened=True))
    for line in ("The team takes turns", "", "a"):
        assert "Press a button above" in opened.do(Action(LINE), {LINE: line}).text
    assert "Press a button above" not in opened.say("help").text, "commands are still commands"
