"""The options of a run are in an order of its own, which its buttons carry; a result does not depend on it."""

from __future__ import annotations

import pytest

from bot.domain.quiz.option_order import order_options
from tests.chat import Chat
from tests.quiz_chat import QUIZ_COMMAND, finish_quiz, read_result_code

NAVIGATION = ("Back", "Skip", "Stop")


def read_options(chat: Chat, command: str) -> list[str]:
    """The labels of the first question's options, in the order shown."""
    chat.send_line(command).press("Start")
    return [label for label in chat.labels if label not in NAVIGATION]


def use_seed(monkeypatch: pytest.MonkeyPatch, seed: str) -> None:
    """Let every run begin with this seed."""
    monkeypatch.setattr("bot.commands.quiz.quiz_command.choose_seed", lambda: seed)


@pytest.mark.parametrize("command", [QUIZ_COMMAND, f"{QUIZ_COMMAND} here"])
def test_the_seed_travels_in_the_buttons(chat: Chat, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    question = chat.service.context.content.quizzes["research-or-engineering"].questions[0]
    for seed in "AbZ9":
        use_seed(monkeypatch, seed)
        expected = [option.label for option in order_options(question, seed)]
        assert read_options(chat, command)[: len(expected)] == expected
        first = expected[0]
        chat.press(first).press("Back")
        assert [label for label in chat.labels if label in expected] == expected, "also after Back"


def test_orders_differ_and_results_do_not(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    orders, codes = set(), set()
    for seed in "ABCDEFGH":
        use_seed(monkeypatch, seed)
        orders.add(tuple(read_options(chat, QUIZ_COMMAND)))
        finish_quiz(chat)
        codes.add(read_result_code(chat))
    assert len(orders) > 1
    assert len(codes) == 1


def test_a_button_from_before_orders_were_mixed_still_works(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_seed(monkeypatch, "")
    question = chat.service.context.content.quizzes["research-or-engineering"].questions[0]
    assert read_options(chat, QUIZ_COMMAND)[:2] == [option.label for option in question.options][:2]
