"""What can be wrong between the bot and Slack."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial
from typing import Any

from aiohttp import ClientError

from bot.dialogue.access import Access as Seen
from bot.dialogue.access import Outlet
from bot.platforms.checkup import PATIENCE, Finding, Outlets, clock, looked_at
from bot.platforms.slack.calls import Calls
from bot.platforms.slack.channels import access
from bot.platforms.slack.manifest import SCOPES
from bot.platforms.slack.wire import Access, Wire, proxy_for

_FROM = "copy it from api.slack.com/apps, your app"
_AGAIN = "install the app again from the manifest: career-bot manifest slack"


async def checkup(access: Access, now: datetime, outlets: Outlets) -> AsyncIterator[Finding]:
    """Look at the tokens, the scopes, the way to Slack and the channels that get tips."""
    wire = Wire(access)
    try:
        answer, date, scopes = await _asked(wire, "auth.test", access.bot_token)
        if isinstance(answer, Finding):
            yield answer
            return
        if (told := clock("Slack's clock", date, now)) is not None:
            yield told
        yield _token(answer)
        if answer.get("ok"):
            yield _scopes(scopes)
        yield await _way_in(wire)
        if answer.get("ok"):
            for finding in await looked_at("Slack", outlets, partial(_look, Calls(wire))):
                yield finding
    finally:
        await wire.close()


async def _look(calls: Calls, outlet: Outlet) -> Seen | None:
    return await access(calls, outlet.channel, PATIENCE)


def _token(answer: dict[str, Any]) -> Finding:
    if answer.get("ok"):
        return Finding("SLACK_BOT_TOKEN", f"{answer.get('user')} in {answer.get('team')}")
    mend = f"{_FROM}, under OAuth & Permissions, Bot User OAuth Token"
    return Finding("SLACK_BOT_TOKEN", f"Slack refuses it ({answer.get('error')})", mend)


def _scopes(granted: str | None) -> Finding:
    if granted is None:
        return Finding("Slack scopes", "this Slack does not tell them")
    missing = [scope for scope in SCOPES if scope not in {one.strip() for one in granted.split(",")}]
    if not missing:
        return Finding("Slack scopes", f"all {len(SCOPES)} that are needed")
    needed = "; ".join(f"{scope} (for {SCOPES[scope]})" for scope in missing)
    return Finding("Slack scopes", f"missing {needed}", _AGAIN)


async def _way_in(wire: Wire) -> Finding:
    """How Slack's events get here."""
    if wire.access.app_token is None:
        return Finding(
            "SLACK_SIGNING_SECRET", "set; Slack tells whether it fits when you save the request URL"
        )
    answer, _, _ = await _asked(wire, "apps.connections.open", wire.access.app_token)
    if isinstance(answer, Finding):
        return answer
    if answer.get("ok"):
        return Finding("SLACK_APP_TOKEN", "Socket Mode opens")
    mend = f"{_FROM}, under Basic Information, App-Level Tokens, with the scope connections:write"
    return Finding("SLACK_APP_TOKEN", f"Slack refuses it ({answer.get('error')})", mend)


async def _asked(
    wire: Wire, method: str, token: str
) -> tuple[dict[str, Any] | Finding, str | None, str | None]:
    """A method's answer, the server's date and the token's scopes; or what is wrong with the way there."""
    url = wire.access.api_url + method
    headers = {"Authorization": f"Bearer {token}"}
    try:
        async with wire.session.post(url, headers=headers, proxy=proxy_for(url)) as response:
            answer = await response.json(content_type=None)
            said = answer if isinstance(answer, dict) else {"error": f"status {response.status}"}
            return said, response.headers.get("Date"), response.headers.get("X-OAuth-Scopes")
    except (ClientError, OSError, TimeoutError, ValueError) as error:
        mend = "check SLACK_API_URL, and that this machine may reach it (firewall, proxy, DNS)"
        return Finding("Slack", f"{url} does not answer ({type(error).__name__})", mend), None, None
