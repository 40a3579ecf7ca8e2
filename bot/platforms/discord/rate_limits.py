"""What Discord slows down: one channel, or all of the bot. discord.py's own error does not tell which."""

from __future__ import annotations

import time
from types import SimpleNamespace

import aiohttp
import discord

from bot.errors import DeliveryError, RateLimitScope
from bot.platforms.discord import failures

MAX_RATE_LIMIT_WAIT = 30.0  # seconds that discord.py itself waits in place; the least that it can be told


class RateLimitTracker:
    """Hears every answer of Discord's API."""

    def __init__(self) -> None:
        self._global_limit_until = 0.0  # on the monotonic clock

    def build_trace_config(self) -> aiohttp.TraceConfig:
        """What a client's HTTP is to be built with."""
        trace = aiohttp.TraceConfig()
        trace.on_request_end.append(self._on_request_end)
        return trace

    def build_rate_limit_error(self, retry_after: float) -> DeliveryError:
        """Why a message was not sent, with what has to wait so long."""
        scope: RateLimitScope = "platform" if self._global_limit_until > time.monotonic() else "channel"
        return DeliveryError("ratelimited", retry_after=retry_after, scope=scope)

    async def _on_request_end(
        self,
        _session: aiohttp.ClientSession,
        _context: SimpleNamespace,
        params: aiohttp.TraceRequestEndParams,
    ) -> None:
        if params.response.status == 429 and _is_global_limit(params.response):
            self._global_limit_until = max(
                self._global_limit_until, time.monotonic() + parse_retry_after(params.response)
            )


def parse_retry_after(response: aiohttp.ClientResponse) -> float:
    """The seconds that an answer says to wait."""
    try:
        return float(response.headers.get("Retry-After", "1"))
    except ValueError:
        return 1.0


def build_delivery_error(error: discord.HTTPException, rate_limits: RateLimitTracker) -> DeliveryError:
    """What a refusal means; one that names a time is no refusal."""
    if error.status == 429 and isinstance(error.response, aiohttp.ClientResponse):
        return rate_limits.build_rate_limit_error(parse_retry_after(error.response))
    return failures.build_delivery_error(error.code or error.status, possibly_delivered=error.status >= 500)


def _is_global_limit(response: aiohttp.ClientResponse) -> bool:
    """Whether the whole bot is meant; without `Via` it is the network before Discord that speaks."""
    scope = response.headers.get("X-RateLimit-Scope", "")
    return "X-RateLimit-Global" in response.headers or scope == "global" or "Via" not in response.headers
