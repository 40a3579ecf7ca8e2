"""Result codes: what moved since, and what a mistyped one is told."""

from __future__ import annotations

import pytest

from bot.messaging.reply import Form, ReplyOutcome
from tests.chat import Chat
from tests.quiz_chat import ANSWERS, QUIZ_COMMAND, finish_quiz, read_result_code

# Codes


def test_since_shows_what_moved(chat: Chat) -> None:
    code = read_result_code(finish_quiz(chat))
    chat.send_line(f"{QUIZ_COMMAND} since:{code.lower()}")
    assert "Your code says Both" in chat.text
    chat.press("Start")
    for answer in ("Clean up the pipeline", "Into data I'm curious about", *ANSWERS[2:]):
        chat.press(answer)
    assert "Since your code: it was Both" in chat.text
    chat.press("Which answers changed?")
    assert "Before: Test an idea of my own. Now: Clean up the pipeline." in chat.text
    assert "Before: Into a paper I saved. Now: Into data I'm curious about." in chat.text
    assert chat.text.count("Before:") == 2


def test_a_code_can_be_given_when_the_run_is_done(chat: Chat) -> None:
    code = read_result_code(finish_quiz(chat))
    chat.press("Compare with a past result")
    assert isinstance(chat.answer, Form)
    chat.submit(code=f" {code.lower()} ")
    assert "Since your code: it was Both, and still is." in chat.text
    assert "Every answer is the same." in chat.press("Which answers changed?").text


def test_a_code_alone_finds_its_quiz(chat: Chat) -> None:
    code = read_result_code(finish_quiz(chat))
    assert "Research or engineering?" in chat.send_line(f"quiz since:{code}").text


@pytest.mark.parametrize(
    ("corrupt", "expected_message"),
    [
        (lambda code: code[:-1], "doesn't. Copy the whole code"),
        (lambda code: f"U{code[1:]}", "never contain the letter U"),
        (lambda code: code[:-1] + ("2" if code[-1] != "2" else "3"), "is wrong, or it's from another quiz"),
    ],
    ids=["short", "letter", "mistyped"],
)
def test_mistyped_code_is_reported(chat: Chat, corrupt: object, expected_message: str) -> None:
    assert callable(corrupt)
    code = corrupt(read_result_code(finish_quiz(chat)))
    chat.send_line(f"{QUIZ_COMMAND} since:{code}")
    assert chat.reply.outcome is ReplyOutcome.REFUSED
    assert expected_message in chat.text


def test_code_of_another_quiz_is_reported(chat: Chat) -> None:
    code = read_result_code(finish_quiz(chat))
    assert "is a code of another quiz: Research or" in chat.send_line(f"quiz sector-fit since:{code}").text
