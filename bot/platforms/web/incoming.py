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
from bot.dialogue.limits import FIELDS
from bot.dialogue.request import Origin, Request, User
from bot.errors import BadAction

CHANNEL, MESSAGES = "channel", "messages"
Body = Mapping[str, Any]
_THREAD = re.compile(r"[0-9a-f]{8}")
_UNREADABLE = Action("unreadable")  # no command has this name, so the service says what to do


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
    """The request in `{"action", "inputs": {name: text}, "place": "channel"|"messages"|<thread>, "zone"}`.

    Raises:
        NotUnderstood: when a part has another shape.
    """
    try:
        action = Action.decode(text_in(body, "action"))
    except BadAction:
        action = _UNREADABLE
    inputs = body.get("inputs", {})
    if not isinstance(inputs, dict) or len(inputs) > FIELDS:
        raise NotUnderstood
    if not all(isinstance(value, str) for value in inputs.values()):
        raise NotUnderstood
    user = User(visitor.id, visitor.name, zone=_zone(text_in(body, "zone")), admin=visitor.local)
    origin = _origin(text_in(body, "place") or CHANNEL)
    return Request(user, origin, action, now, f"web-{token_hex(8)}", inputs)


def _origin(place: str) -> Origin:
    if place == CHANNEL:
        return Origin("web", "local", CHANNEL)
    if place == MESSAGES:
        return Origin("web", "local", MESSAGES, direct=True)
    if not _THREAD.fullmatch(place):
        raise NotUnderstood
    return Origin("web", "local", CHANNEL, thread=place)


def _zone(name: str) -> str | None:
    """The browser's zone, when this machine knows it too."""
    try:
        return ZoneInfo(name).key
    except (ValueError, KeyError, OSError):  # a name that is none, of an unknown zone, of a folder
        return None
