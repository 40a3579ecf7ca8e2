"""The app's own place in Slack: the menu on its Home tab, and four questions to begin with under Messages."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from bot.errors import DeliveryError
from bot.messaging.action import Action
from bot.messaging.reply import Reply
from bot.messaging.request import Origin, Request, User
from bot.platforms.slack.api import SlackApi
from bot.platforms.slack.background_tasks import BackgroundTasks
from bot.platforms.slack.blocks import render_blocks
from bot.service import Service

log = logging.getLogger(__name__)

SUGGESTED_PROMPTS = ("prompt.doctorate", "prompt.compare", "prompt.leaving", "prompt.browse")


class AppHome:
    """Shows both whenever somebody opens them."""

    def __init__(
        self, api: SlackApi, service: Service, background_tasks: BackgroundTasks, now: Callable[[], datetime]
    ) -> None:
        self._api = api
        self._service = service
        self._background_tasks = background_tasks
        self._now = now

    def handle_opened(self, event: dict[str, Any]) -> None:
        """Answer `app_home_opened` in a job."""
        if event.get("tab") == "messages":
            self._background_tasks.start(partial(self._set_suggested_prompts, str(event["channel"])))
        else:
            self._background_tasks.start(partial(self._publish_menu, str(event["user"])))

    async def _publish_menu(self, user: str) -> None:
        origin = Origin("slack", "", "", is_direct=True)
        request = Request(User(user, ""), origin, Action("help"), self._now(), f"home.{user}")
        menu = self._service.respond(request)
        assert isinstance(menu, Reply)
        await self._call_api(
            "views.publish", {"user_id": user, "view": {"type": "home", "blocks": render_blocks(menu)}}
        )

    async def _set_suggested_prompts(self, channel: str) -> None:
        """Without a thread_ts, with which Slack takes the prompts and shows none."""
        texts = self._service.context.strings
        prompts = [
            {"title": texts.get_text(f"{key}.title"), "message": texts.get_text(f"{key}.says")}
            for key in SUGGESTED_PROMPTS
        ]
        await self._call_api(
            "assistant.threads.setSuggestedPrompts", {"channel_id": channel, "prompts": prompts}
        )

    async def _call_api(self, method: str, payload: dict[str, Any]) -> None:
        try:
            await self._api.call(method, payload)
        except DeliveryError as error:  # nobody waits for it
            log.warning("%s: %s", method, error.reason)
