"""What can be wrong between the bot and Discord, asked over plain HTTP."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Any

import discord
from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.dialogue.access import Access, Barrier, Outlet
from bot.errors import SettingsError
from bot.platforms.checkup import PATIENCE, Finding, Outlets, clock, looked_at
from bot.platforms.discord.addresses import pointed_at
from bot.platforms.discord.channels import in_server, is_id

_API = "https://discord.com/api/v10"
_GATEWAY = "wss://gateway.discord.gg"
_LIMIT = ClientTimeout(total=10)
_PORTAL = "discord.com/developers/applications"
_HELLO = 10
_AWAY = (discord.DiscordException, ClientError, OSError, TimeoutError)


async def checkup(
    token: str,
    api_url: str | None,
    gateway_url: str | None,
    *,
    command: str,
    now: datetime,
    outlets: Outlets,
) -> AsyncIterator[Finding]:
    """Look at the token, the application's settings, the commands, the gateway and the channels of tips.

    Args:
        command: what people type first: `/career`.
    """
    api = api_url or _API
    async with _session(token) as session:
        try:
            status, application, date = await _get(session, f"{api}/applications/@me")
        except (ClientError, OSError, TimeoutError, ValueError) as error:
            mend = "check DISCORD_API_URL, and that this machine may reach it (firewall, proxy, DNS)"
            yield Finding("Discord", f"{api} does not answer ({type(error).__name__})", mend)
            return
        if (told := clock("Discord's clock", date, now)) is not None:
            yield told
        yield _token(status, application)
        if status == 200:
            yield _endpoint(application)
            yield await _commands(session, f"{api}/applications/{application.get('id')}/commands", command)
        yield await _gateway(session, gateway_url or _GATEWAY)
    if status == 200 and outlets.some:
        with pointed_at(api_url, gateway_url):
            for finding in await _channels(token, outlets):
                yield finding


def _token(status: int, application: Any) -> Finding:
    if status == 200:
        return Finding("DISCORD_TOKEN", f"{application.get('name')}; no privileged intent is needed")
    said = "Discord does not know it" if status == 401 else f"Discord answers {status}"
    return Finding("DISCORD_TOKEN", said, f"copy it again from {_PORTAL}, under Bot, Reset Token")


def _endpoint(application: Any) -> Finding:
    """With an endpoint set, Discord sends presses and commands there and none over the gateway."""
    if not application.get("interactions_endpoint_url"):
        return Finding("Discord interactions", "come over the gateway")
    mend = f"empty the field Interactions Endpoint URL at {_PORTAL}, under General Information"
    return Finding("Discord interactions", "go to an endpoint URL, so the bot gets none", mend)


async def _commands(session: ClientSession, url: str, command: str) -> Finding:
    try:
        status, known, _ = await _get(session, url)
    except (ClientError, OSError, TimeoutError, ValueError) as error:
        status, known = 0, type(error).__name__
    if status == 200 and any(one.get("name") == command.removeprefix("/").lower() for one in known):
        return Finding("Discord commands", f"{command} is there")
    return Finding("Discord commands", f"{command} is not there yet", "career-bot discord sync")


async def _gateway(session: ClientSession, url: str) -> Finding:
    """Whether the gateway greets; that costs no identify."""
    try:
        async with session.ws_connect(f"{url}/?v=10&encoding=json") as socket:
            hello = json.loads(await socket.receive_str(timeout=_LIMIT.total))
    except (ClientError, OSError, TimeoutError, ValueError, TypeError) as error:
        mend = "check DISCORD_GATEWAY_URL, and that this machine may open WebSockets to it"
        return Finding("Discord gateway", f"{url} does not greet ({type(error).__name__})", mend)
    if isinstance(hello, dict) and hello.get("op") == _HELLO:
        return Finding("Discord gateway", "greets")
    return Finding("Discord gateway", f"{url} speaks something else", "check DISCORD_GATEWAY_URL")


async def _channels(token: str, outlets: Outlets) -> Iterator[Finding]:
    """Whether the bot may post where tips come; discord.py, unconnected, reckons the permissions."""
    async with discord.Client(intents=discord.Intents(guilds=True)) as client:
        try:
            await client.login(token)
        except _AWAY as error:
            return iter((Finding("Discord channels", f"could not be looked at ({type(error).__name__})"),))
        servers = {outlet.workspace for outlet in outlets.some}
        found = {server: await _server(client, server) for server in servers}

        async def look(outlet: Outlet) -> Access | None:
            server = found[outlet.workspace]
            if isinstance(server, Barrier) or not is_id(outlet.channel):
                return Access(server if isinstance(server, Barrier) else Barrier.ELSEWHERE)
            assert client.user is not None, "logging in tells it"
            return await in_server(server, int(outlet.channel), client.user, PATIENCE)

        return await looked_at("Discord", outlets, look)


async def _server(client: discord.Client, number: str) -> discord.Guild | Barrier:
    """A server with its roles; else why there is none."""
    try:
        return await client.fetch_guild(int(number), with_counts=False)
    except (discord.Forbidden, discord.NotFound, ValueError):
        return Barrier.ABSENT
    except _AWAY:
        return Barrier.UNSEEN


async def application_id(token: str, api_url: str | None) -> str:
    """The id of the application that this token belongs to.

    Raises:
        SettingsError: when Discord does not know the token or does not answer.
    """
    try:
        async with _session(token) as session:
            status, application, _ = await _get(session, f"{api_url or _API}/applications/@me")
    except (ClientError, OSError, TimeoutError, ValueError) as error:
        raise SettingsError(f"DISCORD_API_URL: Discord does not answer ({type(error).__name__})") from error
    if status != 200:
        raise SettingsError("DISCORD_TOKEN: Discord does not know it; copy it again, or give --application")
    return str(application["id"])


def _session(token: str) -> ClientSession:
    headers = {"Authorization": f"Bot {token}", "User-Agent": "DiscordBot (career-bot, doctor)"}
    return ClientSession(headers=headers, timeout=_LIMIT, trust_env=True)


async def _get(session: ClientSession, url: str) -> tuple[int, Any, str | None]:
    async with session.get(url) as response:
        return response.status, await response.json(content_type=None), response.headers.get("Date")
