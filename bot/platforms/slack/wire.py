"""The one way to Slack: one client, one session, and nothing sent twice by a library."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from aiohttp import ClientSession, ClientTimeout
from slack_sdk.web.async_client import AsyncWebClient

_LONGEST_CALL = 30.0  # seconds for whatever sets no limit of its own


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach Slack: the settings by the same names."""

    bot_token: str = field(repr=False)
    app_token: str | None = field(repr=False)
    signing_secret: str | None = field(repr=False)
    api_url: str


class Wire:
    """Holds the session that every call shares; opened by the first call, closed by `close`."""

    def __init__(self, access: Access) -> None:
        self.access = access
        # Left alone the SDK repeats a POST whose answer was lost, and the message stands twice.
        self._client = AsyncWebClient(
            access.bot_token,
            base_url=access.api_url,
            proxy=proxy_for(access.api_url),
            retry_handlers=[],
            logger=quiet(),
        )
        self._client.proxy = proxy_for(access.api_url)  # the constructor does not know NO_PROXY

    @property
    def session(self) -> ClientSession:
        """The session; needs a running loop."""
        if self._client.session is None or self._client.session.closed:
            self._client.session = ClientSession(timeout=ClientTimeout(total=_LONGEST_CALL))
        return self._client.session

    @property
    def client(self) -> AsyncWebClient:
        """The Web API over the shared session."""
        assert self.session
        return self._client

    async def close(self) -> None:
        """Let go of the connections."""
        if self._client.session is not None:
            await self._client.session.close()


def proxy_for(url: str) -> str | None:
    """The proxy of the environment for this address; none for what NO_PROXY names and for this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.startswith("127.") or host == "::1" or proxy_bypass(host):
        return None
    return getproxies().get(urlsplit(url).scheme.replace("ws", "http"))


def quiet() -> logging.Logger:
    """A logger for Slack's libraries: below errors they write whole bodies, which are people's words."""
    logger = logging.getLogger("bot.platforms.slack.library")
    logger.setLevel(logging.ERROR)
    return logger


def silent() -> logging.Logger:
    """A logger for the library's socket, which tells of every attempt; we tell when Slack goes and comes."""
    logger = logging.getLogger("bot.platforms.slack.library.socket")
    logger.setLevel(logging.CRITICAL)
    return logger
