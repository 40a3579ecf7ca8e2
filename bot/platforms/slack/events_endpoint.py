"""`/slack/events`: only what Slack signed comes in, and what is hostile is turned away at once."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from urllib.parse import parse_qs

from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import Clock, SignatureVerifier

log = logging.getLogger(__name__)

_MAX_BODY_BYTES = 1 << 20
_TIMESTAMP_PATTERN = re.compile(r"[0-9]{1,12}", re.ASCII)
_SIGNATURE_PATTERN = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)
_NO_RETRY_HEADERS = {"X-Slack-No-Retry": "1"}


class _SignatureClock(Clock):
    """The bot's clock for Slack's own check of a signature."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def now(self) -> float:
        return self._now().timestamp()


class EventsEndpoint:
    """The HTTP side of an app, in front of bolt, which answers 500 to half of what is refused here.

    Args:
        now: the clock; a request signed more than five minutes from it is refused.
        patience: seconds that a body may take to arrive; Slack waits three for the whole.
    """

    def __init__(
        self, app: AsyncApp, signing_secret: str, now: Callable[[], datetime], body_timeout: float = 3.0
    ) -> None:
        self._app = app
        self._body_timeout = body_timeout
        self._verifier = SignatureVerifier(signing_secret, _SignatureClock(now))

    async def handle(self, request: web.Request) -> web.Response:
        """One request from Slack: 413 too long, 408 too slow, 401 not signed, 400 not readable, else the
        app's answer."""
        if (request.content_length or 0) > _MAX_BODY_BYTES:
            raise web.HTTPRequestEntityTooLarge(
                _MAX_BODY_BYTES, request.content_length or 0, headers=_NO_RETRY_HEADERS
            )
        try:
            async with asyncio.timeout(self._body_timeout):
                body = (await request.read()).decode()
        except TimeoutError:
            return _build_rejection(408)
        except (UnicodeDecodeError, ConnectionError):  # no signature can be made of it, or nobody is there
            return _build_rejection(400)
        if body == "ssl_check=1" or body.startswith("ssl_check=1&") or body.endswith("&ssl_check=1"):
            return web.Response()
        if not self._is_signed(request, body):
            return _build_rejection(401)
        if not _is_parseable(body, request.content_type):
            return _build_rejection(400)
        return await self._dispatch(body, request)

    def _is_signed(self, request: web.Request, body: str) -> bool:
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not _TIMESTAMP_PATTERN.fullmatch(timestamp) or not _SIGNATURE_PATTERN.fullmatch(signature):
            return False
        return bool(self._verifier.is_valid(body, timestamp, signature))

    async def _dispatch(self, body: str, request: web.Request) -> web.Response:
        """What the app answers; bolt chokes on payloads that Slack never sends, which is then a 400."""
        try:
            headers: dict[str, str | Sequence[str]] = {
                "content-type": request.headers.get("Content-Type", "")
            }
            response = await self._app.async_dispatch(AsyncBoltRequest(body=body, headers=headers))
        except Exception:
            log.exception("a signed request could not be read")
            return _build_rejection(400)
        if response.status >= 500:
            return _build_rejection(400)
        kind = "application/json" if response.body.startswith("{") else "text/plain"
        return web.Response(status=response.status, text=response.body, content_type=kind)


def _is_parseable(body: str, content_type: str) -> bool:
    """Whether it is what Slack sends: a JSON object, or a form whose payload is one."""
    try:
        if content_type == "application/json" or body.startswith("{"):
            return isinstance(json.loads(body), dict)
        form = parse_qs(body, max_num_fields=100)
        payload = form.get("payload")
        return bool(form) if payload is None else isinstance(json.loads(payload[0]), dict)
    except (ValueError, RecursionError):  # neither JSON nor a form of a sane size
        return False


def _build_rejection(status: int) -> web.Response:
    return web.Response(status=status, headers=_NO_RETRY_HEADERS)
