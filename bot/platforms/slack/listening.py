"""What Slack may send, and which way each takes. Registered on the app; nothing is left without a listener.

An event that nobody listens to is answered 404, which Slack counts as a failure and sends again.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse

from bot.platforms.slack import payloads
from bot.platforms.slack.answering import Answers, acked
from bot.platforms.slack.home import Home
from bot.platforms.slack.opened import Opened

log = logging.getLogger(__name__)

EVENTS = ("app_mention", "message.im", "app_home_opened", "app_uninstalled", "tokens_revoked")
"""What the app subscribes to; the manifest is made from it."""

SHORTCUT = "ask_about_this"
"""The callback id of the message shortcut."""

_ANY = re.compile("")

Body = dict[str, Any]
Listener = Callable[..., Awaitable[BoltResponse]]


class Listening:
    """The listeners of one app.

    Args:
        now: the clock, aware, UTC.
    """

    def __init__(self, answers: Answers, home: Home, opened: Opened, now: Callable[[], datetime]) -> None:
        self._answers = answers
        self._opened = opened
        self._home = home
        self._now = now

    def register(self, app: AsyncApp) -> None:
        """Listen to everything."""
        app.command(_ANY)(self._safe(self._command))
        app.action(_ANY)(self._safe(self._click))
        app.view(_ANY)(self._safe(self._submission))
        app.view_closed(_ANY)(self._safe(_nothing))
        app.shortcut(_ANY)(self._safe(self._shortcut))
        app.options(_ANY)(self._safe(_nothing))
        app.event(_ANY)(self._safe(self._event))

    def _safe(self, take: Callable[[Body, str], Awaitable[BoltResponse]]) -> Listener:
        """A listener that never raises: bolt would lose the ack."""

        async def listener(body: Body, context: AsyncBoltContext) -> BoltResponse:
            try:
                return await take(body, str(context.team_id or context.enterprise_id or ""))
            except Exception as error:  # its text could hold what a person typed
                log.error("a payload could not be read: %s", type(error).__name__)
            return acked()

        return listener

    async def _command(self, body: Body, workspace: str) -> BoltResponse:
        return await self._answers.in_ack(payloads.command(body, workspace, self._now()))

    async def _click(self, body: Body, workspace: str) -> BoltResponse:
        arrived = payloads.click(body, workspace, self._now(), self._opened.is_own)
        self._answers.after_ack(arrived, pressed=True)
        return acked()

    async def _submission(self, body: Body, workspace: str) -> BoltResponse:
        self._answers.after_ack(payloads.submission(body, workspace, self._now()))
        return acked()

    async def _shortcut(self, body: Body, workspace: str) -> BoltResponse:
        self._answers.after_ack(payloads.shortcut(body, workspace, self._now()))
        return acked()

    async def _event(self, body: Body, workspace: str) -> BoltResponse:
        event = body["event"]
        direct = event.get("channel_type") == "im" or str(event.get("channel", "")).startswith("D")
        match event["type"]:
            case "app_mention" | "message" if event.get("bot_id") or event.get("subtype"):
                pass  # our own words, another bot's, or an edit
            case "app_mention" | "message" if direct:
                self._opened.add_own(str(event.get("channel")))
                self._answers.to_message(self._opened.told(payloads.direct(body, workspace, self._now())))
            case "app_mention":
                self._answers.to_message(self._opened.told(payloads.mention(body, workspace, self._now())))
            case "app_home_opened":
                self._home.opened(event)
            case "app_uninstalled":
                self._answers.uninstalled(workspace)
            case "tokens_revoked" if event["tokens"].get("bot"):  # a person's own token is no install
                self._answers.uninstalled(workspace)
            case _:
                pass
        return acked()


async def _nothing(_body: Body, _workspace: str) -> BoltResponse:
    return acked()
