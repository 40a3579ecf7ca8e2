"""Sends what nobody asked for just now: a tip that is due, or a word about one."""

from __future__ import annotations

import asyncio

import aiohttp
import discord

from bot.errors import DeliveryError
from bot.messaging.delivery import Delivery
from bot.platforms.discord.rate_limits import RateLimitTracker, build_delivery_error
from bot.platforms.discord.render import render_reply
from bot.platforms.discord.retries import send_message

_SEND_TIMEOUT = 45.0  # seconds, with what discord.py waits in place; less than a claim's lease


async def send_delivery(client: discord.Client, delivery: Delivery, rate_limits: RateLimitTracker) -> str:
    """Send it; the message's id. Discord takes the same key once for some minutes.

    A short wait that Discord asks for is waited here, since discord.py keeps everything in its order.

    Raises:
        NotSent: when Discord did not take it, or may not have.
    """
    number = int(delivery.channel)
    try:
        async with asyncio.timeout(_SEND_TIMEOUT):
            place: discord.abc.Messageable = (
                client.get_user(number) or await client.fetch_user(number)
                if delivery.is_direct
                else client.get_partial_messageable(number)
            )
            message = await send_message(place, render_reply(delivery.reply), delivery.idempotency_key)
    except discord.RateLimited as error:
        raise rate_limits.build_rate_limit_error(error.retry_after) from error
    except discord.HTTPException as error:
        raise build_delivery_error(error, rate_limits) from error
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise DeliveryError("lost", possibly_delivered=True) from error
    return str(message.id)
