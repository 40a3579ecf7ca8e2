"""Discord as `app.py` runs it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import aiohttp
import discord
from aiohttp import web

from bot.errors import DeliveryError, SettingsError
from bot.messaging.delivery import Delivery, SendIntervals
from bot.platforms.deduplicator import Deduplicator
from bot.platforms.discord.client import DiscordClient
from bot.platforms.discord.command_sync import CommandSync
from bot.platforms.discord.endpoints import override_endpoints
from bot.platforms.discord.handler import DEFER_AFTER_SECONDS, DiscordHandler
from bot.platforms.discord.sender import send_delivery
from bot.platforms.leader_election import LeaderElection, run_until
from bot.platforms.request_runner import RequestRunner
from bot.service import Service

log = logging.getLogger(__name__)

_MAX_OUTAGE_SECONDS = 15.0  # seconds
_BAD_TOKEN_MESSAGE = (
    "DISCORD_TOKEN: Discord does not know this token; copy it again from the application's page, under Bot"
)
_FATAL_CLOSE_CODES = {
    4004: _BAD_TOKEN_MESSAGE,
    4010: "Discord refuses this shard; run one career-bot for each token",
    4011: "the bot is in more servers than one connection may serve",
    4012: "Discord no longer speaks this version of its gateway; update career-bot",
    4013: "Discord refuses the intents; update career-bot",
    4014: "Discord refuses the intents; update career-bot",
}
"""Closings of the gateway after which coming back is no use, and what to do."""


@dataclass(frozen=True, slots=True)
class DiscordCredentials:
    """How to reach Discord: the settings by the same names."""

    token: str = field(repr=False)
    api_url: str | None = None
    gateway_url: str | None = None


class DiscordPlatform:
    """One application on Discord, over its gateway.

    Discord sends everything to every connection of a token, so one process of all has the gateway.
    """

    name = "Discord"
    send_intervals = SendIntervals(
        channel=1.0, platform=0.05
    )  # fifty requests a second are the whole bot's, its answers included

    def __init__(
        self,
        credentials: DiscordCredentials,
        service: Service,
        request_runner: RequestRunner,
        deduplicator: Deduplicator,
        leader_election: LeaderElection,
        *,
        now: Callable[[], datetime],
        data_dir: Path,
        defer_after: float = DEFER_AFTER_SECONDS,
        max_outage: float = _MAX_OUTAGE_SECONDS,
    ) -> None:
        self._credentials = credentials
        self._service = service
        self._handler = DiscordHandler(service, request_runner, deduplicator, now, defer_after)
        self._command_sync = CommandSync(data_dir)
        self._max_outage = max_outage
        self._leader_election = leader_election
        self._client: DiscordClient | None = None

    @property
    def is_connected(self) -> bool:
        """Whether events arrive."""
        return (
            self._leader_election.is_leader
            and self._client is not None
            and self._client.gateway_health.is_connected
        )

    @property
    def is_standby(self) -> bool:
        """Whether another process has the gateway."""
        return self._leader_election.is_standby

    @property
    def can_send(self) -> bool:
        """Whether a client is logged in; sending needs no gateway, which may be away meanwhile.

        Never while another process has the turn: what is due there goes out from one process.
        """
        client = self._client
        if not self._leader_election.is_leader or client is None:
            return False
        return client.user is not None and not client.is_closed()

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """Nothing: everything comes over the gateway."""
        return ()

    def build_client(self) -> DiscordClient:
        """A client that has not connected."""
        return DiscordClient(
            self._service, self._handler, self._command_sync, self._credentials.gateway_url is not None
        )

    async def run(self) -> None:
        """Hold the connection open whenever it is this process's turn; before that nothing is sent.

        Raises:
            SettingsError: when Discord refuses the token or the bot for good.
        """
        await self._leader_election.run(self._run_gateway)

    async def _run_gateway(self) -> None:
        """Hold a fresh connection open; discord.py resumes it whenever it breaks."""
        with override_endpoints(self._credentials.api_url, self._credentials.gateway_url):
            async with self.build_client() as client:
                self._client = client
                try:
                    await client.login(self._credentials.token)
                    await _sync_changed_commands(client)
                    await _run_until_outage(client, self._max_outage)
                except discord.LoginFailure as error:
                    raise SettingsError(_BAD_TOKEN_MESSAGE) from error
                except discord.PrivilegedIntentsRequired as error:
                    raise SettingsError(_FATAL_CLOSE_CODES[4014]) from error
                except discord.ConnectionClosed as error:
                    if error.code in _FATAL_CLOSE_CODES:
                        raise SettingsError(_FATAL_CLOSE_CODES[error.code]) from error
                    raise
                finally:
                    client.gateway_health.mark_disconnected()
                    await self._handler.drain()  # what is on its way still needs the client

    async def deliver(self, delivery: Delivery) -> str:
        """Send an unasked message, once; its id.

        Raises:
            NotSent: when Discord did not take it, or may not have.
        """
        if self._client is None or not self.can_send:
            raise DeliveryError("unreachable")
        async with self._handler.track_in_flight():
            return await send_delivery(self._client, delivery, self._client.rate_limits)

    async def sync_commands(self) -> None:
        """Tell Discord the commands now, whether they changed or not.

        Raises:
            SettingsError: when Discord refuses the token or cannot be reached.
        """
        with override_endpoints(self._credentials.api_url, self._credentials.gateway_url):
            async with self.build_client() as client:
                try:
                    await client.login(self._credentials.token)
                    await client.sync_commands(force=True)
                except discord.LoginFailure as error:
                    raise SettingsError(_BAD_TOKEN_MESSAGE) from error
                except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
                    raise SettingsError(f"Discord could not be reached, or refused: {error}") from error

    async def close(self) -> None:
        """Finish the answers that are on their way, then hang up."""
        await self._handler.drain()
        if self._client is not None:
            await self._client.close()


async def _run_until_outage(client: DiscordClient, max_outage: float) -> None:
    """Hold the connection. discord.py waits longer and longer between attempts, in the end for a quarter of
    an hour, so after some seconds without one a fresh client is the shorter way.

    Raises:
        ConnectionError: when Discord was away for so long.
    """
    if not await run_until(client.connect(), client.gateway_health.wait_for_outage(max_outage)):
        raise ConnectionError(f"Discord was away for {max_outage:.0f} s")


async def _sync_changed_commands(client: DiscordClient) -> None:
    """Tell Discord changed commands; people can use the old ones when that fails."""
    try:
        if await client.sync_commands():
            log.info("told Discord the changed commands")
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        log.warning("Discord was not told the commands (%s); career-bot discord sync does it", error)
