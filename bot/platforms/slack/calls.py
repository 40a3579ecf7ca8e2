"""Single calls to Slack: each sent once, in a time, and every way to fail is a `NotSent`."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from typing import Any

from aiohttp import ClientConnectorError, ClientError
from slack_sdk.errors import SlackApiError

from bot.errors import NotSent
from bot.platforms.slack.wire import Wire, proxy_for

log = logging.getLogger(__name__)

LIMIT = 1.7  # seconds; somebody is waiting, and after it a sentence must still come within three
_PATIENCE = 30.0  # seconds; the longest that a rate limit is waited for
_TRIES = 3
_MAYBE_SENT = {"internal_error", "fatal_error", "service_unavailable", "request_timeout"}
_READS = {"users.info", "conversations.info", "chat.getPermalink", "auth.test"}  # take no JSON

Payload = Mapping[str, Any]


class Calls:
    """The Web API and response_urls, over one wire."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._free_at: dict[str, float] = {}  # by method, on the monotonic clock

    async def api(
        self, method: str, payload: Payload, limit: float = LIMIT, patience: float = _PATIENCE
    ) -> dict[str, Any]:
        """Call a method of the Web API.

        A rate limit is waited for as long as Slack says and then tried again, since nothing was sent;
        anything else is not repeated, since it may have been.

        Args:
            patience: seconds; a rate limit that lasts longer is the caller's to wait for. Without any, one
                that is known already is too: Slack says again how long.

        Raises:
            NotSent: when it did not work, or may not have.
        """
        for tries_left in reversed(range(_TRIES)):
            if patience:
                await asyncio.sleep(max(0.0, self._free_at.get(method, 0.0) - time.monotonic()))
            try:
                return await self._call(method, payload, limit)
            except NotSent as error:
                wait = error.retry_after
                if wait is None or wait > patience:
                    raise
                self._free_at[method] = time.monotonic() + wait
                if not tries_left:
                    raise
        raise AssertionError("the last try returns or raises")

    async def _call(self, method: str, payload: Payload, limit: float) -> dict[str, Any]:
        try:
            async with asyncio.timeout(limit):
                given = {"http_verb": "GET", "params": payload} if method in _READS else {"json": payload}
                response = await self._wire.client.api_call(method, **given)
        except SlackApiError as error:
            raise _refused(error) from error
        except TimeoutError as error:
            raise NotSent("timeout", maybe=True) from error
        except ClientConnectorError as error:
            raise NotSent("unreachable") from error
        except (
            ClientError,
            OSError,
            ValueError,
            AttributeError,
        ) as error:  # the SDK reads odd bodies by chance
            raise NotSent("lost", maybe=True) from error
        return dict(response.data) if isinstance(response.data, dict) else {}

    async def respond(self, url: str, payload: Payload, limit: float = LIMIT) -> None:
        """Post to a response_url, which Slack gave with the request.

        Raises:
            NotSent: when it is used up, too old, or did not work.
        """
        try:
            async with (
                asyncio.timeout(limit),
                self._wire.session.post(url, json=payload, proxy=proxy_for(url)) as response,
            ):
                said = await response.text()
                if response.status != 200 or '"ok":false' in said.replace(" ", ""):
                    raise NotSent(f"response_url {response.status}", maybe=response.status >= 500)
        except TimeoutError as error:
            raise NotSent("timeout", maybe=True) from error
        except ClientConnectorError as error:
            raise NotSent("unreachable") from error
        except (ClientError, OSError, ValueError) as error:
            raise NotSent("lost", maybe=True) from error


def _refused(error: SlackApiError) -> NotSent:
    """What Slack's refusal means; the SDK's error holds its own response or, for an odd body, aiohttp's."""
    response: Any = error.response
    status = int(getattr(response, "status_code", None) or getattr(response, "status", 0) or 0)
    data = getattr(response, "data", None)
    reason = str(data.get("error") or "") if isinstance(data, dict) else ""
    if status == 429 or reason in ("ratelimited", "rate_limited"):
        return NotSent("ratelimited", retry_after=_seconds(response))
    return NotSent(reason or f"status {status}", maybe=status >= 500 or reason in _MAYBE_SENT or not reason)


def _seconds(response: Any) -> float:
    headers = getattr(response, "headers", None) or {}
    told = next((value for name, value in headers.items() if name.lower() == "retry-after"), "1")
    told = told[0] if isinstance(told, list) else told
    return float(told) if str(told).isdigit() else 1.0
