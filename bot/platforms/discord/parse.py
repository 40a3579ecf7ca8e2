"""What a person did on Discord, as a `Request`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import discord

from bot.dialogue.action import Action
from bot.dialogue.request import LINE, Origin, Request, User
from bot.errors import BadAction
from bot.platforms.discord.items import BUTTON

PLATFORM = "discord"
UNREADABLE = Action("unreadable")
"""What no command knows, so that the answer says so."""

_DIRECT = "direct"
"""The workspace of direct messages, which belong to no server."""


def clicked(interaction: discord.Interaction[Any]) -> Action:
    """What a button, menu or modal asks for; an action that no command knows when it cannot be read."""
    data: Any = interaction.data or {}
    encoded = next(iter(data.get("values", ())), None) or str(data.get("custom_id", ""))
    try:
        return Action.decode(encoded.removeprefix(BUTTON))
    except BadAction:
        return UNREADABLE


def request_of(
    interaction: discord.Interaction[Any], action: Action, inputs: Mapping[str, str], now: datetime
) -> Request:
    """An interaction: a slash command, a click, a pick, a submitted modal."""
    person = interaction.user
    admin = interaction.guild_id is not None and interaction.permissions.manage_guild
    user = User(str(person.id), person.display_name, interaction.locale.value, admin=admin)
    origin = _origin(
        interaction.channel, interaction.channel_id, interaction.guild_id, direct=is_direct(interaction)
    )
    key = f"{PLATFORM}:{origin.workspace}:{interaction.id}"
    return Request(user, origin, action, now, key, inputs, _showing(interaction.message))


def request_of_message(message: discord.Message, line: str, now: datetime, *, opened: bool) -> Request:
    """A mention or a direct message.

    Args:
        opened: whether it was typed beside a run, see `for_a_run`.
    """
    person = message.author
    admin = False if is_conversation(message) else None
    if message.guild is not None and isinstance(person, discord.Member):
        admin = person.guild_permissions.manage_guild
    origin = _origin(
        message.channel,
        message.channel.id,
        message.guild.id if message.guild is not None else getattr(message.channel, "guild_id", None),
        direct=is_conversation(message),
        mention=not is_conversation(message),
        opened=opened,
    )
    user = User(str(person.id), person.display_name, admin=admin)
    key = f"{PLATFORM}:{origin.workspace}:{message.channel.id}:{message.id}"
    return Request(user, origin, Action(LINE), now, key, {LINE: line})


def is_direct(interaction: discord.Interaction[Any]) -> bool:
    """Whether only this person and the bot read there; a chat between others, where the bot was brought
    along by one of them, is not that."""
    return interaction.guild_id is None and interaction.context.dm_channel


def line_of(message: discord.Message, bot: discord.abc.User) -> str | None:
    """The words of a mention or direct message; None when they are not for the bot."""
    if message.author.bot or message.webhook_id is not None:
        return None
    if message.type not in (discord.MessageType.default, discord.MessageType.reply):
        return None
    words = message.content
    for mention in (f"<@{bot.id}>", f"<@!{bot.id}>"):
        words = words.replace(mention, " ")
    if not is_conversation(message) and words == message.content and not for_a_run(message, bot):
        return None
    return words.strip()


def is_conversation(message: discord.Message) -> bool:
    """Whether only this person and the bot read it. A server that is not known yet has no guild either."""
    return isinstance(message.channel, discord.DMChannel)


def for_a_run(message: discord.Message, bot: discord.abc.User) -> bool:
    """Whether it was typed in a private thread that this bot opened, where nobody talks to anybody else."""
    thread = message.channel
    return isinstance(thread, discord.Thread) and thread.is_private() and thread.owner_id == bot.id


def _showing(message: discord.Message | None) -> frozenset[str]:
    """Every action that a message carries."""
    return frozenset(_actions(message.components if message is not None else ()))


def _actions(components: Iterable[Any]) -> Iterator[str]:
    for component in components:
        if isinstance(component, discord.Button):
            yield (component.custom_id or "").removeprefix(BUTTON)
        elif isinstance(component, discord.SelectMenu):
            yield from (option.value for option in component.options)
        else:
            yield from _actions(getattr(component, "children", ()))


def _origin(
    channel: Any,
    channel_id: int | None,
    guild_id: int | None,
    *,
    direct: bool,
    mention: bool = False,
    opened: bool = False,
) -> Origin:
    thread = str(channel_id) if isinstance(channel, discord.Thread) else None
    home = channel.parent_id if isinstance(channel, discord.Thread) else channel_id
    workspace = str(guild_id) if guild_id is not None else _DIRECT
    return Origin(PLATFORM, workspace, str(home or ""), thread, direct=direct, mention=mention, opened=opened)
