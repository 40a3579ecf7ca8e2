"""Whether the bot may post in a channel, as `conversations.info` tells."""

from __future__ import annotations

import logging

from bot.dialogue.access import Access, Barrier
from bot.errors import NotSent
from bot.platforms.slack.calls import Calls

log = logging.getLogger(__name__)

_LIMIT = 0.9  # seconds; asked beside users.info, and an answer must still come within three
_NOT_THERE = "channel_not_found"


async def access(calls: Calls, channel: str, limit: float = _LIMIT) -> Access | None:
    """What Slack tells of a channel; None when it tells nothing, as to an app without the scopes for it.

    Args:
        limit: seconds.
    """
    try:
        answer = await calls.api("conversations.info", {"channel": channel}, limit, patience=0.0)
    except NotSent as error:
        if error.reason == _NOT_THERE:
            return Access(Barrier.HIDDEN)
        log.warning("conversations.info: %s", error.reason)
        return None
    told = answer.get("channel")
    if not isinstance(told, dict):
        return None
    name = str(told.get("name") or "")
    if told.get("is_archived") is True:
        return Access(Barrier.ARCHIVED, name=name)
    return Access(Barrier.OUTSIDE if told.get("is_member") is False else None, name=name)
