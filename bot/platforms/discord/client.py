"""discord.py's client: which events are heard, and where each ends."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import discord
from discord import app_commands

from bot.platforms.discord.addresses import stay
from bot.platforms.discord.answers import Answers
from bot.platforms.discord.items import ITEMS, heard
from bot.platforms.discord.limits import LONGEST, Limits
from bot.platforms.discord.modals import filled
from bot.platforms.discord.parse import UNREADABLE, clicked, for_a_run, line_of
from bot.platforms.discord.presence import Presence
from bot.platforms.discord.sync import Synced
from bot.platforms.discord.tree import group
from bot.service import Service

log = logging.getLogger(__name__)


def intents() -> discord.Intents:
    """Servers, messages that name the bot, direct messages; nothing privileged, so no message content."""
    return discord.Intents(guilds=True, guild_messages=True, dm_messages=True)


class Client(discord.Client):
    """One connection. Every listener ends in `Answers`, which answers whatever happens.

    Args:
        own_gateway: whether the gateway's address was set; then every resuming goes there too.

    Attributes:
        presence: whether events arrive.
        limits: what Discord slows down.
    """

    def __init__(self, service: Service, answers: Answers, synced: Synced, own_gateway: bool) -> None:
        self.limits = Limits()
        super().__init__(
            http_trace=self.limits.trace(),
            max_ratelimit_timeout=LONGEST,
            intents=intents(),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
        )
        self._answers = answers
        self._synced = synced
        self._own_gateway = own_gateway
        self.presence = Presence()
        self.tree: app_commands.CommandTree[Client] = app_commands.CommandTree(self)
        self.tree.add_command(group(service, answers.interaction, answers.now))
        self.tree.error(self._unknown_command)

    async def setup_hook(self) -> None:
        """Between logging in and connecting: hear what was pressed on messages from before."""
        self.add_dynamic_items(*ITEMS)

    async def close(self) -> None:
        """Hang up. Whoever is cancelled meanwhile leaves it going on: half hung up nothing could end it."""
        await asyncio.shield(super().close())

    async def sync(self, *, again: bool = False) -> bool:
        """Tell Discord the commands when they changed; whether it was told."""
        assert self.application_id is not None
        return await self._synced.tell(self.tree, self.application_id, again=again)

    async def on_click(self, interaction: discord.Interaction[Any]) -> None:
        """A button or a menu of ours."""
        await self._answers.interaction(interaction, clicked(interaction), {})

    async def on_only_me(self, interaction: discord.Interaction[Any]) -> None:
        """The way out of a private thread."""
        await self._answers.only_me(interaction)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """What discord.py drops: modals, which it forgets at a restart, and clicks it cannot place."""
        if interaction.type is discord.InteractionType.modal_submit:
            await self._answers.interaction(interaction, clicked(interaction), filled(interaction))
        elif interaction.type is discord.InteractionType.component and not heard(interaction):
            await self._answers.interaction(interaction, clicked(interaction), {})

    async def on_message(self, message: discord.Message) -> None:
        """A mention or a direct message."""
        assert self.user is not None
        line = line_of(message, self.user)
        if line is not None:
            await self._answers.message(self, message, line, opened=for_a_run(message, self.user))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """A server sent the bot away (an outage is another event)."""
        await self._answers.uninstalled(str(guild.id))

    async def on_connect(self) -> None:
        """Connected; `on_ready` would come two seconds later, and what is asked meanwhile is answered."""
        self.presence.came()
        if self._own_gateway:
            stay(self)

    async def on_resumed(self) -> None:
        """Connected again, with what was missed."""
        self.presence.came()

    async def on_disconnect(self) -> None:
        """Not connected; discord.py is trying."""
        self.presence.went()

    async def on_error(self, event_method: str, /, *args: Any, **_kwargs: Any) -> None:
        """What a listener could not even read."""
        log.exception("%s could not be read", event_method)
        for interaction in args:
            if isinstance(interaction, discord.Interaction):
                await self._unreadable(interaction)

    async def _unknown_command(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError
    ) -> None:
        """A subcommand that Discord still shows and the bot no longer has."""
        log.warning("a command could not be run: %s", error)
        if interaction.type is not discord.InteractionType.autocomplete:
            await self._unreadable(interaction)

    async def _unreadable(self, interaction: discord.Interaction[Any]) -> None:
        """Say that this is from before a change, and where the menu is."""
        await self._answers.interaction(interaction, UNREADABLE, {})
