"""What Slack may send, and which way each takes. Registered on the app; nothing is left without a listener.

An event that nobody listens to is answered 404, which Slack counts as a failure and sends again.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse

from bot.platforms.slack import parse
from bot.platforms.slack.app_home import AppHome
from bot.platforms.slack.conversation_registry import ConversationRegistry
from bot.platforms.slack.handler import SlackHandler, build_ack

SUBSCRIBED_EVENTS = ("app_mention", "message.im", "app_home_opened", "app_uninstalled", "tokens_revoked")
"""What the app subscribes to; the manifest is made from it."""

SHORTCUT_CALLBACK_ID = "ask_about_this"
"""The callback id of the message shortcut."""

_MATCH_ALL = re.compile("")

Body = dict[str, Any]
Listener = Callable[..., Awaitable[BoltResponse]]


class SlackListeners:
    """The listeners of one app.

    Args:
        now: the clock, aware, UTC.
    """

    def __init__(
        self,
        handler: SlackHandler,
        app_home: AppHome,
        conversations: ConversationRegistry,
        now: Callable[[], datetime],
    ) -> None:
        self._handler = handler
        self._conversations = conversations
        self._app_home = app_home
        self._now = now

    def register(self, app: AsyncApp) -> None:
        """Listen to everything."""
        app.command(_MATCH_ALL)(self._wrap_listener(self._on_command))
        app.action(_MATCH_ALL)(self._wrap_listener(self._on_click))
        app.view(_MATCH_ALL)(self._wrap_listener(self._on_submission))
        app.view_closed(_MATCH_ALL)(self._wrap_listener(_ignore_payload))
        app.shortcut(_MATCH_ALL)(self._wrap_listener(self._on_shortcut))
        app.options(_MATCH_ALL)(self._wrap_listener(_ignore_payload))
        app.event(_MATCH_ALL)(self._wrap_listener(self._on_event))

    def _wrap_listener(self, handle: Callable[[Body, str], Awaitable[BoltResponse]]) -> Listener:
        """Return a listener that never raises: bolt would lose the ack."""

        async def listener(body: Body, context: AsyncBoltContext) -> BoltResponse:
            workspace = str(context.team_id or context.enterprise_id or "")
            try:
                return await handle(body, workspace)
            except Exception as error:
                return self._handler.apologise_for_payload(body, workspace, self._now(), error)

        return listener

    async def _on_command(self, body: Body, workspace: str) -> BoltResponse:
        return await self._handler.respond_in_ack(parse.parse_command(body, workspace, self._now()))

    async def _on_click(self, body: Body, workspace: str) -> BoltResponse:
        arrived = parse.parse_click(body, workspace, self._now(), self._conversations.is_bot_dm)
        self._handler.respond_after_ack(arrived, is_click=True)
        return build_ack()

    async def _on_submission(self, body: Body, workspace: str) -> BoltResponse:
        self._handler.respond_after_ack(parse.parse_submission(body, workspace, self._now()))
        return build_ack()

    async def _on_shortcut(self, body: Body, workspace: str) -> BoltResponse:
        self._handler.respond_after_ack(parse.parse_shortcut(body, workspace, self._now()))
        return build_ack()

    async def _on_event(self, body: Body, workspace: str) -> BoltResponse:
        event = body["event"]
        direct = event.get("channel_type") == "im" or str(event.get("channel", "")).startswith("D")
        match event["type"]:
            case "app_mention" | "message" if event.get("bot_id") or event.get("subtype"):
                pass  # our own words, another bot's, or an edit
            case "app_mention" | "message" if direct:
                self._conversations.add_bot_dm(str(event.get("channel")))
                self._handler.respond_to_message(
                    self._conversations.mark_bot_thread(
                        parse.parse_direct_message(body, workspace, self._now())
                    )
                )
            case "app_mention":
                self._handler.respond_to_message(
                    self._conversations.mark_bot_thread(parse.parse_mention(body, workspace, self._now()))
                )
            case "app_home_opened":
                self._app_home.handle_opened(event)
            case "app_uninstalled":
                self._handler.handle_uninstall(workspace)
            case "tokens_revoked" if event["tokens"].get("bot"):  # a person's own token is no install
                self._handler.handle_uninstall(workspace)
            case _:
                pass
        return build_ack()


async def _ignore_payload(_body: Body, _workspace: str) -> BoltResponse:
    return build_ack()
