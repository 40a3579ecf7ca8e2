"""What the page sends, as a request. Any bytes may arrive here."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import Any
from zoneinfo import ZoneInfo

from bot.messaging.action import Action
from bot.messaging.limits import MAX_CHOICES, MAX_FORM_FIELDS
from bot.messaging.request import Origin, Request, User

CHANNEL_PLACE, DIRECT_MESSAGES_PLACE = "channel", "messages"
JsonBody = Mapping[str, Any]
_THREAD_ID = re.compile(r"[0-9a-f]{8}")
_MAX_VISIBLE_ACTIONS = 2 * MAX_CHOICES  # more than any message can carry


class InvalidBody(ValueError):
    """The body is none that the page would send."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who sits at the page: a random id from a cookie, and whether this is the machine's own browser."""

    id: str
    name: str
    is_local: bool


def parse_body(raw: bytes) -> JsonBody:
    """The body as a JSON object.

    Raises:
        NotUnderstood: when it is none.
    """
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise InvalidBody from error
    if not isinstance(body, dict):
        raise InvalidBody
    return body


def get_text(body: JsonBody, name: str) -> str:
    """The text under a name, empty when it is not there.

    Raises:
        NotUnderstood: when something else stands there.
    """
    value = body.get(name, "")
    if not isinstance(value, str):
        raise InvalidBody
    return value


def parse_request(body: JsonBody, visitor: Visitor, now: datetime) -> Request:
    """The request in a body.

    Args:
        body: `{"action", "inputs": {name: text}, "showing": [action], "zone",
            "place": "channel" | "messages" | <a thread's id>}`; only the action must be there.

    Raises:
        NotUnderstood: when a part has another shape.
        BadAction: when this bot did not write the action.
    """
    action = Action.decode(get_text(body, "action"))
    inputs, showing = body.get("inputs", {}), body.get("showing", [])
    if not isinstance(showing, list) or len(showing) > _MAX_VISIBLE_ACTIONS:
        raise InvalidBody
    if not all(isinstance(shown, str) for shown in showing):
        raise InvalidBody
    if not isinstance(inputs, dict) or len(inputs) > MAX_FORM_FIELDS:
        raise InvalidBody
    if not all(isinstance(value, str) for value in inputs.values()):
        raise InvalidBody
    user = User(
        visitor.id, visitor.name, timezone=_parse_timezone(get_text(body, "zone")), is_admin=visitor.is_local
    )
    origin = _parse_origin(get_text(body, "place") or CHANNEL_PLACE)
    return Request(user, origin, action, now, f"web-{token_hex(8)}", inputs, frozenset(showing))


def _parse_origin(place: str) -> Origin:
    if place == CHANNEL_PLACE:
        return Origin("web", "local", CHANNEL_PLACE)
    if place == DIRECT_MESSAGES_PLACE:
        return Origin("web", "local", DIRECT_MESSAGES_PLACE, is_direct=True)
    if not _THREAD_ID.fullmatch(place):
        raise InvalidBody
    return Origin("web", "local", CHANNEL_PLACE, thread=place, is_bot_thread=True)


def _parse_timezone(name: str) -> str | None:
    """The browser's zone, when this machine knows it too."""
    try:
        return ZoneInfo(name).key
    except (ValueError, KeyError, OSError):  # a name that is none, of an unknown zone, of a folder
        return None
