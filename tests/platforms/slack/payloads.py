"""What Slack sends, in its own shapes."""

from __future__ import annotations

import hashlib
import hmac
import json
from itertools import count
from typing import Any
from urllib.parse import urlencode

Json = dict[str, Any]

SECRET = "shh"
_FORM_CONTENT_TYPE = "application/x-www-form-urlencoded"
_ID_NUMBERS = count(1)


def create_id() -> str:
    """An id that Slack would give once."""
    return f"1337.{next(_ID_NUMBERS)}"


def build_slash_command(text: str, response_url: str, user: str = "U1", **more: str) -> Json:
    """`/career <text>` typed in a channel."""
    return {
        "command": "/career", "text": text, "user_id": user, "user_name": "ann", "team_id": "T1",
        "channel_id": "C1", "channel_name": "general", "response_url": response_url, "trigger_id": create_id(),
        "api_app_id": "A1", **more,
    }  # fmt: skip


def build_click(
    action_id: str,
    response_url: str,
    *,
    user: str = "U1",
    block_id: str = "b1",
    thread_ts: str | None = None,
    ephemeral: bool = True,
    channel: str = "C1",
    selected_value: str | None = None,
    trigger_id: str | None = None,
    message_ts: str = "1700000000.000100",
) -> Json:
    """A pressed button, or a picked line of a menu."""
    action: Json = {"type": "button", "action_id": action_id, "block_id": block_id, "action_ts": create_id()}
    if selected_value is not None:
        action |= {"type": "static_select", "selected_option": {"value": selected_value}}
    container: Json = {
        "type": "message", "message_ts": message_ts, "channel_id": channel, "is_ephemeral": ephemeral,
    }  # fmt: skip
    if thread_ts:
        container["thread_ts"] = thread_ts
    return {
        "type": "block_actions", "team": {"id": "T1"}, "user": {"id": user, "username": "ann", "name": "ann"},
        "channel": {"id": channel}, "container": container, "actions": [action],
        "trigger_id": trigger_id or create_id(), "response_url": response_url, "api_app_id": "A1",
    }  # fmt: skip


def build_submission(view: Json, values: dict[str, str | None], user: str = "U1") -> Json:
    """A modal that the bot opened, filled in."""
    state = {name: {"value": {"type": "plain_text_input", "value": value}} for name, value in values.items()}
    return {
        "type": "view_submission", "team": {"id": "T1"}, "user": {"id": user, "name": "ann"},
        "trigger_id": create_id(), "view": {**view, "id": "V1", "hash": "h", "state": {"values": state}},
    }  # fmt: skip


def build_shortcut(text: str, response_url: str, thread_ts: str | None = None) -> Json:
    """The message shortcut."""
    message: Json = {"type": "message", "user": "U2", "ts": "1700000000.000200", "text": text}
    if thread_ts:
        message["thread_ts"] = thread_ts
    return {
        "type": "message_action", "callback_id": "ask_about_this", "team": {"id": "T1"},
        "user": {"id": "U1", "name": "ann"}, "channel": {"id": "C1"}, "message": message,
        "message_ts": message["ts"], "trigger_id": create_id(), "response_url": response_url,
    }  # fmt: skip


def build_event(**inner: Any) -> Json:
    """An event as Slack wraps it."""
    return {
        "type": "event_callback", "team_id": "T1", "api_app_id": "A1", "event_id": f"Ev{create_id()}",
        "event_time": 1_700_000_000,
        "authorizations": [{"team_id": "T1", "user_id": "UBOT", "is_bot": True}],
        "event": inner,
    }  # fmt: skip


def build_mention(text: str, ts: str | None = None, **more: Any) -> Json:
    """The bot named in a channel."""
    return build_event(
        type="app_mention", user="U1", channel="C1", ts=ts or create_id(), text=f"<@UBOT> {text}", **more
    )


def build_direct_message(text: str, ts: str | None = None, **more: Any) -> Json:
    """A message to the bot itself."""
    inner = {"type": "message", "channel_type": "im", "user": "U1", "channel": "D1", "ts": ts or create_id()}
    return build_event(**{**inner, "text": text, **more})


def encode_payload(payload: Json) -> tuple[bytes, str]:
    """The body and its content type, as Slack posts this payload over HTTP."""
    if "command" in payload:
        return urlencode(payload).encode(), _FORM_CONTENT_TYPE
    if payload.get("type") in ("event_callback", "url_verification"):
        return json.dumps(payload).encode(), "application/json"
    return urlencode({"payload": json.dumps(payload)}).encode(), _FORM_CONTENT_TYPE


def sign_body(body: bytes, timestamp: str, secret: str = SECRET) -> str:
    """What Slack puts into X-Slack-Signature."""
    return (
        "v0="
        + hmac.new(secret.encode(), b"v0:%s:%s" % (timestamp.encode(), body), hashlib.sha256).hexdigest()
    )
