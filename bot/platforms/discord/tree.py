"""`/career` as Discord knows it: one group, its subcommands made from the list of commands."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from inspect import Parameter, Signature
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import AppCommandContext, AppInstallationType, Choice

from bot.commands.command import Command, Context, Option
from bot.dialogue.action import Action
from bot.service import Service

log = logging.getLogger(__name__)

Complete = Callable[[discord.Interaction[Any], str], Coroutine[Any, Any, list[Choice[str]]]]
Invoked = Callable[[discord.Interaction[Any], Action, Mapping[str, str]], Awaitable[None]]
_CHOICES = 25
_CHOICE = 100  # characters of a choice, shown or sent
_ABOUT = 100  # characters of a description


def group(service: Service, invoked: Invoked) -> app_commands.Group:
    """The one command that Discord shows, for servers and for people who bring the bot along.

    Args:
        invoked: takes what a subcommand asks for.
    """
    context = service.context
    root = app_commands.Group(
        name=re.sub(r"[^-\w]", "", context.prefix.lower()) or "career",
        description=context.texts.words("discord.about"),
        allowed_contexts=AppCommandContext(guild=True, dm_channel=True, private_channel=True),
        allowed_installs=AppInstallationType(guild=True, user=True),
    )
    for command in context.commands:
        root.add_command(_subcommand(command, service, invoked))
    return root


def _subcommand(command: Command, service: Service, invoked: Invoked) -> app_commands.Command[Any, ..., Any]:
    """One command with its options typed; what is typed arrives under the options' names."""
    context = service.context
    names = {f"option_{number}": option for number, option in enumerate(command.options)}

    async def callback(interaction: discord.Interaction[Any], **typed: str | None) -> None:
        inputs = {names[key].name: value for key, value in typed.items() if value is not None}
        await invoked(interaction, Action(command.name), inputs)

    callback.__signature__ = _signature(names)  # type: ignore[attr-defined]
    app_commands.rename(**{key: option.name for key, option in names.items()})(callback)
    app_commands.describe(**{key: _short(_about(option, command, context)) for key, option in names.items()})(
        callback
    )
    made: app_commands.Command[Any, ..., Any] = app_commands.Command(
        name=command.name, description=_short(command.about(context)), callback=callback
    )
    for key, option in names.items():
        if option.suggest is not None:
            made.autocomplete(key)(_completion(option, service))
    return made


def _signature(names: Mapping[str, Option]) -> Signature:
    """What discord.py reads the options from."""
    kind = Parameter.POSITIONAL_OR_KEYWORD
    typed = [
        Parameter(key, kind, annotation=str)
        if option.required
        else Parameter(key, kind, annotation=str | None, default=None)
        for key, option in sorted(names.items(), key=lambda pair: not pair[1].required)
    ]
    return Signature([Parameter("interaction", kind, annotation=discord.Interaction), *typed])


def _about(option: Option, command: Command, context: Context) -> str:
    return context.texts.words(option.about) if option.about else command.usage(context)


def _completion(option: Option, service: Service) -> Complete:
    async def complete(_interaction: discord.Interaction[Any], typed: str) -> list[Choice[str]]:
        assert option.suggest is not None
        try:
            found = option.suggest(typed, service.context)
        except Exception:  # discord.py would only log it too, and the person would wait for choices
            log.exception("no suggestions for %s", option.name)
            return []
        return choices(found)

    return complete


def choices(found: Any) -> list[Choice[str]]:
    """What Discord takes: 25 choices of 100 characters; longer words end in an ellipsis, longer values go."""
    return [Choice(name=_short(words), value=value) for words, value in found if len(value) <= _CHOICE][
        :_CHOICES
    ]


def _short(text: str) -> str:
    """The text, visibly shortened where Discord has no room for it."""
    return text if len(text) <= _ABOUT else f"{text[: _ABOUT - 1]}…"
