"""What a command needs to know about a person, and nothing before it needs it."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.dialogue.request import User
from bot.errors import NotSent
from bot.platforms.slack.calls import Calls

log = logging.getLogger(__name__)

_FOR = 600.0  # seconds
_MOST = 5_000
_LIMIT = 0.9  # seconds, so that an answer that waits for the database too comes within three


@dataclass(frozen=True, slots=True)
class _Known:
    admin: bool
    zone: str | None
    at: float


class People:
    """`users.info`, remembered for ten minutes."""

    def __init__(self, calls: Calls, clock: Callable[[], float] = time.monotonic) -> None:
        self._calls = calls
        self._clock = clock
        self._known: OrderedDict[tuple[str, str], _Known] = OrderedDict()

    def recalled(self, workspace: str, user: User) -> User | None:
        """The person as Slack told in the last ten minutes, without asking it."""
        known = self._known.get((workspace, user.id))
        if known is None or self._clock() - known.at > _FOR:
            return None
        return replace(user, admin=known.admin, zone=known.zone)

    async def looked_up(self, workspace: str, user: User) -> User:
        """The person as Slack tells; as before when it does not, so that nobody knows who is an admin."""
        if (recalled := self.recalled(workspace, user)) is not None:
            return recalled
        try:
            answer = await self._calls.api("users.info", {"user": user.id}, _LIMIT, patience=0.0)
        except NotSent as error:
            log.warning("users.info: %s", error.reason)
            return user
        told = answer.get("user") or {}
        admin = any(told.get(flag) is True for flag in ("is_admin", "is_owner", "is_primary_owner"))
        self._known[workspace, user.id] = _Known(admin, told.get("tz") or None, self._clock())
        self._known.move_to_end((workspace, user.id))
        if len(self._known) > _MOST:
            self._known.popitem(last=False)
        return replace(user, admin=admin, zone=told.get("tz") or None)
