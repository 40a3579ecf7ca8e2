"""discord.py's private names, which this bot leans on: fails loudly when a new version lost one."""

from __future__ import annotations

import discord.client
import discord.http
import discord.interactions
import discord.webhook.async_
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.platforms.discord.endpoints import override_endpoints


def test_the_names_are_still_there_and_mean_what_they_did() -> None:
    assert Route.BASE == "https://discord.com/api/v10"
    assert str(DiscordWebSocket.DEFAULT_GATEWAY) == "wss://gateway.discord.gg/"
    for module in (discord.webhook.async_, discord.interactions, discord.http):
        assert getattr(module, "Route", Route) is Route
    assert vars(discord.client)["DiscordWebSocket"] is DiscordWebSocket


def test_every_call_goes_where_the_settings_point_and_back_afterwards() -> None:
    with override_endpoints("http://127.0.0.1:3311/api/v10", "ws://127.0.0.1:3311"):
        assert Route("GET", "/users/@me").url == "http://127.0.0.1:3311/api/v10/users/@me"
        assert str(DiscordWebSocket.DEFAULT_GATEWAY) == "ws://127.0.0.1:3311"
    assert Route("GET", "/users/@me").url == "https://discord.com/api/v10/users/@me"
    with override_endpoints(None, None):
        assert Route.BASE == "https://discord.com/api/v10"
