"""Slack as `app.py` runs it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot.platforms.answering import Answering
from bot.platforms.once import Once
from bot.platforms.slack.door import Door
from bot.platforms.slack.wire import Access, Wire, quiet
from bot.service import Service


class Slack:
    """One app on Slack: Socket Mode with an app token, else HTTP with a signing secret."""

    name = "Slack"

    def __init__(
        self,
        access: Access,
        service: Service,
        answering: Answering,
        once: Once,
        now: Callable[[], datetime],
    ) -> None:
        self._wire = Wire(access)
        self._service = service
        self._answering = answering
        self._once = once
        self._now = now
        self._app = AsyncApp(
            name="career-bot",
            logger=quiet(),
            process_before_response=True,
            authorize=_authorized(access.bot_token),
            request_verification_enabled=False,  # the door does it, and cleanly
        )

    @property
    def connected(self) -> bool:
        """Whether Slack's requests reach us."""
        return True

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """`/slack/events`, unless Socket Mode is used."""
        access = self._wire.access
        if access.app_token is not None or access.signing_secret is None:
            return ()
        return (web.post("/slack/events", Door(self._app, access.signing_secret, self._now).enter),)

    async def run(self) -> None:
        """Hold the connection open."""
        await asyncio.Event().wait()

    async def close(self) -> None:
        """Finish what is in flight."""
        await self._wire.close()


def _authorized(token: str) -> Callable[..., Awaitable[AuthorizeResult]]:
    """One workspace, one token: nothing to look up, so that no request waits for Slack before its ack."""

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=token)

    return authorize
