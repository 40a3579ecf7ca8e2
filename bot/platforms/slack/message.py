"""A reply as what Slack's methods, acks and response_urls take."""

from __future__ import annotations

from bot.messaging.plaintext import render_plain
from bot.messaging.reply import Reply
from bot.messaging.spans import Text
from bot.platforms.slack import rich_text
from bot.platforms.slack.blocks import render_blocks
from bot.platforms.slack.rich_text import JsonObject

BOT_DM_PREFIX = "own."
"""How the ids of the rows begin that stand in the bot's own conversation with a person."""


def build_message(reply: Reply, bot_dm_key: str | None = None) -> JsonObject:
    """Blocks to see and the whole as text, since that is all that Slack's screen readers read out.

    Args:
        own: what names this message when it stands in the bot's own conversation with a person.
    """
    return {
        "text": render_plain(reply, rich_text.render_fallback_text),
        "blocks": render_blocks(reply, None if bot_dm_key is None else f"{BOT_DM_PREFIX}{bot_dm_key}."),
        "mrkdwn": False,
        "unfurl_links": False,
        "unfurl_media": False,
    }


def build_thread_starter(text: str) -> JsonObject:
    """The first message of a thread: what it is about."""
    return {
        "text": rich_text.escape(text),
        "blocks": [rich_text.build_block(rich_text.build_section((Text(text),)))],
        "mrkdwn": False,
        "unfurl_links": False,
        "unfurl_media": False,
    }
