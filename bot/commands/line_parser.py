"""Parsing of typed lines: which command a line asks for, and with what input.

A line whose first word is a command belongs to that command: a value that does not exist fails there, where
the values that do exist can be offered. Only sentences that happen to begin with a command's name ("compare
yourself with others and …") and lines that begin with no command are questions.
"""

from __future__ import annotations

import unicodedata

from rapidfuzz import fuzz, process

from bot.commands.command import Command, Context, ParsedLine
from bot.commands.inputs import looks_like_question
from bot.messaging.action import Action

MAX_COMMAND_LENGTH = 300
"""Characters of a line that may be a command. A longer line is a question, so parsing takes bounded time."""

_QUESTION_COMMAND = "ask"  # takes any words, so a line like "asked…" would always seem to be meant for it
_TYPED_IN_QUIZ_ACTION = "quiz.typed"  # says that a quiz is answered by its buttons
_MIN_SIMILARITY = 80.0  # rapidfuzz ratio: "comprae", "brows", "privcy"; not "quit" for "quiz"
_MIN_WORD_SIMILARITY = 75.0  # rapidfuzz ratio, among few words: "paus", "relod"


def parse_line(line: str, context: Context, *, is_bot_thread: bool = False) -> ParsedLine:
    """Parse a line; a line that is no command is a question.

    Args:
        line: any text; the slash command (`/career`) may come first.
        is_bot_thread: whether it was typed in a thread that the bot opened for a quiz, where it is no
            question.
    """
    words = _clean_line(line, context.prefix)
    if not words:
        return ParsedLine(Action(_TYPED_IN_QUIZ_ACTION if is_bot_thread else "help"))
    name, _, rest = words.partition(" ")
    command = _find_command(name, context)
    if command is not None and (command.name == _QUESTION_COMMAND or len(words) <= MAX_COMMAND_LENGTH):
        parsed = command.parse(rest, context)
        if parsed is not None:
            return parsed
    if is_bot_thread:
        return ParsedLine(Action(_TYPED_IN_QUIZ_ACTION))
    return _build_question(words, context)


def suggest_command(line: str, context: Context) -> tuple[Command, str] | None:
    """Return the command that a line was probably meant to be, and the line with its typo corrected.

    Either the command's own name has a typo ("comprae"), or the word after it has ("tips paus").
    """
    if len(line) > MAX_COMMAND_LENGTH:
        return None
    name, _, rest = _clean_line(line, context.prefix).partition(" ")
    command = _find_command(name, context)
    if command is not None:
        return _correct_subcommand(command, rest, context)
    names = [command.name for command in context.commands if command.name != _QUESTION_COMMAND]
    near = process.extractOne(name.casefold(), names, scorer=fuzz.ratio, score_cutoff=_MIN_SIMILARITY)
    if near is None:
        return None
    command = next(command for command in context.commands if command.name == near[0])
    if command.parse(rest, context) is None:
        return None
    return command, f"{command.name} {rest}".strip()


def _correct_subcommand(command: Command, words: str, context: Context) -> tuple[Command, str] | None:
    """Return the line with the word after the command's name corrected; the bare command for a short rest.

    A long rest is a question that happens to begin with a command's name, so nothing is suggested.
    """
    if command.name == _QUESTION_COMMAND or not command.subcommands or looks_like_question(words):
        return None
    first, _, rest = words.partition(" ")
    names = [subcommand.name for subcommand in command.subcommands]
    near = process.extractOne(first.casefold(), names, scorer=fuzz.ratio, score_cutoff=_MIN_WORD_SIMILARITY)
    if near is not None and command.parse(corrected := f"{near[0]} {rest}".strip(), context) is not None:
        return command, f"{command.name} {corrected}"
    return command, command.name


def _find_command(name: str, context: Context) -> Command | None:
    name = name.casefold()
    return next((command for command in context.commands if command.name == name), None)


def _build_question(words: str, context: Context) -> ParsedLine:
    command = _find_command(_QUESTION_COMMAND, context)
    parsed = command.parse(words, context) if command is not None else None
    assert parsed is not None, "ask takes any words"
    return parsed


def _clean_line(line: str, prefix: str) -> str:
    """Return the line without control characters, repeated spaces and the slash command."""
    visible = "".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in line)
    words = " ".join(visible.split())
    first, _, rest = words.partition(" ")
    return rest if first.casefold() == prefix.casefold() else words
