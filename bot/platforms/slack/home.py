"""The app's own place in Slack: the menu on its Home tab, and four questions to begin with under Messages."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from bot.dialogue.action import Action
from bot.dialogue.reply import Reply
from bot.dialogue.request import Origin, Request, User
from bot.errors import NotSent
from bot.platforms.slack.blocks import blocks
from bot.platforms.slack.calls import Calls
from bot.platforms.slack.work import Work
from bot.service import Service

log = logging.getLogger(__name__)

PROMPTS = ("prompt.doctorate", "prompt.compare", "prompt.leaving", "prompt.browse")


class Home:
    """Shows both whenever somebody opens them."""

    def __init__(self, calls: Calls, service: Service, work: Work, now: Callable[[], datetime]) -> None:
        self._calls = calls
        self._service = service
        self._work = work
        self._now = now

    def opened(self, event: dict[str, Any]) -> None:
        """Answer `app_home_opened` in a job."""
        if event.get("tab") == "messages":
            self._work.start(partial(self._prompt, str(event["channel"])))
        else:
            self._work.start(partial(self._menu, str(event["user"])))

    async def _menu(self, user: str) -> None:
        origin = Origin("slack", "", "", direct=True)
        request = Request(User(user, ""), origin, Action("help"), self._now(), f"home.{user}")
        menu = self._service.respond(request)
        assert isinstance(menu, Reply)
        await self._call("views.publish", {"user_id": user, "view": {"type": "home", "blocks": blocks(menu)}})

    async def _prompt(self, channel: str) -> None:
        """Without a thread_ts, with which Slack takes the prompts and shows none."""
        texts = self._service.context.texts
        prompts = [
            {"title": texts.words(f"{key}.title"), "message": texts.words(f"{key}.says")} for key in PROMPTS
        ]
        await self._call("assistant.threads.setSuggestedPrompts", {"channel_id": channel, "prompts": prompts})

    async def _call(self, method: str, payload: dict[str, Any]) -> None:
        try:
            await self._calls.api(method, payload)
        except NotSent as error:  # nobody waits for it
            log.warning("%s: %s", method, error.reason)
