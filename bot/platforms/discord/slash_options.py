"""The options of a slash command: how Discord asks for each, completes it, and what arrives."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Iterable, Mapping
from datetime import datetime
from inspect import Parameter, Signature
from typing import Any, assert_never

import discord
from discord import app_commands
from discord.app_commands import Choice

from bot.commands.command import CommandOption, OptionKind
from bot.service import Service

log = logging.getLogger(__name__)

AutocompleteCallback = Callable[[discord.Interaction[Any], str], Coroutine[Any, Any, list[Choice[str]]]]
CommandCallback = Callable[..., Coroutine[Any, Any, None]]
OptionValue = str | bool | None
_MAX_CHOICES = 25
_MAX_CHOICE_LENGTH = 100  # characters of a choice, shown or sent
_MAX_DESCRIPTION_LENGTH = 100  # characters of a description


class ChannelIdTransformer(app_commands.Transformer):
    """A channel that messages are posted in, as its id; whether the bot knows it does not matter."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """Discord lets the person pick one."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """Neither threads nor forums, voice or categories."""
        return [discord.ChannelType.text, discord.ChannelType.news]

    async def transform(self, _interaction: discord.Interaction[Any], value: Any, /) -> str:
        """The id of what was picked."""
        return str(value.id)


def add_options(
    callback: CommandCallback, options: tuple[CommandOption, ...], descriptions: Mapping[str, str]
) -> tuple[CommandCallback, Mapping[str, CommandOption]]:
    """A callback that discord.py reads these options from, and the options by their parameters' names.

    Args:
        abouts: by option what to write there.
    """
    parameters = {f"option_{number}": option for number, option in enumerate(options)}
    callback.__signature__ = _build_signature(parameters)  # type: ignore[attr-defined]
    app_commands.rename(**{key: option.name for key, option in parameters.items()})(callback)
    app_commands.describe(**{key: truncate(descriptions[option.name]) for key, option in parameters.items()})(
        callback
    )
    return callback, parameters


def parse_inputs(
    values: Mapping[str, OptionValue], parameters: Mapping[str, CommandOption]
) -> dict[str, str]:
    """What was typed, picked and switched on, under the options' names."""
    inputs: dict[str, str] = {}
    for key, value in values.items():
        name = parameters[key].name
        if value is True:
            inputs[name] = name
        elif isinstance(value, str):
            inputs[name] = value
    return inputs


def build_autocomplete(
    option: CommandOption, service: Service, now: Callable[[], datetime]
) -> AutocompleteCallback:
    """What Discord asks while a text is being typed."""

    async def complete(_interaction: discord.Interaction[Any], typed: str) -> list[Choice[str]]:
        assert option.suggest is not None
        try:
            suggestions = option.suggest(typed, service.context, now())
        except Exception:  # discord.py would only log it too, and the person would wait for choices
            log.exception("no suggestions for %s", option.name)
            return []
        return build_choices(suggestions)

    return complete


def build_choices(suggestions: Iterable[tuple[str, str]]) -> list[Choice[str]]:
    """What Discord takes: 25 choices of 100 characters; longer words end in an ellipsis, longer values go."""
    return [
        Choice(name=truncate(words), value=value)
        for words, value in suggestions
        if len(value) <= _MAX_CHOICE_LENGTH
    ][:_MAX_CHOICES]


def truncate(text: str) -> str:
    """The text, visibly shortened where Discord has no room for it."""
    return text if len(text) <= _MAX_DESCRIPTION_LENGTH else f"{text[: _MAX_DESCRIPTION_LENGTH - 1]}…"


def _build_signature(parameters: Mapping[str, CommandOption]) -> Signature:
    """What discord.py reads the options from; Discord wants the required ones first."""
    kind = Parameter.POSITIONAL_OR_KEYWORD
    typed = [
        Parameter(key, kind, annotation=_build_annotation(option))
        if option.is_required
        else Parameter(key, kind, annotation=_build_optional_annotation(option), default=None)
        for key, option in sorted(parameters.items(), key=lambda pair: not pair[1].is_required)
    ]
    return Signature([Parameter("interaction", kind, annotation=discord.Interaction), *typed])


def _build_annotation(option: CommandOption) -> Any:
    match option.kind:
        case OptionKind.TEXT:
            return str
        case OptionKind.CHANNEL:
            return ChannelIdTransformer()
        case OptionKind.SWITCH:
            return bool
        case _:
            assert_never(option.kind)


def _build_optional_annotation(option: CommandOption) -> Any:
    """discord.py takes a transformer as it stands, and a type only when None is among its kinds."""
    annotation = _build_annotation(option)
    return annotation | None if isinstance(annotation, type) else annotation
