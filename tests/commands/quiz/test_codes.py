"""Result codes: what moved since, and what a mistyped one is told."""

from __future__ import annotations

import pytest

from bot.dialogue.reply import Form, Outcome
from tests.chat import Chat
from tests.quizzing import ANSWERS, RESEARCH, code_of, finished

# Codes


def test_since_shows_what_moved(chat: Chat) -> None:
    code = code_of(finished(chat))
    chat.say(f"{RESEARCH} since:{code.lower()}")
    assert "Your code says Both" in chat.text
    chat.press("Begin")
    for answer in ("Clean up the pipeline", "Into data I'm curious about", *ANSWERS[2:]):
        chat.press(answer)
    assert "Since your code: it was Both" in chat.text
    chat.press("Which answers moved?")
    assert "It was: Test an idea of my own. It is: Clean up the pipeline." in chat.text
    assert "It was: Into a paper I saved. It is: Into data I'm curious about." in chat.text
    assert chat.text.count("It was:") == 2


def test_a_code_can_be_given_when_the_run_is_done(chat: Chat) -> None:
    code = code_of(finished(chat))
    chat.press("Compare with an earlier code")
    assert isinstance(chat.answer, Form)
    chat.submit(code=f" {code.lower()} ")
    assert "Since your code: it was Both, and still is." in chat.text
    assert "Every answer is the same." in chat.press("Which answers moved?").text


def test_a_code_alone_finds_its_assessment(chat: Chat) -> None:
    code = code_of(finished(chat))
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
    code = spoil(code_of(finished(chat)))
    chat.say(f"{RESEARCH} since:{code}")
    assert chat.reply.outcome is Outcome.REFUSED
    assert says in chat.text


def test_a_code_of_another_assessment_is_told_so(chat: Chat) -> None:
    code = code_of(finished(chat))
    assert "is a code of another assessment: Research or" in chat.say(f"quiz sector-fit since:{code}").text
