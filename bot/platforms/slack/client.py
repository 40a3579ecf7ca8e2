"""The one way to Slack: one client, one session, and nothing sent twice by a library."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from aiohttp import ClientSession, ClientTimeout
from slack_sdk.web.async_client import AsyncWebClient

_DEFAULT_TIMEOUT = 30.0  # seconds for whatever sets no limit of its own


@dataclass(frozen=True, slots=True)
class SlackCredentials:
    """How to reach Slack: the settings by the same names."""

    bot_token: str = field(repr=False)
    app_token: str | None = field(repr=False)
    signing_secret: str | None = field(repr=False)
    api_url: str


class SlackClient:
    """Holds the session that every call shares; opened by the first call, closed by `close`."""

    def __init__(self, credentials: SlackCredentials) -> None:
        self.credentials = credentials
        # Left alone the SDK repeats a POST whose answer was lost, and the message stands twice.
        self._web_client = AsyncWebClient(
            credentials.bot_token,
            base_url=credentials.api_url,
            proxy=find_proxy(credentials.api_url),
            retry_handlers=[],
            logger=build_library_logger(),
        )
        self._web_client.proxy = find_proxy(credentials.api_url)  # the constructor does not know NO_PROXY

    @property
    def session(self) -> ClientSession:
        """The session; needs a running loop, since aiohttp binds it to one."""
        return self._ensure_session()

    @property
    def web_client(self) -> AsyncWebClient:
        """The Web API over the shared session."""
        self._ensure_session()
        return self._web_client

    def _ensure_session(self) -> ClientSession:
        """Return the open session, or a new one; without one the SDK connects anew for each call."""
        if self._web_client.session is None or self._web_client.session.closed:
            self._web_client.session = ClientSession(timeout=ClientTimeout(total=_DEFAULT_TIMEOUT))
        return self._web_client.session

    async def close(self) -> None:
        """Let go of the connections."""
        if self._web_client.session is not None:
            await self._web_client.session.close()


def find_proxy(url: str) -> str | None:
    """The proxy of the environment for this address; none for what NO_PROXY names and for this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.startswith("127.") or host == "::1" or proxy_bypass(host):
        return None
    return getproxies().get(urlsplit(url).scheme.replace("ws", "http"))


def build_library_logger() -> logging.Logger:
    """A logger for Slack's libraries: below errors they write whole bodies, which are people's words."""
    logger = logging.getLogger("bot.platforms.slack.library")
    logger.setLevel(logging.ERROR)
    return logger


def build_socket_logger() -> logging.Logger:
    """A logger for the library's socket, which tells of every attempt; we tell when Slack goes and comes."""
    logger = logging.getLogger("bot.platforms.slack.library.socket")
    logger.setLevel(logging.CRITICAL)
    return logger
