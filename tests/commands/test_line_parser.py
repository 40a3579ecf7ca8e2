"""A command word counts only when everything after it fits; else the whole line is a question."""

from __future__ import annotations

import pytest

from bot.commands.ask import AskInput
from bot.commands.inputs import looks_like_question
from bot.commands.line_parser import parse_line, suggest_command
from bot.messaging.reply import ReplyOutcome
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
    "compare yourself with others",
    "compare my offers",
    "card games?",
    "card tricks for our team event",
    "quiz me on SQL",
    "quiz questions in interviews make me nervous",
    "browse LinkedIn all day, is that a job?",
    "help me decide whether to quit",
    "compare what they promise with what they pay",
    "quiz night with the team, should I go",
)


@pytest.mark.parametrize("line", QUESTIONS)
def test_words_after_a_command_that_do_not_fit_make_a_question(line: str, service: Service) -> None:
    parsed = parse_line(line, service.context)
    assert (parsed.action.name, parsed.command_input) == ("ask", AskInput(line))


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
        ("compare python, rust", "compare"),
        ("compare python, rust, julia, go and scala", "compare"),
        ("compare academia by lunch", "compare"),
        ("compare big tech and academia by free lunch", "compare"),
        ("card", "card"),
        ("card pay cut", "card"),
        ("card nonexistent thing", "card"),
        ("card roles", "card"),
        ("card is a phd", "card"),
        ("browse nothing", "browse"),
        ("quiz nothing", "quiz"),
    ],
)
def test_a_command_whose_words_fit_is_that_command(line: str, name: str, service: Service) -> None:
    assert parse_line(line, service.context).action.name == name


def test_a_mistyped_command_comes_back_as_one_press(chat: Chat) -> None:
    chat.send_line("comprae big-tech academia")
    assert "/career compare big-tech academia" in chat.labels
    assert "Big tech" in chat.press("/career compare big-tech academia").text


def test_a_mistyped_command_that_is_too_long_for_a_button_comes_back_bare(chat: Chat) -> None:
    chat.send_line("comprae big tech, biotech, academia by collaboration and roles")
    assert "/career compare" in chat.labels


def test_the_prefix_is_what_the_settings_say(service: Service) -> None:
    from dataclasses import replace

    context = replace(service.context, prefix="/advice")
    assert parse_line("/advice browse", context).action.name == "browse"
    assert parse_line("/career browse", context).action.name == "ask"


@pytest.mark.parametrize(
    ("line", "name", "inputs"),
    [
        ("tips", "tips", {}),
        ("Tips ON Tuesday 9:00", "tips.on", {"when": "Tuesday", "time": "9:00"}),
        ("tips on tuesday", "tips.on", {"when": "tuesday"}),
        ("tips on", "tips.on", {}),
        ("tips on me", "tips.on", {"me": "me"}),
        ("tips on mon, thu at 08:30 in Europe/Berlin here", "tips.on",
         {"when": "mon,thu", "time": "08:30", "zone": "Europe/Berlin", "channel": "here"}),
        ("tips on every second wednesday 16.30 berlin me risk", "tips.on",
         {"when": "every second wednesday", "time": "16.30", "zone": "berlin", "me": "me", "tags": "risk"}),
        ("tips on last friday risk", "tips.on", {"when": "last friday", "tags": "risk"}),
        ("tips on daily 09:00 nonsense", "tips.on", {"when": "daily", "time": "09:00", "tags": "nonsense"}),
        ("tips on Tuesday at 9 berlin", "tips.on", {"when": "Tuesday", "time": "9:00", "zone": "berlin"}),
        ("tips on weekdays 9:30 pm", "tips.on", {"when": "weekdays", "time": "9:30pm"}),
        ("tips on funday at 09:00 me", "tips.on", {"when": "funday", "time": "09:00", "me": "me"}),
        ("tips on tuesday 25:00", "tips.on", {"when": "tuesday", "time": "25:00"}),
        ("tips pause until 2026-12-24 <#C2|random>", "tips.pause",
         {"until": "2026-12-24", "channel": "<#C2|random>"}),
        ("tips pause friday me", "tips.pause", {"until": "friday", "me": "me"}),
        ("tips pause until in a week", "tips.pause", {"until": "in a week"}),
        ("tips pause until whenever", "tips.pause", {"until": "whenever"}),
        ("tips off me", "tips.off", {"me": "me"}),
        ("tips list", "tips.list", {}),
        ("admin UNANSWERED", "admin.unanswered", {}),
    ],
)  # fmt: skip
def test_the_word_after_a_command_and_what_follows_it_are_read(
    line: str, name: str, inputs: dict[str, str], service: Service
) -> None:
    parsed = parse_line(line, service.context)
    assert (parsed.action.name, dict(parsed.inputs)) == (name, inputs)


