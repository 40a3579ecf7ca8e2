"""What Discord slows down: one channel, or all of the bot. discord.py's own error does not tell which."""

from __future__ import annotations

import time
from types import SimpleNamespace

import aiohttp
import discord

from bot.errors import NotSent, Scope

LONGEST = 30.0  # seconds that discord.py itself waits in place; the least that it can be told


class Limits:
    """Hears every answer of Discord's API."""

    def __init__(self) -> None:
        self._all_until = 0.0  # on the monotonic clock

    def trace(self) -> aiohttp.TraceConfig:
        """What a client's HTTP is to be built with."""
        trace = aiohttp.TraceConfig()
        trace.on_request_end.append(self._heard)
        return trace

    def slowed(self, seconds: float) -> NotSent:
        """Why a message was not sent, with what has to wait so long."""
        scope: Scope = "platform" if self._all_until > time.monotonic() else "channel"
        return NotSent("ratelimited", retry_after=seconds, scope=scope)

    async def _heard(
        self, _session: aiohttp.ClientSession, _context: SimpleNamespace, told: aiohttp.TraceRequestEndParams
    ) -> None:
        if told.response.status == 429 and _of_all(told.response):
            self._all_until = max(self._all_until, time.monotonic() + wait_of(told.response))


def wait_of(response: aiohttp.ClientResponse) -> float:
    """The seconds that an answer says to wait."""
    try:
        return float(response.headers.get("Retry-After", "1"))
    except ValueError:
        return 1.0


def refused(error: discord.HTTPException, limits: Limits) -> NotSent:
    """What a refusal means; one that names a time is no refusal."""
    if error.status == 429 and isinstance(error.response, aiohttp.ClientResponse):
        return limits.slowed(wait_of(error.response))
    return NotSent(str(error.code or error.status), maybe=error.status >= 500)


def _of_all(response: aiohttp.ClientResponse) -> bool:
    """Whether the whole bot is meant; without `Via` it is the network before Discord that speaks."""
    scope = response.headers.get("X-RateLimit-Scope", "")
    return "X-RateLimit-Global" in response.headers or scope == "global" or "Via" not in response.headers
