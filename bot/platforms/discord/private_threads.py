"""A check in a private thread: its first line, and the way to a message that only the owner sees."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import discord
from discord import ui

from bot.messaging.reply import Reply
from bot.platforms.discord.adapter_replies import AdapterReplies
from bot.platforms.discord.dynamic_items import build_make_private_button
from bot.platforms.discord.markdown import render_spans
from bot.platforms.discord.render import Component, build_view, render_reply
from bot.platforms.discord.retries import call_with_retries, send_message
from bot.platforms.discord.threads import open_thread

log = logging.getLogger(__name__)

_HISTORY_LIMIT = 10  # messages; what the bot said after the first line is the second


async def start_private_thread(
    channel: Any, owner: discord.abc.User, reply: Reply, *, idempotency_key: str, replies: AdapterReplies
) -> discord.Thread | None:
    """A private thread with the reply in it; None where the bot may not open one. Never a public one.

    Args:
        channel: where the person asked.
        key: names the request; a repeated call sends nothing twice.
    """
    # The platform lets moderators read a thread's name too, so it says nothing of what is in it.
    thread = await open_thread(channel, replies.get_text("discord.private.name"), is_private=True)
    if thread is None:
        return None
    try:
        await call_with_retries(lambda: thread.add_user(discord.Object(owner.id)))
        await send_message(
            thread, build_view(_build_first_message(owner, replies)), f"{idempotency_key}:first"
        )
        await send_message(thread, render_reply(reply), idempotency_key)
    except discord.HTTPException as error:
        log.info("a private thread in %s could not be used: %s", thread.parent_id, error)
        return None
    return thread


async def find_current_message(first_message: discord.Message) -> discord.Message | None:
    """What the check shows now: the bot's own message after the thread's first line."""
    async for message in first_message.channel.history(
        limit=_HISTORY_LIMIT, after=first_message, oldest_first=True
    ):
        if message.author.id == first_message.author.id and message.components:
            return message
    return None


def copy_view(message: discord.Message) -> ui.LayoutView:
    """The same message again, to be sent elsewhere."""
    view = ui.LayoutView.from_message(message, timeout=None)
    view.stop()
    return view


def _build_first_message(owner: discord.abc.User, replies: AdapterReplies) -> Iterator[Component]:
    words = replies.get_spans("discord.private.moderators")
    yield ui.TextDisplay(f"-# {render_spans(words)}")
    yield ui.ActionRow(
        build_make_private_button(replies.get_text("discord.private.only_me.label"), str(owner.id))
    )
