"""discord.py's client: which events are heard, and where each ends."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import discord
from discord import app_commands

from bot.platforms.discord.command_sync import CommandSync
from bot.platforms.discord.command_tree import build_command_group
from bot.platforms.discord.dynamic_items import DYNAMIC_ITEMS, is_dispatched
from bot.platforms.discord.endpoints import pin_resume_gateway
from bot.platforms.discord.gateway_health import GatewayHealth
from bot.platforms.discord.handler import DiscordHandler
from bot.platforms.discord.modals import parse_modal_inputs
from bot.platforms.discord.parse import UNREADABLE_ACTION, is_in_bot_thread, parse_action, parse_message_text
from bot.platforms.discord.rate_limits import MAX_RATE_LIMIT_WAIT, RateLimitTracker
from bot.service import Service

log = logging.getLogger(__name__)


def build_intents() -> discord.Intents:
    """Servers, messages that name the bot, direct messages; nothing privileged, so no message content."""
    return discord.Intents(guilds=True, guild_messages=True, dm_messages=True)


class DiscordClient(discord.Client):
    """One connection. Every listener ends in `Answers`, which answers whatever happens.

    Args:
        own_gateway: whether the gateway's address was set; then every resuming goes there too.

    Attributes:
        presence: whether events arrive.
        limits: what Discord slows down.
    """

    def __init__(
        self, service: Service, handler: DiscordHandler, command_sync: CommandSync, has_custom_gateway: bool
    ) -> None:
        self.rate_limits = RateLimitTracker()
        super().__init__(
            http_trace=self.rate_limits.build_trace_config(),
            max_ratelimit_timeout=MAX_RATE_LIMIT_WAIT,
            intents=build_intents(),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
        )
        self._handler = handler
        self._command_sync = command_sync
        self._has_custom_gateway = has_custom_gateway
        self.gateway_health = GatewayHealth()
        self.tree: app_commands.CommandTree[DiscordClient] = app_commands.CommandTree(self)
        self.tree.add_command(build_command_group(service, handler.handle_interaction, handler.now))
        self.tree.error(self._on_command_error)

    async def setup_hook(self) -> None:
        """Between logging in and connecting: hear what was pressed on messages from before."""
        self.add_dynamic_items(*DYNAMIC_ITEMS)

    async def close(self) -> None:
        """Hang up. Whoever is cancelled meanwhile leaves it going on: half hung up nothing could end it."""
        await asyncio.shield(super().close())

    async def sync_commands(self, *, force: bool = False) -> bool:
        """Tell Discord the commands when they changed; whether it was told."""
        assert self.application_id is not None
        return await self._command_sync.push_if_changed(self.tree, self.application_id, force=force)

    async def on_click(self, interaction: discord.Interaction[Any]) -> None:
        """A button or a menu of ours."""
        await self._handler.handle_interaction(interaction, parse_action(interaction), {})

    async def on_make_private(self, interaction: discord.Interaction[Any]) -> None:
        """The way out of a private thread."""
        await self._handler.handle_make_private(interaction)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """What discord.py drops: modals, which it forgets at a restart, and clicks it cannot place."""
        if interaction.type is discord.InteractionType.modal_submit:
            await self._handler.handle_interaction(
                interaction, parse_action(interaction), parse_modal_inputs(interaction)
            )
        elif interaction.type is discord.InteractionType.component and not is_dispatched(interaction):
            await self._handler.handle_interaction(interaction, parse_action(interaction), {})

    async def on_message(self, message: discord.Message) -> None:
        """A mention or a direct message."""
        assert self.user is not None
        line = parse_message_text(message, self.user)
        if line is not None:
            await self._handler.handle_message(
                self, message, line, is_bot_thread=is_in_bot_thread(message, self.user)
            )

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """A server sent the bot away (an outage is another event)."""
        await self._handler.handle_uninstall(str(guild.id))

    async def on_connect(self) -> None:
        """Connected; `on_ready` would come two seconds later, and what is asked meanwhile is answered."""
        self.gateway_health.mark_connected()
        if self._has_custom_gateway:
            pin_resume_gateway(self)

    async def on_resumed(self) -> None:
        """Connected again, with what was missed."""
        self.gateway_health.mark_connected()

    async def on_disconnect(self) -> None:
        """Not connected; discord.py is trying."""
        self.gateway_health.mark_disconnected()

    async def on_error(self, event_method: str, /, *args: Any, **_kwargs: Any) -> None:
        """What a listener could not even read."""
        log.exception("%s could not be read", event_method)
        for interaction in args:
            if isinstance(interaction, discord.Interaction):
                await self._reply_unreadable(interaction)

    async def _on_command_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError
    ) -> None:
        """A subcommand that Discord still shows and the bot no longer has."""
        log.warning("a command could not be run: %s", error)
        if interaction.type is not discord.InteractionType.autocomplete:
            await self._reply_unreadable(interaction)

    async def _reply_unreadable(self, interaction: discord.Interaction[Any]) -> None:
        """Say that this is from before a change, and where the menu is."""
        await self._handler.handle_interaction(interaction, UNREADABLE_ACTION, {})
