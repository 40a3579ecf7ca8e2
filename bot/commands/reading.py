"""From a typed line to what it asks for. A command word counts only when everything after it fits it."""

from __future__ import annotations

import unicodedata

from rapidfuzz import fuzz, process

from bot.commands.command import Command, Context, Inputs
from bot.messaging.action import Action

_QUESTION = "ask"  # takes any words, so a line like "asked…" would always seem to be meant for it
_TYPED = "quiz.typed"  # says that a run is answered by its buttons
_NEAR = 80.0  # rapidfuzz ratio: "comprae", "brows", "privcy"; not "quit" for "quiz"


def read(line: str, context: Context, *, opened: bool = False) -> tuple[Action, Inputs]:
    """The action and inputs of a line; a line that is no command is a question.

    Args:
        line: any text; the command's own prefix (`/career`) may stand before it.
        opened: whether it was typed in a thread that the bot opened for a run, where it is no question.
    """
    words = _cleaned(line, context.prefix)
    if not words:
        return Action(_TYPED if opened else "help"), {}
    name, _, rest = words.partition(" ")
    for command in context.commands:
        if name.casefold() == command.name:
            understood = command.understood(rest.strip(), context)
            if understood is not None:
                return understood
    return (Action(_TYPED), {}) if opened else (Action(_QUESTION), {"question": words})


def meant(line: str, context: Context) -> tuple[Command, str] | None:
    """The command that a line was perhaps meant to be, and the line with its name mended."""
    words = _cleaned(line, context.prefix)
    name, _, rest = words.partition(" ")
    names = [command.name for command in context.commands if command.name != _QUESTION]
    near = process.extractOne(name.casefold(), names, scorer=fuzz.ratio, score_cutoff=_NEAR)
    if near is None:
        return None
    if near[0] == name.casefold():
        return None  # the word was right, what follows it was not: a question
    command = next(command for command in context.commands if command.name == near[0])
    if command.understood(rest.strip(), context) is None:
        return None
    return command, f"{command.name} {rest.strip()}".strip()


def _cleaned(line: str, prefix: str) -> str:
    """The line without control characters, doubled spaces and the prefix."""
    visible = "".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in line)
    words = " ".join(visible.split())
    first, _, rest = words.partition(" ")
    return rest.strip() if first.casefold() == prefix.casefold() else words
