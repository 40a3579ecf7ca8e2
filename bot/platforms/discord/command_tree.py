"""`/career` as Discord knows it: one group, made from the list of commands.

Discord's nesting ends at command, group, subcommand: `/career tips on`. Whatever has something below it
cannot be used itself.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import AppCommandContext, AppInstallationType

from bot.commands.command import Command, CommandOption, Subcommand
from bot.messaging.action import Action
from bot.platforms.discord.slash_options import (
    OptionValue,
    add_options,
    build_autocomplete,
    parse_inputs,
    truncate,
)
from bot.service import Service

InvokeCallback = Callable[[discord.Interaction[Any], Action, Mapping[str, str]], Awaitable[None]]
Clock = Callable[[], datetime]


def build_command_group(service: Service, on_invoke: InvokeCallback, now: Clock) -> app_commands.Group:
    """The one command that Discord shows, for servers and for people who bring the bot along.

    Args:
        invoked: takes what a subcommand asks for.
        now: the clock, aware, UTC.
    """
    context = service.context
    root = app_commands.Group(
        name=re.sub(r"[^-\w]", "", context.prefix.lower()) or "career",
        description=context.strings.get_text("discord.about"),
        allowed_contexts=AppCommandContext(guild=True, dm_channel=True, private_channel=True),
        allowed_installs=AppInstallationType(guild=True, user=True),
    )
    for command in context.commands:
        if command.subcommands:
            below = app_commands.Group(
                name=command.name, description=truncate(command.get_description(context))
            )
            for subcommand in command.subcommands:
                below.add_command(_build_command(command, subcommand, service, on_invoke, now))
            root.add_command(below)
        else:
            root.add_command(_build_command(command, None, service, on_invoke, now))
    return root


def _build_command(
    command: Command, subcommand: Subcommand | None, service: Service, on_invoke: InvokeCallback, now: Clock
) -> app_commands.Command[Any, ..., Any]:
    """What can be used, with its options typed; what is typed arrives under the options' names."""
    context, name = service.context, command.name if subcommand is None else subcommand.name
    options = command.options if subcommand is None else subcommand.options
    action = Action(command.name if subcommand is None else f"{command.name}.{name}")

    async def callback(interaction: discord.Interaction[Any], **typed: OptionValue) -> None:
        await on_invoke(interaction, action, parse_inputs(typed, parameters))

    def about(option: CommandOption) -> str:
        return context.strings.get_text(option.hint_key) if option.hint_key else command.format_usage(context)

    made, parameters = add_options(callback, options, {option.name: about(option) for option in options})
    leaf: app_commands.Command[Any, ..., Any] = app_commands.Command(
        name=name, description=truncate(command.get_description(context, subcommand)), callback=made
    )
    for key, option in parameters.items():
        if option.suggest is not None:
            leaf.autocomplete(key)(build_autocomplete(option, service, now))
    return leaf
