"""Slack as `app.py` runs it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot.dialogue.delivery import Delivery, Pace
from bot.platforms.answering import Answering
from bot.platforms.once import Once
from bot.platforms.slack.answering import Answers
from bot.platforms.slack.calls import Calls
from bot.platforms.slack.door import Door
from bot.platforms.slack.home import Home
from bot.platforms.slack.listening import Listening
from bot.platforms.slack.looking import Looking
from bot.platforms.slack.message import message
from bot.platforms.slack.opened import Opened
from bot.platforms.slack.posting import Posting
from bot.platforms.slack.socket import Socket
from bot.platforms.slack.ways import named
from bot.platforms.slack.wire import Access, Wire, quiet
from bot.platforms.slack.work import Work
from bot.service import Service

_UNASKED = 10.0  # seconds; nobody waits for it, and a lost answer leaves a tip in doubt


class Slack:
    """One app on Slack: Socket Mode with an app token, else HTTP with a signing secret."""

    name = "Slack"
    pace = Pace(channel=1.0, workspace=0.25)  # Slack takes some hundred a minute from one workspace

    def __init__(
        self,
        access: Access,
        service: Service,
        answering: Answering,
        once: Once,
        now: Callable[[], datetime],
    ) -> None:
        self._wire = Wire(access)
        self._work = Work()
        self._now = now
        self._calls = calls = Calls(self._wire)
        opened = Opened()
        self.app = _app(access)
        answers = Answers(
            service=service,
            answering=answering,
            once=once,
            looking=Looking(calls),
            posting=Posting(calls, service, opened),
            work=self._work,
        )
        Listening(answers, Home(calls, service, self._work, now), opened, now).register(self.app)
        self._socket = (
            Socket(self.app, access.app_token, self._wire, self._work) if access.app_token else None
        )

    @property
    def connected(self) -> bool:
        """Whether Slack's requests reach us; over HTTP that is Slack's to know."""
        return self._socket is None or self._socket.connected

    @property
    def ready(self) -> bool:
        """Sending needs no connection of its own."""
        return True

    @property
    def standing_by(self) -> bool:
        """Never: Slack spreads what happens over all connections, so any number of processes serve it."""
        return False

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """`/slack/events`, unless Socket Mode is used."""
        secret = self._wire.access.signing_secret
        if self._socket is not None or secret is None:
            return ()
        return (web.post("/slack/events", Door(self.app, secret, self._now).enter),)

    async def run(self) -> None:
        """Hold the connection open; over HTTP there is none."""
        if self._socket is not None:
            await self._socket.run()
        await asyncio.Event().wait()

    async def deliver(self, delivery: Delivery) -> str:
        """Send an unasked message, once; its timestamp, which is its name in Slack.

        Raises:
            NotSent: when Slack did not take it, or may not have.
        """
        own = named(delivery.key) if delivery.direct else None
        payload = {"channel": delivery.channel, **message(delivery.reply, own)}
        told = await self._calls.api("chat.postMessage", payload, _UNASKED, patience=0.0)
        return str(told.get("ts"))

    async def finish(self) -> None:
        """Wait for what is in flight."""
        await self._work.finish()

    async def close(self) -> None:
        """Finish what is in flight, then hang up."""
        await self.finish()
        if self._socket is not None:
            await self._socket.close()
        await self._wire.close()


def _app(access: Access) -> AsyncApp:
    return AsyncApp(
        name="career-bot",
        logger=quiet(),
        process_before_response=True,  # the ack is the answer; without it bolt looks for acks every 10 ms
        authorize=_authorized(access.bot_token),
        request_verification_enabled=False,  # the door does it, and cleanly
        ssl_check_enabled=False,  # so does it that
        ignoring_self_events_enabled=False,  # nothing of a bot's is answered, ours included
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )


def _authorized(token: str) -> Callable[..., Awaitable[AuthorizeResult]]:
    """One workspace, one token: nothing to look up, so that no request waits for Slack before its ack."""

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=token)

    return authorize
