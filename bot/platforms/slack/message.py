"""A reply as what Slack's methods, acks and response_urls take."""

from __future__ import annotations

from bot.dialogue.plain import plain
from bot.dialogue.reply import Reply
from bot.dialogue.spans import Text
from bot.platforms.slack import rich
from bot.platforms.slack.blocks import blocks
from bot.platforms.slack.rich import Json

OWN = "own."
"""How the ids of the rows begin that stand in the bot's own conversation with a person."""


def message(reply: Reply, own: str | None = None) -> Json:
    """Blocks to see and the whole as text, since that is all that Slack's screen readers read out.

    Args:
        own: what names this message when it stands in the bot's own conversation with a person.
    """
    return {
        "text": plain(reply, rich.aloud),
        "blocks": blocks(reply, None if own is None else f"{OWN}{own}."),
        "mrkdwn": False,
        "unfurl_links": False,
        "unfurl_media": False,
    }


def opening(words: str) -> Json:
    """The first message of a thread: what it is about."""
    return {
        "text": rich.escaped(words),
        "blocks": [rich.block(rich.section((Text(words),)))],
        "mrkdwn": False,
        "unfurl_links": False,
        "unfurl_media": False,
    }
