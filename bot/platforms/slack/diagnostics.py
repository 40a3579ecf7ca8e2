"""What can be wrong between the bot and Slack."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial
from typing import Any

from aiohttp import ClientError

from bot.messaging.channel_access import ChannelAccess as Seen
from bot.messaging.channel_access import ChannelRef
from bot.platforms.diagnostics import (
    CHANNEL_CHECK_TIMEOUT,
    CheckResult,
    TipChannels,
    check_channels,
    check_clock,
)
from bot.platforms.slack.api import SlackApi
from bot.platforms.slack.app_manifest import BOT_SCOPES
from bot.platforms.slack.channels import check_channel_access
from bot.platforms.slack.client import SlackClient, SlackCredentials, find_proxy

_COPY_FIX = "copy it from api.slack.com/apps, your app"
_REINSTALL_FIX = "install the app again from the manifest: career-bot manifest slack"


async def run_diagnostics(
    credentials: SlackCredentials, now: datetime, tip_channels: TipChannels
) -> AsyncIterator[CheckResult]:
    """Look at the tokens, the scopes, the way to Slack and the channels that get tips."""
    wire = SlackClient(credentials)
    try:
        answer, date, scopes = await _call_method(wire, "auth.test", credentials.bot_token)
        if isinstance(answer, CheckResult):
            yield answer
            return
        if (clock_result := check_clock("Slack's clock", date, now)) is not None:
            yield clock_result
        yield _check_token(answer)
        if answer.get("ok"):
            yield _check_scopes(scopes)
        yield await _check_event_transport(wire)
        if answer.get("ok"):
            for finding in await check_channels(
                "Slack", tip_channels, partial(_check_channel, SlackApi(wire))
            ):
                yield finding
    finally:
        await wire.close()


async def _check_channel(api: SlackApi, channel_ref: ChannelRef) -> Seen | None:
    return await check_channel_access(api, channel_ref.channel, CHANNEL_CHECK_TIMEOUT)


def _check_token(answer: dict[str, Any]) -> CheckResult:
    if answer.get("ok"):
        return CheckResult("SLACK_BOT_TOKEN", f"{answer.get('user')} in {answer.get('team')}")
    mend = f"{_COPY_FIX}, under OAuth & Permissions, Bot User OAuth Token"
    return CheckResult("SLACK_BOT_TOKEN", f"Slack refuses it ({answer.get('error')})", mend)


def _check_scopes(granted: str | None) -> CheckResult:
    if granted is None:
        return CheckResult("Slack scopes", "this Slack does not tell them")
    missing = [
        scope
        for scope in BOT_SCOPES
        if scope not in {granted_scope.strip() for granted_scope in granted.split(",")}
    ]
    if not missing:
        return CheckResult("Slack scopes", f"all {len(BOT_SCOPES)} that are needed")
    needed = "; ".join(f"{scope} (for {BOT_SCOPES[scope]})" for scope in missing)
    return CheckResult("Slack scopes", f"missing {needed}", _REINSTALL_FIX)


async def _check_event_transport(client: SlackClient) -> CheckResult:
    """How Slack's events get here."""
    if client.credentials.app_token is None:
        return CheckResult(
            "SLACK_SIGNING_SECRET", "set; Slack tells whether it fits when you save the request URL"
        )
    answer, _, _ = await _call_method(client, "apps.connections.open", client.credentials.app_token)
    if isinstance(answer, CheckResult):
        return answer
    if answer.get("ok"):
        return CheckResult("SLACK_APP_TOKEN", "Socket Mode opens")
    mend = f"{_COPY_FIX}, under Basic Information, App-Level Tokens, with the scope connections:write"
    return CheckResult("SLACK_APP_TOKEN", f"Slack refuses it ({answer.get('error')})", mend)


async def _call_method(
    client: SlackClient, method: str, token: str
) -> tuple[dict[str, Any] | CheckResult, str | None, str | None]:
    """A method's answer, the server's date and the token's scopes; or what is wrong with the way there."""
    url = client.credentials.api_url + method
    headers = {"Authorization": f"Bearer {token}"}
    try:
        async with client.session.post(url, headers=headers, proxy=find_proxy(url)) as response:
            answer = await response.json(content_type=None)
            fields = answer if isinstance(answer, dict) else {"error": f"status {response.status}"}
            return fields, response.headers.get("Date"), response.headers.get("X-OAuth-Scopes")
    except (ClientError, OSError, TimeoutError, ValueError) as error:
        mend = "check SLACK_API_URL, and that this machine may reach it (firewall, proxy, DNS)"
        return CheckResult("Slack", f"{url} does not answer ({type(error).__name__})", mend), None, None
