"""What a command needs to know about a person, and nothing before it needs it."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.errors import DeliveryError
from bot.messaging.request import User
from bot.platforms.slack.api import SlackApi

log = logging.getLogger(__name__)

_CACHE_SECONDS = 600.0  # seconds
_MAX_USERS = 5_000
_FETCH_TIMEOUT = 0.9  # seconds, so that an answer that waits for the database too comes within three


@dataclass(frozen=True, slots=True)
class _CachedUser:
    is_admin: bool
    timezone: str | None
    fetched_at: float


class UserInfoCache:
    """`users.info`, remembered for ten minutes."""

    def __init__(self, api: SlackApi, clock: Callable[[], float] = time.monotonic) -> None:
        self._api = api
        self._clock = clock
        self._cached_users: OrderedDict[tuple[str, str], _CachedUser] = OrderedDict()

    def find_cached(self, workspace: str, user: User) -> User | None:
        """The person as Slack told in the last ten minutes, without asking it."""
        known = self._cached_users.get((workspace, user.id))
        if known is None or self._clock() - known.fetched_at > _CACHE_SECONDS:
            return None
        return replace(user, is_admin=known.is_admin, timezone=known.timezone)

    async def fetch_user(self, workspace: str, user: User) -> User:
        """The person as Slack tells; as before when it does not, so that nobody knows who is an admin."""
        if (recalled := self.find_cached(workspace, user)) is not None:
            return recalled
        try:
            answer = await self._api.call("users.info", {"user": user.id}, _FETCH_TIMEOUT, max_wait=0.0)
        except DeliveryError as error:
            log.warning("users.info: %s", error.reason)
            return user
        user_info = answer.get("user") or {}
        admin = any(user_info.get(flag) is True for flag in ("is_admin", "is_owner", "is_primary_owner"))
        self._cached_users[workspace, user.id] = _CachedUser(
            admin, user_info.get("tz") or None, self._clock()
        )
        self._cached_users.move_to_end((workspace, user.id))
        if len(self._cached_users) > _MAX_USERS:
            self._cached_users.popitem(last=False)
        return replace(user, is_admin=admin, timezone=user_info.get("tz") or None)
