"""From a typed line to what it asks for. A command word counts only when everything after it fits it."""

from __future__ import annotations

import unicodedata

from rapidfuzz import fuzz, process

from bot.commands.command import Command, Context, Inputs
from bot.messaging.action import Action

_QUESTION_COMMAND = "ask"  # takes any words, so a line like "asked…" would always seem to be meant for it
_TYPED_IN_QUIZ_ACTION = "quiz.typed"  # says that a run is answered by its buttons
_MIN_SIMILARITY = 80.0  # rapidfuzz ratio: "comprae", "brows", "privcy"; not "quit" for "quiz"


def parse_line(line: str, context: Context, *, is_bot_thread: bool = False) -> tuple[Action, Inputs]:
    """The action and inputs of a line; a line that is no command is a question.

    Args:
        line: any text; the command's own prefix (`/career`) may stand before it.
        opened: whether it was typed in a thread that the bot opened for a run, where it is no question.
    """
    words = _clean_line(line, context.prefix)
    if not words:
        return Action(_TYPED_IN_QUIZ_ACTION if is_bot_thread else "help"), {}
    name, _, rest = words.partition(" ")
    for command in context.commands:
        if name.casefold() == command.name:
            understood = command.parse_arguments(rest.strip(), context)
            if understood is not None:
                return understood
    return (
        (Action(_TYPED_IN_QUIZ_ACTION), {})
        if is_bot_thread
        else (Action(_QUESTION_COMMAND), {"question": words})
    )


def suggest_command(line: str, context: Context) -> tuple[Command, str] | None:
    """The command that a line was perhaps meant to be, and the line with its name mended."""
    words = _clean_line(line, context.prefix)
    name, _, rest = words.partition(" ")
    names = [command.name for command in context.commands if command.name != _QUESTION_COMMAND]
    near = process.extractOne(name.casefold(), names, scorer=fuzz.ratio, score_cutoff=_MIN_SIMILARITY)
    if near is None:
        return None
    if near[0] == name.casefold():
        return None  # the word was right, what follows it was not: a question
    command = next(command for command in context.commands if command.name == near[0])
    if command.parse_arguments(rest.strip(), context) is None:
        return None
    return command, f"{command.name} {rest.strip()}".strip()


def _clean_line(line: str, prefix: str) -> str:
    """The line without control characters, doubled spaces and the prefix."""
    visible = "".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in line)
    words = " ".join(visible.split())
    first, _, rest = words.partition(" ")
    return rest.strip() if first.casefold() == prefix.casefold() else words
