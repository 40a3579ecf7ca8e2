"""What Slack must be asked before a command runs: who asks, and whether the bot may post where it leads."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.commands.command import Command
from bot.messaging.channel_access import ChannelAccess
from bot.messaging.request import Request
from bot.platforms.slack.api import SlackApi
from bot.platforms.slack.channels import check_channel_access
from bot.platforms.slack.user_cache import UserInfoCache


class RequestEnricher:
    """Asks for what a command needs, and for nothing else."""

    def __init__(self, api: SlackApi) -> None:
        self._api = api
        self._user_cache = UserInfoCache(api)

    def enrich_from_cache(self, request: Request, command: Command | None) -> Request | None:
        """The request with what its command needs, as far as that is known; None when Slack must be asked."""
        if command is None or not command.requirements:
            return request
        user = self._user_cache.find_cached(request.origin.workspace, request.user)
        if user is None:
            return None
        known = replace(request, user=user)
        return known if command.find_posting_channel(known) is None else None

    async def enrich(self, request: Request, command: Command | None) -> Request:
        """The request with what Slack tells, all of it asked at once."""
        if command is None or not command.requirements:
            return request
        user, seen = await asyncio.gather(
            self._user_cache.fetch_user(request.origin.workspace, request.user),
            self._check_channel_access(request, command),
        )
        return replace(request, user=user, channel_access=seen)

    async def _check_channel_access(self, request: Request, command: Command) -> ChannelAccess | None:
        outlet = command.find_posting_channel(request)
        return None if outlet is None else await check_channel_access(self._api, outlet.channel)
