"""Calls that may fail on the way: repeated where that is safe, and in a thread that fell asleep.

discord.py repeats 429, 500, 502, 504 and 524 itself, but neither 503 nor a connection that was reset.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from hashlib import blake2b
from typing import TypeVar

import aiohttp
import discord

log = logging.getLogger(__name__)

ALREADY_RESPONDED = 40060
"""The interaction has its first response already."""
THREAD_ARCHIVED = 50083
"""The thread is archived."""

_UNKNOWN_INTERACTION = 10062  # unknown interaction: the three seconds are over
_RETRY_DELAYS = (0.2, 0.6, 1.8)  # seconds
T = TypeVar("T")


async def call_with_retries(call: Callable[[], Awaitable[T]]) -> T:
    """The call's result; for calls that come to the same when Discord gets them twice."""
    for pause in _RETRY_DELAYS:
        try:
            return await call()
        except discord.DiscordServerError as error:
            if error.status != 503:
                raise
        except (aiohttp.ClientConnectionError, OSError) as error:
            log.info("Discord was lost in a call (%s), again in %.1f s", type(error).__name__, pause)
        await asyncio.sleep(pause)
    return await call()


async def unarchive_and_retry(call: Callable[[], Awaitable[T]], channel: object) -> T:
    """The call's result; an archived thread, which takes no edits, is opened again first."""
    try:
        return await call_with_retries(call)
    except discord.HTTPException as error:
        if error.code != THREAD_ARCHIVED or not isinstance(channel, discord.Thread):
            raise
        thread = channel
        await call_with_retries(lambda: thread.edit(archived=False))
        return await call_with_retries(call)


def is_interaction_expired(error: Exception) -> bool:
    """Whether Discord no longer knows the interaction; then nothing can be shown with it."""
    return isinstance(error, discord.NotFound) and error.code == _UNKNOWN_INTERACTION


async def send_message(
    channel: discord.abc.Messageable, view: discord.ui.LayoutView, idempotency_key: str
) -> discord.Message:
    """Send a message, once however often it is tried: Discord knows the nonce for some minutes.

    Args:
        key: names the message; the same key is the same message.
    """
    nonce = blake2b(
        idempotency_key.encode(errors="replace"), digest_size=12
    ).hexdigest()  # Discord takes 25 characters
    return await unarchive_and_retry(lambda: channel.send(view=view, nonce=nonce), channel)
