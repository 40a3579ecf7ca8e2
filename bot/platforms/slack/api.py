"""Single calls to Slack: each sent once, in a time, and every way to fail is a `NotSent`."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from typing import Any

from aiohttp import ClientConnectorError, ClientError
from slack_sdk.errors import SlackApiError

from bot.errors import DeliveryError
from bot.platforms.slack.client import SlackClient, find_proxy
from bot.platforms.slack.failures import build_delivery_error

log = logging.getLogger(__name__)

CALL_TIMEOUT = 1.7  # seconds; somebody is waiting, and after it a sentence must still come within three
_MAX_RATE_LIMIT_WAIT = 30.0  # seconds; the longest that a rate limit is waited for
_MAX_ATTEMPTS = 3
_GET_METHODS = {"users.info", "conversations.info", "chat.getPermalink", "auth.test"}  # take no JSON

Payload = Mapping[str, Any]


class SlackApi:
    """The Web API and response_urls, over one wire."""

    def __init__(self, client: SlackClient) -> None:
        self._client = client
        self._next_allowed_at: dict[str, float] = {}  # by method, on the monotonic clock

    async def call(
        self,
        method: str,
        payload: Payload,
        timeout: float = CALL_TIMEOUT,
        max_wait: float = _MAX_RATE_LIMIT_WAIT,
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
        for tries_left in reversed(range(_MAX_ATTEMPTS)):
            if max_wait:
                await asyncio.sleep(max(0.0, self._next_allowed_at.get(method, 0.0) - time.monotonic()))
            try:
                return await self._call_once(method, payload, timeout)
            except DeliveryError as error:
                wait = error.retry_after
                if wait is None or wait > max_wait:
                    raise
                self._next_allowed_at[method] = time.monotonic() + wait
                if not tries_left:
                    raise
        raise AssertionError("the last try returns or raises")

    async def _call_once(self, method: str, payload: Payload, timeout: float) -> dict[str, Any]:
        try:
            async with asyncio.timeout(timeout):
                given = (
                    {"http_verb": "GET", "params": payload} if method in _GET_METHODS else {"json": payload}
                )
                response = await self._client.web_client.api_call(method, **given)
        except SlackApiError as error:
            raise _build_delivery_error(error) from error
        except TimeoutError as error:
            raise DeliveryError("timeout", possibly_delivered=True) from error
        except ClientConnectorError as error:
            raise DeliveryError("unreachable") from error
        except (
            ClientError,
            OSError,
            ValueError,
            AttributeError,
        ) as error:  # the SDK reads odd bodies by chance
            raise DeliveryError("lost", possibly_delivered=True) from error
        return dict(response.data) if isinstance(response.data, dict) else {}

    async def post_to_response_url(self, url: str, payload: Payload, timeout: float = CALL_TIMEOUT) -> None:
        """Post to a response_url, which Slack gave with the request.

        Raises:
            NotSent: when it is used up, too old, or did not work.
        """
        try:
            async with (
                asyncio.timeout(timeout),
                self._client.session.post(url, json=payload, proxy=find_proxy(url)) as response,
            ):
                body_text = await response.text()
                if response.status != 200 or '"ok":false' in body_text.replace(" ", ""):
                    raise DeliveryError(
                        f"response_url {response.status}", possibly_delivered=response.status >= 500
                    )
        except TimeoutError as error:
            raise DeliveryError("timeout", possibly_delivered=True) from error
        except ClientConnectorError as error:
            raise DeliveryError("unreachable") from error
        except (ClientError, OSError, ValueError) as error:
            raise DeliveryError("lost", possibly_delivered=True) from error


def _build_delivery_error(error: SlackApiError) -> DeliveryError:
    """What Slack's refusal means; the SDK's error holds its own response or, for an odd body, aiohttp's."""
    response: Any = error.response
    status = int(getattr(response, "status_code", None) or getattr(response, "status", 0) or 0)
    data = getattr(response, "data", None)
    reason = str(data.get("error") or "") if isinstance(data, dict) else ""
    if status == 429 or reason in ("ratelimited", "rate_limited"):
        return DeliveryError("ratelimited", retry_after=_parse_retry_after(response))
    return build_delivery_error(reason or f"status {status}", possibly_delivered=status >= 500 or not reason)


def _parse_retry_after(response: Any) -> float:
    headers = getattr(response, "headers", None) or {}
    retry_after = next((value for name, value in headers.items() if name.lower() == "retry-after"), "1")
    retry_after = retry_after[0] if isinstance(retry_after, list) else retry_after
    return float(retry_after) if str(retry_after).isdigit() else 1.0
