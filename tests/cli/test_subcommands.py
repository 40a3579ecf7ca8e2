"""Every verb is listed once, helps itself, and says wrong usage in a line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import bot.cli
from bot.cli import SUBCOMMANDS
from tests.cli.conftest import CommandRunner


def test_every_module_with_run_is_a_listed_subcommand() -> None:
    files = [file for file in Path(bot.cli.__file__).parent.glob("*.py") if file.stem != "__init__"]
    assert {file.stem for file in files if "\ndef run(" in file.read_text("utf-8")} == set(SUBCOMMANDS)


@pytest.mark.parametrize("subcommand", SUBCOMMANDS)
def test_each_subcommand_prints_its_help(run: CommandRunner, subcommand: str) -> None:
    ran = run(subcommand, "--help")
    assert ran.status == 0
    assert ran.out.startswith(f"usage: career-bot {subcommand}")


def test_help_lists_each_subcommand_in_one_or_two_lines(run: CommandRunner) -> None:
    ran = run("--help")
    assert ran.status == 0
    for verb in SUBCOMMANDS:
        assert f"\n    {verb} " in ran.out


@pytest.mark.parametrize(
    "argv", [(), ("sya", "help"), ("say",), ("check", "extra"), ("new", "tip", "x"), ("eval",)]
)
def test_wrong_usage_is_one_clear_line_and_status_two(run: CommandRunner, argv: tuple[str, ...]) -> None:
    ran = run(*argv)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("usage: career-bot")
    assert "error: " in ran.err.splitlines()[-1]
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("line", "status", "begins"),
    [
        (("/career compare tower garden",), 0, "Tower or garden?"),
        (("compare", "tower", "by", "views"), 0, "Tower or garden?"),
        (("is a tower worth it",), 0, "Is the tower worth the climb?"),
        (("xyzzy plugh",), 3, "I don't have a card on that"),
        (("/career card nowhere-at-all",), 2, "I don't have a card"),  # a wrong value is wrong usage
        (("ask",), 0, "Ask a career question"),
    ],
)
def test_say_prints_one_answer_and_its_status(
    run: CommandRunner, line: tuple[str, ...], status: int, begins: str
) -> None:
    ran = run("say", *line)
    assert ran.status == status
    assert ran.out.startswith(begins)


def test_say_prints_the_neutral_reply_as_json(run: CommandRunner) -> None:
    reply = json.loads(run("say", "--json", "is a tower worth it").out)
    assert reply["type"] == "reply"
    assert reply["blocks"][0] == {"type": "heading", "text": "Is the tower worth the climb?"}
    assert reply["audience"] == "asker"


def test_invalid_setting_is_named(run: CommandRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAREER_BOT_PORT", "eighty")
    ran = run("say", "help")
    assert (ran.status, ran.out) == (1, "")
    assert (
        ran.err
        == "career-bot: CAREER_BOT_PORT: must be a number from 0 (any free port) to 65535, got 'eighty'\n"
    )
