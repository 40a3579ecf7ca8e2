"""A command word counts only when everything after it fits; else the whole line is a question."""

from __future__ import annotations

import pytest

from bot.commands.reading import read
from bot.service import Service
from tests.chat import Chat

QUESTIONS = (
    "help me choose between two offers",
    "help, my boss wants magic from bad data",
    "compare my two job offers please",
    "compare being a manager with staying an engineer for me",
    "compare salaries of data scientists in Berlin",
    "card games at work, is that normal on data teams?",
    "browse for new jobs while I still have one?",
    "browse job boards or ask friends",
    "privacy rules block every experiment I want to run",
    "privacy at my health company kills modelling",
    "asking for a raise",
    "helping juniors takes all my time",
    "comparing myself with PhDs all day",
    "cards on the table: am I replaceable",
    "private or public sector for ML?",
    "quit",
    "cards or chess, what do quants play",
    "browsing arXiv every morning makes me anxious",
    "helped by AI, am I still a scientist",
    "compare notes with other lonely data scientists",
    "compare yourself to others and you are unhappy, right?",
)


@pytest.mark.parametrize("line", QUESTIONS)
def test_words_after_a_command_that_do_not_fit_make_a_question(line: str, service: Service) -> None:
    action, inputs = read(line, service.context)
    assert (action.name, inputs) == ("ask", {"question": line})


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("help", "help"),
        ("", "help"),
        ("   ", "help"),
        ("/career", "help"),
        ("/career help", "help"),
        ("HELP", "help"),
        ("/career browse", "browse"),
        ("browse roles", "browse"),
        ("Browse Rolse", "browse"),
        ("compare", "compare"),
        ("compare big-tech academia", "compare"),
        ("compare faang vs uni by data", "compare"),
        ("/career compare Big Tech, pharma and academia by resources", "compare"),
        ("compare bigtech acadmia", "compare"),
        ("card phd-or-not", "card"),
        ("card Is a PhD worth it?", "card"),
        ("privacy", "privacy"),
        ("ask help", "ask"),
    ],
)
def test_a_command_whose_words_fit_is_that_command(line: str, name: str, service: Service) -> None:
    assert read(line, service.context)[0].name == name


def test_a_mistyped_command_comes_back_as_one_press(chat: Chat) -> None:
    chat.say("comprae big-tech academia")
    assert "/career compare big-tech academia" in chat.labels
    assert "Big tech" in chat.press("/career compare big-tech academia").text


def test_a_mistyped_command_that_is_too_long_for_a_button_comes_back_bare(chat: Chat) -> None:
    chat.say("comprae big tech, biotech, academia by collaboration and roles")
    assert "/career compare" in chat.labels


def test_the_prefix_is_what_the_settings_say(service: Service) -> None:
    from dataclasses import replace

    context = replace(service.context, prefix="/advice")
    assert read("/advice browse", context)[0].name == "browse"
    assert read("/career browse", context)[0].name == "ask"
