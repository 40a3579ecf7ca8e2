"""What the line may become while it is typed."""

from __future__ import annotations

import pytest

from bot.commands import COMMANDS
from bot.commands.line_parser import parse_line
from bot.platforms.web.suggestions import list_suggestions
from bot.service import Service
from tests.chat import NOON


@pytest.mark.parametrize("typed", ["/", "/car", "/career", "/career ", "  /career  "])
def test_prefix_suggests_every_command_with_its_description(service: Service, typed: str) -> None:
    found = list_suggestions(typed, service.context, NOON)
    assert [suggestion.line.split()[1] for suggestion in found] == [command.name for command in COMMANDS]
    assert all(suggestion.hint for suggestion in found)


@pytest.mark.parametrize("typed", ["comp", "/career comp", "/career COMP", "/comp"])
def test_partial_name_suggests_its_command(service: Service, typed: str) -> None:
    assert [suggestion.line for suggestion in list_suggestions(typed, service.context, NOON)] == [
        "/career compare "
    ]


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("/career compare big", "/career compare Big tech, Biotech"),
        ("compare big tech, academia by da", "/career compare big tech, academia by data"),
        ("/career browse ri", "/career browse risk"),
        ("/career card is a phd worth", "/career card phd-or-not"),
        ("/career tips ", "/career tips on "),
        ("/career tips p", "/career tips pause "),
        ("/career tips on la", "/career tips on last monday"),
        ("tips on tuesday zone berl", "/career tips on tuesday zone Europe/Berlin"),
        ("tips on tuesday time 16", "/career tips on tuesday time 16:00"),
        ("tips pause tom", "/career tips pause 2026-11-25"),
        ("admin ", "/career admin unanswered"),
    ],
)
def test_option_has_its_own_suggestions(service: Service, typed: str, line: str) -> None:
    found = list_suggestions(typed, service.context, NOON)
    assert line in [suggestion.line for suggestion in found]
    assert len(found) <= 8


@pytest.mark.parametrize(
    "typed",
    ["", "should I do a phd?", "/career ask should I", "x" * 40_000, "\0", "\ud800 \u202e", "/nothing"],
)
def test_question_has_no_suggestions(service: Service, typed: str) -> None:
    assert list_suggestions(typed, service.context, NOON) == ()


def test_what_is_suggested_is_understood(service: Service) -> None:
    """A suggestion that turned into a question would teach a wrong word."""
    context = service.context
    for command in COMMANDS:
        lines = [f"/career {command.name} "]
        for subcommand in command.subcommands:
            words = {"on": "tuesday"}.get(subcommand.name, "")
            lines += [f"/career {command.name} {subcommand.name} "]
            lines += [f"{lines[-1]}{words} {option.name} " for option in subcommand.options[1:]]
        for line in lines:
            for suggestion in list_suggestions(line, context, NOON):
                parsed = parse_line(suggestion.line, context)
                assert parsed.action.command == command.name, suggestion.line
