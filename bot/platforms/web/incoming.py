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

from bot.dialogue.action import Action
from bot.dialogue.limits import CHOICES, FIELDS
from bot.dialogue.request import Origin, Request, User

CHANNEL, MESSAGES = "channel", "messages"
Body = Mapping[str, Any]
_THREAD = re.compile(r"[0-9a-f]{8}")
_PRESSES = 2 * CHOICES  # more than any message can carry


class NotUnderstood(ValueError):
    """The body is none that the page would send."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who sits at the page: a random id from a cookie, and whether this is the machine's own browser."""

    id: str
    name: str
    local: bool


def body_of(raw: bytes) -> Body:
    """The body as a JSON object.

    Raises:
        NotUnderstood: when it is none.
    """
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise NotUnderstood from error
    if not isinstance(body, dict):
        raise NotUnderstood
    return body


def text_in(body: Body, name: str) -> str:
    """The text under a name, empty when it is not there.

    Raises:
        NotUnderstood: when something else stands there.
    """
    value = body.get(name, "")
    if not isinstance(value, str):
        raise NotUnderstood
    return value


def incoming(body: Body, visitor: Visitor, now: datetime) -> Request:
    """The request in a body.

    Args:
        body: `{"action", "inputs": {name: text}, "showing": [action], "zone",
            "place": "channel" | "messages" | <a thread's id>}`; only the action must be there.

    Raises:
        NotUnderstood: when a part has another shape.
        BadAction: when this bot did not write the action.
    """
    action = Action.decode(text_in(body, "action"))
    inputs, showing = body.get("inputs", {}), body.get("showing", [])
    if not isinstance(showing, list) or len(showing) > _PRESSES:
        raise NotUnderstood
    if not all(isinstance(shown, str) for shown in showing):
        raise NotUnderstood
    if not isinstance(inputs, dict) or len(inputs) > FIELDS:
        raise NotUnderstood
    if not all(isinstance(value, str) for value in inputs.values()):
        raise NotUnderstood
    user = User(visitor.id, visitor.name, zone=_zone(text_in(body, "zone")), admin=visitor.local)
    origin = _origin(text_in(body, "place") or CHANNEL)
    return Request(user, origin, action, now, f"web-{token_hex(8)}", inputs, frozenset(showing))


def _origin(place: str) -> Origin:
    if place == CHANNEL:
        return Origin("web", "local", CHANNEL)
    if place == MESSAGES:
        return Origin("web", "local", MESSAGES, direct=True)
    if not _THREAD.fullmatch(place):
        raise NotUnderstood
    return Origin("web", "local", CHANNEL, thread=place, opened=True)


def _zone(name: str) -> str | None:
    """The browser's zone, when this machine knows it too."""
    try:
        return ZoneInfo(name).key
    except (ValueError, KeyError, OSError):  # a name that is none, of an unknown zone, of a folder
        return None