@pytest.mark.parametrize(
    "line",
    [
        "tips on monday stand-ups", "tips on friday AI/ML", "tips on time management", "tips off course",
        "tips pause me please", "tips pause until", "tips list of cards", "tips skip the line",
        "admin rights", "admin status meeting", "tips for me", "tips on how to be up at 6 every day",
    ],
)  # fmt: skip
def test_a_subcommand_with_words_that_do_not_fit_is_a_question(line: str, service: Service) -> None:
    assert parse_line(line, service.context).action.name == "ask"


def test_admin_gaps_is_still_understood(service: Service) -> None:
    assert parse_line("admin gaps", service.context).action.name == "admin.unanswered"
    admin = next(command for command in service.context.commands if command.name == "admin")
    assert admin.find_handler("gaps") == admin.find_handler("unanswered")


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("tips paus", "/career tips pause"),
        ("admin relod", "/career admin reload"),
        ("tips for", "/career tips"),
    ],
)
def test_a_wrong_word_leads_to_the_nearest_command(line: str, label: str, chat: Chat) -> None:
    assert label in chat.send_line(line).labels


def test_no_command_is_suggested_for_a_sentence(service: Service) -> None:
    assert suggest_command("tips on how to be up at 6 every day", service.context) is None


def test_unknown_card_fails_inside_card_and_can_be_asked(chat: Chat) -> None:
    assert "have a card called pay cut" in chat.send_line("/career card pay cut").text
    assert chat.reply.outcome is ReplyOutcome.REFUSED
    assert chat.press("/career ask pay cut").reply.outcome is ReplyOutcome.ANSWERED


def test_topic_after_card_opens_the_topic(chat: Chat) -> None:
    assert chat.send_line("/career card roles").text == chat.send_line("/career browse roles").text


def test_unknown_part_offers_the_themes_of_the_named_options(chat: Chat) -> None:
    chat.send_line("compare big tech, academia by lunch")
    assert chat.reply.outcome is ReplyOutcome.REFUSED
    assert "lunch" in chat.text
    assert chat.press("Data management").reply.outcome is ReplyOutcome.ANSWERED
    assert "Big tech" in chat.text


@pytest.mark.parametrize("line", ["compare python, rust", "browse nothing", "quiz nothing"])
def test_unknown_value_offers_the_valid_ones(line: str, chat: Chat) -> None:
    chat.send_line(line)
    assert chat.reply.outcome is ReplyOutcome.REFUSED
    assert f"/career ask {line}" in chat.labels
    content = chat.service.context.content
    names_by_command = {
        "compare": {comparison.short for comparison in content.comparisons.values()},
        "browse": {tag.name for tag in content.tags.values()},
        "quiz": {quiz.short for quiz in content.quizzes.values()},
    }
    assert names_by_command[line.partition(" ")[0]] <= set(chat.labels)
    assert chat.press(chat.labels[0]).reply.outcome is ReplyOutcome.ANSWERED


def test_no_short_name_of_a_card_or_topic_is_answered_with_a_brush_off(service: Service) -> None:
    """Every word of every short name, typed after `card`, stays inside `card`."""
    content = service.context.content
    names = [card.short for card in content.cards.values()] + [tag.name for tag in content.tags.values()]
    for word in sorted({word for name in names for word in name.split() if len(word) > 3 and word.isalpha()}):
        if not looks_like_question(word):
            assert parse_line(f"card {word}", service.context).action.name == "card", word
