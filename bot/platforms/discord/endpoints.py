"""Where discord.py looks for Discord. The library has no setting for it: these are names of its own.

Everything that leans on discord.py's private names stands in this file; its test fails when one is gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from discord import Client, VoiceClient
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL


def pin_resume_gateway(client: Client) -> None:
    """Resume where the client connected: an address that was set beats the one that the gateway offers."""
    if client.ws is not None:
        client.ws.gateway = DiscordWebSocket.DEFAULT_GATEWAY


@contextmanager
def override_endpoints(api_url: str | None, gateway_url: str | None) -> Iterator[None]:
    """Send every call of discord.py to these addresses while the block runs; None leaves Discord's own.

    Args:
        api_url: the REST base with its version, without a slash at its end: `http://127.0.0.1:3311/api/v10`.
        gateway_url: the gateway: `ws://127.0.0.1:3311`. discord.py never asks the REST API for it.
    """
    VoiceClient.warn_nacl = VoiceClient.warn_dave = False  # it need not say that it cannot speak
    api, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE = api_url or api
    DiscordWebSocket.DEFAULT_GATEWAY = URL(gateway_url) if gateway_url else gateway
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = api, gateway
