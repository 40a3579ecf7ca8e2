"""What a person did on Discord, as a `Request`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import discord

from bot.errors import InvalidActionError
from bot.messaging.action import Action
from bot.messaging.request import TYPED_LINE, Origin, Request, User
from bot.platforms.discord.dynamic_items import ACTION_ID_PREFIX

PLATFORM = "discord"
UNREADABLE_ACTION = Action("unreadable")
"""What no command knows, so that the answer says so."""

_DM_WORKSPACE = "direct"
"""The workspace of direct messages, which belong to no server."""


def parse_action(interaction: discord.Interaction[Any]) -> Action:
    """What a button, menu or modal asks for; an action that no command knows when it cannot be read."""
    data: Any = interaction.data or {}
    encoded = next(iter(data.get("values", ())), None) or str(data.get("custom_id", ""))
    try:
        return Action.decode(encoded.removeprefix(ACTION_ID_PREFIX))
    except InvalidActionError:
        return UNREADABLE_ACTION


def parse_interaction(
    interaction: discord.Interaction[Any], action: Action, inputs: Mapping[str, str], now: datetime
) -> Request:
    """An interaction: a slash command, a click, a pick, a submitted modal."""
    person = interaction.user
    admin = interaction.guild_id is not None and interaction.permissions.manage_guild
    user = User(str(person.id), person.display_name, interaction.locale.value, is_admin=admin)
    origin = _build_origin(
        interaction.channel,
        interaction.channel_id,
        interaction.guild_id,
        is_direct=is_direct_interaction(interaction),
    )
    key = f"{PLATFORM}:{origin.workspace}:{interaction.id}"
    return Request(user, origin, action, now, key, inputs, _collect_visible_actions(interaction.message))


def parse_message(message: discord.Message, text: str, now: datetime, *, is_bot_thread: bool) -> Request:
    """A mention or a direct message.

    Args:
        opened: whether it was typed beside a run, see `for_a_run`.
    """
    person = message.author
    admin = False if is_direct_message(message) else None
    if message.guild is not None and isinstance(person, discord.Member):
        admin = person.guild_permissions.manage_guild
    origin = _build_origin(
        message.channel,
        message.channel.id,
        message.guild.id if message.guild is not None else getattr(message.channel, "guild_id", None),
        is_direct=is_direct_message(message),
        is_mention=not is_direct_message(message),
        is_bot_thread=is_bot_thread,
    )
    user = User(str(person.id), person.display_name, is_admin=admin)
    key = f"{PLATFORM}:{origin.workspace}:{message.channel.id}:{message.id}"
    return Request(user, origin, Action(TYPED_LINE), now, key, {TYPED_LINE: text})


def is_direct_interaction(interaction: discord.Interaction[Any]) -> bool:
    """Whether only this person and the bot read there; a chat between others, where the bot was brought
    along by one of them, is not that."""
    return interaction.guild_id is None and interaction.context.dm_channel


def parse_message_text(message: discord.Message, bot: discord.abc.User) -> str | None:
    """The words of a mention or direct message; None when they are not for the bot."""
    if message.author.bot or message.webhook_id is not None:
        return None
    if message.type not in (discord.MessageType.default, discord.MessageType.reply):
        return None
    words = message.content
    for mention in (f"<@{bot.id}>", f"<@!{bot.id}>"):
        words = words.replace(mention, " ")
    if not is_direct_message(message) and words == message.content and not is_in_bot_thread(message, bot):
        return None
    return words.strip()


def is_direct_message(message: discord.Message) -> bool:
    """Whether only this person and the bot read it. A server that is not known yet has no guild either."""
    return isinstance(message.channel, discord.DMChannel)


def is_in_bot_thread(message: discord.Message, bot: discord.abc.User) -> bool:
    """Whether it was typed in a private thread that this bot opened, where nobody talks to anybody else."""
    thread = message.channel
    return isinstance(thread, discord.Thread) and thread.is_private() and thread.owner_id == bot.id


def _collect_visible_actions(message: discord.Message | None) -> frozenset[str]:
    """Every action that a message carries."""
    return frozenset(_iter_actions(message.components if message is not None else ()))


def _iter_actions(components: Iterable[Any]) -> Iterator[str]:
    for component in components:
        if isinstance(component, discord.Button):
            yield (component.custom_id or "").removeprefix(ACTION_ID_PREFIX)
        elif isinstance(component, discord.SelectMenu):
            yield from (option.value for option in component.options)
        else:
            yield from _iter_actions(getattr(component, "children", ()))


def _build_origin(
    channel: Any,
    channel_id: int | None,
    guild_id: int | None,
    *,
    is_direct: bool,
    is_mention: bool = False,
    is_bot_thread: bool = False,
) -> Origin:
    thread = str(channel_id) if isinstance(channel, discord.Thread) else None
    home = channel.parent_id if isinstance(channel, discord.Thread) else channel_id
    workspace = str(guild_id) if guild_id is not None else _DM_WORKSPACE
    return Origin(
        PLATFORM,
        workspace,
        str(home or ""),
        thread,
        is_direct=is_direct,
        is_mention=is_mention,
        is_bot_thread=is_bot_thread,
    )
