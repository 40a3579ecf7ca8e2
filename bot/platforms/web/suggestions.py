"""Suggestions for the line being typed, from the table of commands and what their options suggest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.commands.command import Command, CommandOption, Context

_MAX_LENGTH = 200  # characters; a longer line is a question, not a command
_MAX_SUGGESTIONS = 8


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line of the list: what people read, a hint beside it, and the line that it makes."""

    label: str
    hint: str
    line: str


def list_suggestions(typed: str, context: Context, now: datetime) -> tuple[Suggestion, ...]:
    """What the line may become at a moment, best first; nothing for a question."""
    if len(typed) > _MAX_LENGTH:
        return ()
    line = " ".join(typed.split()) + (" " if typed[-1:].isspace() else "")
    first, space, rest = line.partition(" ")
    prefixed = first.casefold() == context.prefix.casefold()
    if prefixed and not space:
        rest = ""
    elif not prefixed:
        rest = line
    name, space, words = rest.partition(" ")
    for command in context.commands:
        if space and command.name == name.casefold():
            return tuple(_suggest_after_command(command, words, context, now))[:_MAX_SUGGESTIONS]
    wanted = "" if line and context.prefix.startswith(line) else name.casefold().removeprefix("/")
    if space or not (line.startswith("/") or wanted):
        return ()
    return tuple(
        _build_command_suggestion(command, context)
        for command in context.commands
        if command.name.startswith(wanted)
    )


def _build_command_suggestion(command: Command, context: Context) -> Suggestion:
    more = " " if command.options or command.subcommands else ""
    return Suggestion(
        command.format_usage(context),
        command.get_description(context),
        f"{context.prefix} {command.name}{more}",
    )


def _suggest_after_command(
    command: Command, text: str, context: Context, now: datetime
) -> Iterator[Suggestion]:
    """What may follow a command's name: one of its subcommands, or what an option suggests."""
    line, (word, space, rest) = f"{context.prefix} {command.name}", text.partition(" ")
    subcommand = command.find_subcommand(word) if space else None
    if subcommand is not None:
        yield from _suggest_option_values(f"{line} {subcommand.name}", subcommand.options, rest, context, now)
        return
    yield from _suggest_subcommands(command, text, context)
    yield from _suggest_option_values(line, command.options, text, context, now)


def _suggest_subcommands(command: Command, prefix: str, context: Context) -> Iterator[Suggestion]:
    for one in command.subcommands:
        if one.name.startswith(prefix.casefold()):
            line = f"{context.prefix} {command.name} {one.name}{' ' if one.options else ''}"
            yield Suggestion(f"{command.name} {one.name}", command.get_description(context, one), line)


def _suggest_option_values(
    line: str, options: tuple[CommandOption, ...], text: str, context: Context, now: datetime
) -> Iterator[Suggestion]:
    option, before, typed = _find_active_option(options, text)
    if option is None or option.suggest is None:
        return
    for label, value in option.suggest(typed, context, now):
        hint = "" if value.casefold() == label.casefold() else value
        yield Suggestion(label, hint, f"{line} {before}{value}")


def _find_active_option(
    options: tuple[CommandOption, ...], text: str
) -> tuple[CommandOption | None, str, str]:
    """The option being typed, what stands before it, and what of it is typed.

    The first option follows the command's name; a later one follows its own name: `compare a, b by data`.
    """
    for option in options[1:]:
        before, keyword, typed = f" {text}".rpartition(f" {option.name} ")
        if keyword:
            return option, f"{before.strip()} {option.name} ".lstrip(), typed
    return (options[0] if options else None), "", text
