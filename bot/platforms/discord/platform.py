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

from bot.dialogue.delivery import Delivery, Pace
from bot.errors import NotSent, SettingsError
from bot.platforms.answering import Answering
from bot.platforms.discord.addresses import pointed_at
from bot.platforms.discord.answers import PATIENCE, Answers
from bot.platforms.discord.client import Client
from bot.platforms.discord.delivering import deliver
from bot.platforms.discord.sync import Synced
from bot.platforms.once import Once
from bot.platforms.turns import Turns, unless
from bot.service import Service

log = logging.getLogger(__name__)

_AWAY = 15.0  # seconds
_BAD_TOKEN = (
    "DISCORD_TOKEN: Discord does not know this token; copy it again from the application's page, under Bot"
)
_FINAL = {
    4004: _BAD_TOKEN,
    4010: "Discord refuses this shard; run one career-bot for each token",
    4011: "the bot is in more servers than one connection may serve",
    4012: "Discord no longer speaks this version of its gateway; update career-bot",
    4013: "Discord refuses the intents; update career-bot",
    4014: "Discord refuses the intents; update career-bot",
}
"""Closings of the gateway after which coming back is no use, and what to do."""


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach Discord: the settings by the same names."""

    token: str = field(repr=False)
    api_url: str | None = None
    gateway_url: str | None = None


class Discord:
    """One application on Discord, over its gateway.

    Discord sends everything to every connection of a token, so one process of all has the gateway.
    """

    name = "Discord"
    pace = Pace(
        channel=1.0, platform=0.05
    )  # fifty requests a second are the whole bot's, its answers included

    def __init__(
        self,
        access: Access,
        service: Service,
        answering: Answering,
        once: Once,
        turns: Turns,
        *,
        now: Callable[[], datetime],
        data: Path,
        patience: float = PATIENCE,
        away: float = _AWAY,
    ) -> None:
        self._access = access
        self._service = service
        self._answers = Answers(service, answering, once, now, patience)
        self._synced = Synced(data)
        self._away = away
        self._turns = turns
        self._client: Client | None = None

    @property
    def connected(self) -> bool:
        """Whether events arrive."""
        return self._turns.ours and self._client is not None and self._client.presence.live

    @property
    def standing_by(self) -> bool:
        """Whether another process has the gateway."""
        return self._turns.standing_by

    @property
    def ready(self) -> bool:
        """Whether a client is logged in; sending needs no gateway, which may be away meanwhile.

        Never while another process has the turn: what is due there goes out from one process.
        """
        client = self._client
        if not self._turns.ours or client is None:
            return False
        return client.user is not None and not client.is_closed()

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """Nothing: everything comes over the gateway."""
        return ()

    def client(self) -> Client:
        """A client that has not connected."""
        return Client(self._service, self._answers, self._synced, self._access.gateway_url is not None)

    async def run(self) -> None:
        """Hold the connection open whenever it is this process's turn; before that nothing is sent.

        Raises:
            SettingsError: when Discord refuses the token or the bot for good.
        """
        await self._turns.run(self._serve)

    async def _serve(self) -> None:
        """Hold a fresh connection open; discord.py resumes it whenever it breaks."""
        with pointed_at(self._access.api_url, self._access.gateway_url):
            async with self.client() as client:
                self._client = client
                try:
                    await client.login(self._access.token)
                    await _tell(client)
                    await _connected(client, self._away)
                except discord.LoginFailure as error:
                    raise SettingsError(_BAD_TOKEN) from error
                except discord.PrivilegedIntentsRequired as error:
                    raise SettingsError(_FINAL[4014]) from error
                except discord.ConnectionClosed as error:
                    if error.code in _FINAL:
                        raise SettingsError(_FINAL[error.code]) from error
                    raise
                finally:
                    client.presence.went()
                    await self._answers.finish()  # what is on its way still needs the client

    async def deliver(self, delivery: Delivery) -> str:
        """Send an unasked message, once; its id.

        Raises:
            NotSent: when Discord did not take it, or may not have.
        """
        if self._client is None or not self.ready:
            raise NotSent("unreachable")
        async with self._answers.watched():
            return await deliver(self._client, delivery, self._client.limits)

    async def sync(self) -> None:
        """Tell Discord the commands now, whether they changed or not.

        Raises:
            SettingsError: when Discord refuses the token or cannot be reached.
        """
        with pointed_at(self._access.api_url, self._access.gateway_url):
            async with self.client() as client:
                try:
                    await client.login(self._access.token)
                    await client.sync(again=True)
                except discord.LoginFailure as error:
                    raise SettingsError(_BAD_TOKEN) from error
                except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
                    raise SettingsError(f"Discord could not be reached, or refused: {error}") from error

    async def close(self) -> None:
        """Finish the answers that are on their way, then hang up."""
        await self._answers.finish()
        if self._client is not None:
            await self._client.close()


async def _connected(client: Client, away: float) -> None:
    """Hold the connection. discord.py waits longer and longer between attempts, in the end for a quarter of
    an hour, so after some seconds without one a fresh client is the shorter way.

    Raises:
        ConnectionError: when Discord was away for so long.
    """
    if not await unless(client.connect(), client.presence.lost(away)):
        raise ConnectionError(f"Discord was away for {away:.0f} s")


async def _tell(client: Client) -> None:
    """Tell Discord changed commands; people can use the old ones when that fails."""
    try:
        if await client.sync():
            log.info("told Discord the changed commands")
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        log.warning("Discord was not told the commands (%s); career-bot discord sync does it", error)
