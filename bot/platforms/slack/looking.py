"""What Slack must be asked before a command runs: who asks, and whether the bot may post where it leads."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.commands.command import Command
from bot.dialogue.access import Access
from bot.dialogue.request import Request
from bot.platforms.slack.calls import Calls
from bot.platforms.slack.channels import access
from bot.platforms.slack.people import People


class Looking:
    """Asks for what a command needs, and for nothing else."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._people = People(calls)

    def recalled(self, request: Request, command: Command | None) -> Request | None:
        """The request with what its command needs, as far as that is known; None when Slack must be asked."""
        if command is None or not command.needs:
            return request
        user = self._people.recalled(request.origin.workspace, request.user)
        if user is None:
            return None
        known = replace(request, user=user)
        return known if command.posts(known) is None else None

    async def looked(self, request: Request, command: Command | None) -> Request:
        """The request with what Slack tells, all of it asked at once."""
        if command is None or not command.needs:
            return request
        user, seen = await asyncio.gather(
            self._people.looked_up(request.origin.workspace, request.user), self._seen(request, command)
        )
        return replace(request, user=user, access=seen)

    async def _seen(self, request: Request, command: Command) -> Access | None:
        outlet = command.posts(request)
        return None if outlet is None else await access(self._calls, outlet.channel)
