"""Assessments as conversations: one press an answer, one question at a time, an honest result."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.messaging.action import Action
from bot.messaging.blocks import Bars, Buttons, Heading
from bot.messaging.reply import Audience, PrivateThread, ReplyOutcome, SameConversation, iter_controls
from bot.messaging.request import TYPED_LINE
from tests.chat import CHANNEL, Chat
from tests.quiz_chat import ANSWERS, QUIZ_COMMAND, begin_quiz, finish_quiz, read_result_code


def test_it_begins_with_title_number_and_minutes_in_a_thread_of_the_askers_own(chat: Chat) -> None:
    chat.send_line(QUIZ_COMMAND)
    assert "Up to 9 questions, about 3 minutes" in chat.text
    assert chat.reply.placement == PrivateThread("Research or engineering")
    assert chat.reply.audience is Audience.ASKER


def test_one_question_at_a_time_in_place_with_progress_and_the_last_answer(chat: Chat) -> None:
    begin_quiz(chat)
    assert "1 of about 9" in chat.text
    chat.press("Test an idea of my own")
    assert "2 of about 9" in chat.text
    assert "Question 1, your answer: Test an idea of my own" in chat.text
    assert "Your main project is stuck" not in chat.text
    assert chat.reply.replace_original
    assert chat.reply.placement == SameConversation()


def test_back_skip_and_stop_have_their_own_row(chat: Chat) -> None:
    begin_quiz(chat)
    for answer in ANSWERS:
        rows = [block for block in chat.reply.blocks if isinstance(block, Buttons)]
        assert [button.label for button in rows[-1].buttons] == ["Back", "Skip", "Stop"]
        chat.press(answer)


def test_a_condition_asks_one_question_less(chat: Chat) -> None:
    begin_quiz(chat).press("Test an idea").press("Into tests")
    assert "3 of about 8" in chat.text
    assert "surprises you" not in chat.text


def test_back_drops_the_last_answer_and_at_the_first_question_returns_to_the_start(chat: Chat) -> None:
    begin_quiz(chat)
    first = chat.text
    chat.press("Clean up the pipeline").press("Back")
    assert chat.text == first
    chat.press("Back")
    assert "Up to 9 questions" in chat.text
    assert chat.reply.replace_original


def test_a_skipped_question_is_said_as_such_and_weighs_nothing(chat: Chat) -> None:
    begin_quiz(chat).press("Skip")
    assert "Question 1, skipped." in chat.text


def test_stop_keeps_the_place_in_its_button(chat: Chat) -> None:
    begin_quiz(chat).press("Clean up the pipeline")
    there = chat.text
    chat.press("Stop")
    assert "Stopped" in chat.text
    assert chat.press("Continue").text == there


def test_the_result_says_what_how_surely_why_and_what_else(chat: Chat) -> None:
    finish_quiz(chat)
    assert "Research or engineering: Both" in chat.text
    assert any(isinstance(block, Bars) for block in chat.reply.blocks)
    assert "Research: some; Engineering: some." in chat.text
    for part in (
        "The 3 answers that weighed most:",
        "Try this week",
        "What it doesn't measure",
        "From the source",
    ):
        assert part in chat.text
    assert "60 % both" in chat.text
    assert "answer away from" in chat.text
    assert len(read_result_code(chat)) == 11


def test_a_near_tie_is_said_first(chat: Chat) -> None:
    finish_quiz(chat)
    heading, second, *_ = chat.reply.blocks
    assert heading == Heading("Research or engineering: Both, nearly tied")
    assert "One other answer would have made it" in str(second)


def test_a_result_that_is_far_ahead_is_not_called_a_tie(chat: Chat) -> None:
    wholly = (
        "Clean up",
        "Into making",
        "The better",
        "Ship the",
        "Whether it ran",
        "How large",
        "It now runs",
        "When it has",
    )
    begin_quiz(chat)
    for answer in wholly:
        chat.press(answer)
    assert chat.reply.blocks[0] == Heading("Research or engineering: Engineering")
    assert "Changing one or two answers would not change" in chat.text


def test_the_named_answer_does_change_the_result(chat: Chat) -> None:
    finish_quiz(chat)
    told = re.search(r"One answer away from (.+):\n\n• Question \d: (.+), instead of (.+)\n", chat.text)
    assert told is not None
    other, instead, taken = told.groups()
    finish_quiz(chat, answers=tuple(instead if one == taken else one for one in ANSWERS))
    assert f"Research or engineering: {other}" in chat.text


def test_what_is_shared_holds_the_result_and_no_answer(chat: Chat) -> None:
    code = read_result_code(finish_quiz(chat))
    chat.press("Share here")
    assert chat.reply.audience is Audience.EVERYONE
    assert not chat.reply.replace_original
    assert "Research or engineering: Both" in chat.text
    assert "Shared by Ann" in chat.text
    assert code not in chat.text
    assert not [answer for answer in ANSWERS if answer in chat.text]
    assert chat.labels == ["Take this quiz"]


def test_the_cards_open_from_the_result(chat: Chat) -> None:
    finish_quiz(chat)
    cards = [press for press in iter_controls(chat.reply.blocks) if press.action.name == "card.show"]
    assert len(cards) == 2
    assert chat.press(cards[0].label).reply.outcome is ReplyOutcome.ANSWERED


def test_who_skips_everything_gets_no_result_and_the_way_back(chat: Chat) -> None:
    begin_quiz(chat)
    while "Skip" in chat.labels:
        chat.press("Skip")
    assert "no result. Go back" in chat.text
    assert chat.labels == ["Back", "Start over"]


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
def test_quiz_is_found_by_id_title_or_typo(chat: Chat, line: str) -> None:
    assert "Which sector fits you today?" in chat.send_line(line).text


def test_without_a_name_or_with_half_a_name_one_can_pick(chat: Chat) -> None:
    assert len(chat.send_line("quiz").labels) == 5
    assert chat.send_line("quiz research").labels == ["Feeling a research gap", "Research or engineering"]
    assert "1 of about 9" in chat.press("Research or").press("Start").text


def test_a_question_that_begins_with_the_word_stays_a_question(chat: Chat) -> None:
    chat.send_line("quiz me about kubernetes please")
    assert chat.reply.outcome is not ReplyOutcome.FAILED
    assert "Start" not in chat.labels


def test_unknown_quiz_option_is_reported(chat: Chat) -> None:
    assert "no quiz called" in chat.send_action(Action("quiz"), {"name": "tarot"}).text


def test_what_is_typed_in_a_runs_thread_is_no_answer(chat: Chat) -> None:
    opened = Chat(chat.service, origin=replace(CHANNEL, thread="T1", is_bot_thread=True))
    for line in ("Into a paper I saved", "", "a"):
        assert "Press a button above" in opened.send_action(Action(TYPED_LINE), {TYPED_LINE: line}).text
    assert "Press a button above" not in opened.send_line("help").text, "commands are still commands"
