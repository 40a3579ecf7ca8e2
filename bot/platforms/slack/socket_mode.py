"""Socket Mode: keeps one connection to Slack, and builds a new one whenever the library's has died on it."""

from __future__ import annotations

import asyncio
import logging

from aiohttp import ClientError
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.platforms.slack.background_tasks import BackgroundTasks
from bot.platforms.slack.client import SlackClient, build_socket_logger, find_proxy

log = logging.getLogger(__name__)

_CONNECT_TIMEOUT = 10.0  # seconds for one attempt
_POLL_INTERVAL = 1.0  # seconds between two looks at the connection
_RECOVERY_TIMEOUT = 3.0  # seconds that the library gets to mend its connection itself
_RETRY_DELAYS = (1.0, 2.0, 5.0, 8.0)  # seconds between two attempts


class _TrackedSocketModeHandler(AsyncSocketModeHandler):
    """Bolt's handler, whose requests are waited for when the bot stops."""

    def __init__(
        self, app: AsyncApp, app_token: str, slack_client: SlackClient, background_tasks: BackgroundTasks
    ) -> None:
        super().__init__(app, app_token, logger=build_socket_logger(), web_client=slack_client.web_client)
        self._background_tasks = background_tasks
        self.client.proxy = find_proxy(slack_client.credentials.api_url)

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        with self._background_tasks.track_current_task():
            await super().handle(client, req)


class SocketModeConnection:
    """One Socket Mode connection after the other, for ever.

    Attributes:
        connected: whether Slack can reach us now.
    """

    def __init__(
        self, app: AsyncApp, app_token: str, client: SlackClient, background_tasks: BackgroundTasks
    ) -> None:
        self._background_tasks = background_tasks
        self._app = app
        self._app_token = app_token
        self._client = client
        self._handler: _TrackedSocketModeHandler | None = None
        self.is_connected = False

    async def run(self) -> None:
        """Stay connected until cancelled; say once when Slack is away, and once when it is back."""
        failures, logged_problem = 0, ""
        while True:
            problem = await self._connect()
            if problem is None:
                log.warning("Slack is back") if logged_problem else log.info("Slack is connected")
                failures, logged_problem = 0, ""
                await self._wait_until_dead()
                problem = "the connection was lost"
            if problem != logged_problem:
                log.warning("Slack cannot be reached by Socket Mode (%s); trying until it can", problem)
                logged_problem = problem
            await self.close()
            await asyncio.sleep(_RETRY_DELAYS[min(failures, len(_RETRY_DELAYS) - 1)])
            failures += 1

    async def _connect(self) -> str | None:
        """Connect; what is in the way, None when nothing is.

        The library would try one address for ever, also after Slack has forgotten it; so each attempt of ours
        asks for an address of its own and is given up after ten seconds.
        """
        handler = _TrackedSocketModeHandler(self._app, self._app_token, self._client, self._background_tasks)
        self._handler = handler
        try:
            async with asyncio.timeout(_CONNECT_TIMEOUT):
                handler.client.wss_uri = await handler.client.issue_new_wss_url()
                await handler.client.connect()  # type: ignore[no-untyped-call]
        except SlackApiError as error:
            return (
                str(error.response.get("error", "refused")) if hasattr(error.response, "get") else "refused"
            )
        except (ClientError, OSError, TimeoutError, ValueError, KeyError, AttributeError) as error:
            return type(error).__name__
        self.is_connected = True
        return None

    async def _wait_until_dead(self) -> None:
        """Return when the connection has been dead for longer than the library needs to mend it."""
        assert self._handler is not None
        dead = 0.0
        while dead < _RECOVERY_TIMEOUT:
            await asyncio.sleep(_POLL_INTERVAL)
            self.is_connected = await self._handler.client.is_connected()
            dead = 0.0 if self.is_connected else dead + _POLL_INTERVAL

    async def close(self) -> None:
        """Let go of the connection."""
        self.is_connected = False
        if self._handler is not None:
            handler, self._handler = self._handler, None
            await handler.client.close()  # type: ignore[no-untyped-call]
