"""Slack as `app.py` runs it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial

from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot.messaging.delivery import Delivery, SendIntervals
from bot.platforms.deduplicator import Deduplicator
from bot.platforms.request_runner import RequestRunner
from bot.platforms.slack.api import SlackApi
from bot.platforms.slack.app_home import AppHome
from bot.platforms.slack.background_tasks import BackgroundTasks
from bot.platforms.slack.client import SlackClient, SlackCredentials, build_library_logger
from bot.platforms.slack.conversation_registry import ConversationRegistry
from bot.platforms.slack.enricher import RequestEnricher
from bot.platforms.slack.events_endpoint import EventsEndpoint
from bot.platforms.slack.handler import SlackHandler
from bot.platforms.slack.listeners import SlackListeners
from bot.platforms.slack.message import build_message
from bot.platforms.slack.reply_port import SlackReplyPort
from bot.platforms.slack.reply_routes import hash_message_key
from bot.platforms.slack.socket_mode import SocketModeConnection
from bot.service import Service

_SEND_TIMEOUT = 10.0  # seconds; nobody waits for it, and a lost answer leaves a tip in doubt


class SlackPlatform:
    """One app on Slack: Socket Mode with an app token, else HTTP with a signing secret."""

    name = "Slack"
    send_intervals = SendIntervals(
        channel=1.0, workspace=0.25
    )  # Slack takes some hundred a minute from one workspace

    def __init__(
        self,
        credentials: SlackCredentials,
        service: Service,
        request_runner: RequestRunner,
        deduplicator: Deduplicator,
        now: Callable[[], datetime],
    ) -> None:
        self._client = SlackClient(credentials)
        self._background_tasks = BackgroundTasks()
        self._now = now
        self._api = calls = SlackApi(self._client)
        opened = ConversationRegistry()
        enricher = RequestEnricher(calls)
        self.bolt_app = _build_bolt_app(credentials)
        answers = SlackHandler(
            service=service,
            request_runner=request_runner,
            deduplicator=deduplicator,
            enricher=enricher,
            build_port=partial(SlackReplyPort, calls, service, opened, enricher),
            background_tasks=self._background_tasks,
        )
        SlackListeners(answers, AppHome(calls, service, self._background_tasks, now), opened, now).register(
            self.bolt_app
        )
        self._socket_mode = (
            SocketModeConnection(self.bolt_app, credentials.app_token, self._client, self._background_tasks)
            if credentials.app_token
            else None
        )

    @property
    def is_connected(self) -> bool:
        """Whether Slack's requests reach us; over HTTP that is Slack's to know."""
        return self._socket_mode is None or self._socket_mode.is_connected

    @property
    def can_send(self) -> bool:
        """Sending needs no connection of its own."""
        return True

    @property
    def is_standby(self) -> bool:
        """Never: Slack spreads what happens over all connections, so any number of processes serve it."""
        return False

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """`/slack/events`, unless Socket Mode is used."""
        secret = self._client.credentials.signing_secret
        if self._socket_mode is not None or secret is None:
            return ()
        return (web.post("/slack/events", EventsEndpoint(self.bolt_app, secret, self._now).handle),)

    async def run(self) -> None:
        """Hold the connection open; over HTTP there is none."""
        if self._socket_mode is not None:
            await self._socket_mode.run()
        await asyncio.Event().wait()

    async def deliver(self, delivery: Delivery) -> str:
        """Send an unasked message, once; its timestamp, which is its name in Slack.

        Raises:
            NotSent: when Slack did not take it, or may not have.
        """
        own = hash_message_key(delivery.idempotency_key) if delivery.is_direct else None
        payload = {"channel": delivery.channel, **build_message(delivery.reply, own)}
        response = await self._api.call("chat.postMessage", payload, _SEND_TIMEOUT, max_wait=0.0)
        return str(response.get("ts"))

    async def drain(self) -> None:
        """Wait for what is in flight."""
        await self._background_tasks.drain()

    async def close(self) -> None:
        """Finish what is in flight, then hang up."""
        await self.drain()
        if self._socket_mode is not None:
            await self._socket_mode.close()
        await self._client.close()


def _build_bolt_app(credentials: SlackCredentials) -> AsyncApp:
    return AsyncApp(
        name="career-bot",
        logger=build_library_logger(),
        process_before_response=True,  # the ack is the answer; without it bolt looks for acks every 10 ms
        authorize=_build_authorize(credentials.bot_token),
        request_verification_enabled=False,  # the door does it, and cleanly
        ssl_check_enabled=False,  # so does it that
        ignoring_self_events_enabled=False,  # nothing of a bot's is answered, ours included
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )


def _build_authorize(token: str) -> Callable[..., Awaitable[AuthorizeResult]]:
    """One workspace, one token: nothing to look up, so that no request waits for Slack before its ack."""

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=token)

    return authorize
