"""What can be wrong between the bot and Discord, asked over plain HTTP."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.errors import SettingsError
from bot.platforms.checkup import Finding, clock

_API = "https://discord.com/api/v10"
_GATEWAY = "wss://gateway.discord.gg"
_LIMIT = ClientTimeout(total=10)
_PORTAL = "discord.com/developers/applications"
_HELLO = 10


async def checkup(
    token: str, api_url: str | None, gateway_url: str | None, command: str, now: datetime
) -> AsyncIterator[Finding]:
    """Look at the token, the application's settings, the commands and the gateway.

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
