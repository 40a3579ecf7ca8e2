"""Whether the bot may post in a channel, as `conversations.info` tells."""

from __future__ import annotations

import logging

from bot.errors import DeliveryError
from bot.messaging.channel_access import AccessProblem, ChannelAccess
from bot.platforms.slack.api import SlackApi

log = logging.getLogger(__name__)

_CHECK_TIMEOUT = 0.9  # seconds; asked beside users.info, and an answer must still come within three
_CHANNEL_NOT_FOUND = "channel_not_found"


async def check_channel_access(
    api: SlackApi, channel: str, timeout: float = _CHECK_TIMEOUT
) -> ChannelAccess | None:
    """What Slack tells of a channel; None when it tells nothing, as to an app without the scopes for it.

    Args:
        limit: seconds.
    """
    try:
        answer = await api.call("conversations.info", {"channel": channel}, timeout, max_wait=0.0)
    except DeliveryError as error:
        if error.reason == _CHANNEL_NOT_FOUND:
            return ChannelAccess(AccessProblem.NOT_VISIBLE)
        log.warning("conversations.info: %s", error.reason)
        return None
    channel_info = answer.get("channel")
    if not isinstance(channel_info, dict):
        return None
    name = str(channel_info.get("name") or "")
    if channel_info.get("is_archived") is True:
        return ChannelAccess(AccessProblem.ARCHIVED, name=name)
    return ChannelAccess(
        AccessProblem.NOT_MEMBER if channel_info.get("is_member") is False else None, name=name
    )
