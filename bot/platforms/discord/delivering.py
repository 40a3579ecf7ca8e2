"""Sends what nobody asked for just now: a tip that is due, or a word about one."""

from __future__ import annotations

import asyncio

import aiohttp
import discord

from bot.dialogue.delivery import Delivery
from bot.errors import NotSent
from bot.platforms.discord.calls import post
from bot.platforms.discord.limits import Limits, refused
from bot.platforms.discord.render import layout

_UNASKED = 45.0  # seconds, with what discord.py waits in place; less than a claim's lease


async def deliver(client: discord.Client, delivery: Delivery, limits: Limits) -> str:
    """Send it; the message's id. Discord takes the same key once for some minutes.

    A short wait that Discord asks for is waited here, since discord.py keeps everything in its order.

    Raises:
        NotSent: when Discord did not take it, or may not have.
    """
    number = int(delivery.channel)
    try:
        async with asyncio.timeout(_UNASKED):
            place: discord.abc.Messageable = (
                client.get_user(number) or await client.fetch_user(number)
                if delivery.direct
                else client.get_partial_messageable(number)
            )
            message = await post(place, layout(delivery.reply), delivery.key)
    except discord.RateLimited as error:
        raise limits.slowed(error.retry_after) from error
    except discord.HTTPException as error:
        raise refused(error, limits) from error
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise NotSent("lost", maybe=True) from error
    return str(message.id)
