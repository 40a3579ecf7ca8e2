"""What can be wrong between the bot and Discord, asked over plain HTTP."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Any

import discord
from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.errors import SettingsError
from bot.messaging.channel_access import AccessProblem, ChannelAccess, ChannelRef
from bot.platforms.diagnostics import (
    CHANNEL_CHECK_TIMEOUT,
    CheckResult,
    TipChannels,
    check_channels,
    check_clock,
)
from bot.platforms.discord.channels import check_guild_channel, is_snowflake
from bot.platforms.discord.endpoints import override_endpoints

_API_URL = "https://discord.com/api/v10"
_GATEWAY_URL = "wss://gateway.discord.gg"
_TIMEOUT = ClientTimeout(total=10)
_PORTAL_URL = "discord.com/developers/applications"
_HELLO_OPCODE = 10
_CONNECTION_ERRORS = (discord.DiscordException, ClientError, OSError, TimeoutError)


async def run_diagnostics(
    token: str,
    api_url: str | None,
    gateway_url: str | None,
    *,
    slash_command: str,
    now: datetime,
    tip_channels: TipChannels,
) -> AsyncIterator[CheckResult]:
    """Look at the token, the application's settings, the commands, the gateway and the channels of tips.

    Args:
        command: what people type first: `/career`.
    """
    api = api_url or _API_URL
    async with _open_session(token) as session:
        try:
            status, application, date = await _get_json(session, f"{api}/applications/@me")
        except (ClientError, OSError, TimeoutError, ValueError) as error:
            mend = "check DISCORD_API_URL, and that this machine may reach it (firewall, proxy, DNS)"
            yield CheckResult("Discord", f"{api} does not answer ({type(error).__name__})", mend)
            return
        if (clock_result := check_clock("Discord's clock", date, now)) is not None:
            yield clock_result
        yield _check_token(status, application)
        if status == 200:
            yield _check_interactions_endpoint(application)
            yield await _check_commands(
                session, f"{api}/applications/{application.get('id')}/commands", slash_command
            )
        yield await _check_gateway(session, gateway_url or _GATEWAY_URL)
    if status == 200 and tip_channels.channels:
        with override_endpoints(api_url, gateway_url):
            for finding in await _check_channels(token, tip_channels):
                yield finding


def _check_token(status: int, application: Any) -> CheckResult:
    if status == 200:
        return CheckResult("DISCORD_TOKEN", f"{application.get('name')}; no privileged intent is needed")
    message = "Discord does not know it" if status == 401 else f"Discord answers {status}"
    return CheckResult("DISCORD_TOKEN", message, f"copy it again from {_PORTAL_URL}, under Bot, Reset Token")


def _check_interactions_endpoint(application: Any) -> CheckResult:
    """With an endpoint set, Discord sends presses and commands there and none over the gateway."""
    if not application.get("interactions_endpoint_url"):
        return CheckResult("Discord interactions", "come over the gateway")
    mend = f"empty the field Interactions Endpoint URL at {_PORTAL_URL}, under General Information"
    return CheckResult("Discord interactions", "go to an endpoint URL, so the bot gets none", mend)


async def _check_commands(session: ClientSession, url: str, slash_command: str) -> CheckResult:
    try:
        status, known, _ = await _get_json(session, url)
    except (ClientError, OSError, TimeoutError, ValueError) as error:
        status, known = 0, type(error).__name__
    if status == 200 and any(
        known_command.get("name") == slash_command.removeprefix("/").lower() for known_command in known
    ):
        return CheckResult("Discord commands", f"{slash_command} is there")
    return CheckResult("Discord commands", f"{slash_command} is not there yet", "career-bot discord sync")


async def _check_gateway(session: ClientSession, url: str) -> CheckResult:
    """Whether the gateway greets; that costs no identify."""
    try:
        async with session.ws_connect(f"{url}/?v=10&encoding=json") as socket:
            hello = json.loads(await socket.receive_str(timeout=_TIMEOUT.total))
    except (ClientError, OSError, TimeoutError, ValueError, TypeError) as error:
        mend = "check DISCORD_GATEWAY_URL, and that this machine may open WebSockets to it"
        return CheckResult("Discord gateway", f"{url} does not greet ({type(error).__name__})", mend)
    if isinstance(hello, dict) and hello.get("op") == _HELLO_OPCODE:
        return CheckResult("Discord gateway", "greets")
    return CheckResult("Discord gateway", f"{url} speaks something else", "check DISCORD_GATEWAY_URL")


async def _check_channels(token: str, tip_channels: TipChannels) -> Iterator[CheckResult]:
    """Whether the bot may post where tips come; discord.py, unconnected, reckons the permissions."""
    async with discord.Client(intents=discord.Intents(guilds=True)) as client:
        try:
            await client.login(token)
        except _CONNECTION_ERRORS as error:
            return iter(
                (CheckResult("Discord channels", f"could not be looked at ({type(error).__name__})"),)
            )
        servers = {outlet.workspace for outlet in tip_channels.channels}
        guilds = {server: await _fetch_guild(client, server) for server in servers}

        async def look(outlet: ChannelRef) -> ChannelAccess | None:
            server = guilds[outlet.workspace]
            if isinstance(server, AccessProblem) or not is_snowflake(outlet.channel):
                return ChannelAccess(
                    server if isinstance(server, AccessProblem) else AccessProblem.OTHER_SERVER
                )
            assert client.user is not None, "logging in tells it"
            return await check_guild_channel(server, int(outlet.channel), client.user, CHANNEL_CHECK_TIMEOUT)

        return await check_channels("Discord", tip_channels, look)


async def _fetch_guild(client: discord.Client, guild_id: str) -> discord.Guild | AccessProblem:
    """A server with its roles; else why there is none."""
    try:
        return await client.fetch_guild(int(guild_id), with_counts=False)
    except (discord.Forbidden, discord.NotFound, ValueError):
        return AccessProblem.BOT_NOT_INSTALLED
    except _CONNECTION_ERRORS:
        return AccessProblem.CHECK_FAILED


async def fetch_application_id(token: str, api_url: str | None) -> str:
    """The id of the application that this token belongs to.

    Raises:
        SettingsError: when Discord does not know the token or does not answer.
    """
    try:
        async with _open_session(token) as session:
            status, application, _ = await _get_json(session, f"{api_url or _API_URL}/applications/@me")
    except (ClientError, OSError, TimeoutError, ValueError) as error:
        raise SettingsError(f"DISCORD_API_URL: Discord does not answer ({type(error).__name__})") from error
    if status != 200:
        raise SettingsError("DISCORD_TOKEN: Discord does not know it; copy it again, or give --application")
    return str(application["id"])


def _open_session(token: str) -> ClientSession:
    headers = {"Authorization": f"Bot {token}", "User-Agent": "DiscordBot (career-bot, doctor)"}
    return ClientSession(headers=headers, timeout=_TIMEOUT, trust_env=True)


async def _get_json(session: ClientSession, url: str) -> tuple[int, Any, str | None]:
    async with session.get(url) as response:
        return response.status, await response.json(content_type=None), response.headers.get("Date")
