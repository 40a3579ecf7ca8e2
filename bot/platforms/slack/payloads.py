"""From Slack's payloads to requests. Ids count, never names; what people typed is text and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.dialogue.action import Action
from bot.dialogue.request import LINE, Origin, Request, User
from bot.errors import BadAction
from bot.platforms.slack.blocks import PICK, PRESS
from bot.platforms.slack.message import OWN
from bot.platforms.slack.modal import filled
from bot.platforms.slack.spot import Spot

Payload = Mapping[str, Any]

_UNREADABLE = Action("unreadable")  # no command by that name: the service says that it cannot be used
_LINK = re.compile(r"<(https?://[^|>\s]+)(?:\|([^>]*))?>")
_MENTION = re.compile(r"<@[A-Z0-9]+(?:\|[^>]*)?>")


@dataclass(frozen=True, slots=True)
class Arrived:
    """A request and the way back to who made it."""

    request: Request
    spot: Spot


def command(body: Payload, workspace: str, now: datetime) -> Arrived:
    """A slash command; ephemeral in the bot's own messages too, since its payload does not tell them."""
    user = User(_id(body["user_id"]), visible(str(body.get("user_name") or "")))
    channel = str(body.get("channel_id", ""))
    trigger = _maybe(body, "trigger_id")
    origin = Origin("slack", workspace, channel, direct=_between_two(channel))
    spot = Spot(user.id, channel, response_url=_maybe(body, "response_url"), trigger=trigger)
    key = _key(workspace, trigger or f"{user.id}.{now.timestamp()}")
    line = said(body.get("text") or "")
    return Arrived(Request(user, origin, Action(LINE), now, key, {LINE: line}), spot)


def click(body: Payload, workspace: str, now: datetime, is_own: Callable[[str], bool]) -> Arrived:
    """A pressed button or a picked line; one that this bot did not write is answered with a sentence.

    Args:
        is_own: whether a channel is known to be the bot's own conversation with a person.
    """
    pressed = body["actions"][0]
    user, spot = _clicker(body, own=str(pressed.get("block_id", "")).startswith(OWN))
    if not spot.own and not spot.ephemeral and is_own(spot.channel):
        spot = replace(spot, own=True)
    direct = spot.own or _between_two(spot.channel)
    origin = Origin("slack", workspace, spot.channel, spot.thread, direct=direct)
    key = _key(workspace, spot.trigger or f"{user.id}.{pressed.get('action_ts', now.timestamp())}")
    showing = frozenset(_actions((body.get("message") or {}).get("blocks")))
    return Arrived(Request(user, origin, _pressed(pressed), now, key, showing=showing), spot)


def _actions(part: Any) -> Iterator[str]:
    """Every action that stands in blocks; an ephemeral message's payload has none."""
    if isinstance(part, list):
        for one in part:
            yield from _actions(one)
    elif isinstance(part, dict):
        action_id = str(part.get("action_id", ""))
        if action_id.startswith(PRESS):
            yield action_id.removeprefix(PRESS)
        elif action_id.startswith(PICK):
            yield from (str(option.get("value")) for option in part.get("options") or ())
        else:
            yield from _actions(list(part.values()))


def _clicker(body: Payload, own: bool) -> tuple[User, Spot]:
    who = body["user"]
    user = User(_id(who["id"]), visible(str(who.get("name") or who.get("username") or "")))
    container = body.get("container") or {}
    message = body.get("message") or {}
    channel = (body.get("channel") or {}).get("id") or container.get("channel_id") or ""
    at = container.get("message_ts") or message.get("ts")
    thread = container.get("thread_ts") or message.get("thread_ts")
    return user, Spot(
        user.id,
        str(channel),
        thread=str(thread) if thread else None,
        own=own,
        response_url=_maybe(body, "response_url"),
        trigger=_maybe(body, "trigger_id"),
        message=str(at) if at else None,
        ephemeral=bool(container.get("is_ephemeral", not message)),  # Slack sends no copy of such a message
    )


def _between_two(channel: str) -> bool:
    """Whether a channel is somebody's direct messages; a slash command tells not whether with us."""
    return channel.startswith("D")


def _pressed(pressed: Payload) -> Action:
    action_id = str(pressed.get("action_id", ""))
    picked = pressed.get("selected_option")
    try:
        if action_id.startswith(PRESS):
            return Action.decode(action_id.removeprefix(PRESS))
        if action_id.startswith(PICK) and picked:
            return Action.decode(str(picked["value"]))
    except BadAction:
        pass
    return _UNREADABLE


def submission(body: Payload, workspace: str, now: datetime) -> Arrived:
    """A submitted modal; one that this bot did not write is answered with a sentence."""
    view, who = body["view"], body["user"]
    user = User(_id(who["id"]), visible(str(who.get("name") or who.get("username") or "")))
    trigger = _maybe(body, "trigger_id")
    spot = Spot.unpacked(user.id, trigger, str(view.get("private_metadata") or ""))
    try:
        action, inputs = filled(view)
    except BadAction:
        action, inputs = _UNREADABLE, {}
    direct = spot.own or _between_two(spot.channel)
    origin = Origin("slack", workspace, spot.channel, spot.thread, direct=direct)
    key = _key(workspace, trigger or f"{view.get('id')}.{view.get('hash')}")
    cleaned = {name: visible(value) for name, value in inputs.items()}
    return Arrived(Request(user, origin, action, now, key, cleaned), spot)


def shortcut(body: Payload, workspace: str, now: datetime) -> Arrived:
    """The message shortcut: the message is the question, its answer for whoever asks about it."""
    user, spot = _clicker(body, own=False)
    spot = Spot(
        user.id,
        spot.channel,
        thread=spot.thread,
        response_url=spot.response_url,
        trigger=spot.trigger,
    )
    origin = Origin("slack", workspace, spot.channel, spot.thread)
    question = said((body.get("message") or {}).get("text") or "")
    key = _key(workspace, spot.trigger or f"{user.id}.{now.timestamp()}")
    return Arrived(Request(user, origin, Action("ask"), now, key, {"question": question}), spot)


def mention(body: Payload, workspace: str, now: datetime) -> Arrived:
    """The bot named in a channel."""
    event = body["event"]
    user, channel, ts = User(_id(event["user"]), ""), str(event["channel"]), str(event["ts"])
    thread = event.get("thread_ts")
    line = said(_without_bot(str(event.get("text") or ""), body))
    origin = Origin("slack", workspace, channel, str(thread) if thread else None, mention=True)
    spot = Spot(user.id, channel, thread=str(thread) if thread else None, root=ts)
    key = _key(workspace, f"{channel}.{ts}")
    return Arrived(Request(user, origin, Action(LINE), now, key, {LINE: line}), spot)


def direct(body: Payload, workspace: str, now: datetime) -> Arrived:
    """A message to the bot itself."""
    event = body["event"]
    user, channel, ts = User(_id(event["user"]), ""), str(event["channel"]), str(event["ts"])
    thread = event.get("thread_ts")
    line = said(_without_bot(str(event.get("text") or ""), body))
    opened = bool(thread) and event.get("parent_user_id") in _bots(body)
    origin = Origin("slack", workspace, channel, str(thread) if thread else None, direct=True, opened=opened)
    spot = Spot(user.id, channel, thread=str(thread) if thread else None, own=True)
    key = _key(workspace, f"{channel}.{ts}")
    return Arrived(Request(user, origin, Action(LINE), now, key, {LINE: line}), spot)


def said(text: Any) -> str:
    """What a person typed, out of Slack's wire form: entities and links as they read on the screen."""
    read = _LINK.sub(lambda found: found[2] or found[1], str(text))
    return visible(read.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))


def visible(text: str) -> str:
    """Text that UTF-8 can carry and a database can hold."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _without_bot(text: str, body: Payload) -> str:
    """The line without the bot's own name at its beginning or end, wherever else people are named."""
    bots = _bots(body)
    for bot in bots:
        text = text.replace(f"<@{bot}>", " ")
    return text if bots else _MENTION.sub(" ", text, count=1)


def _bots(body: Payload) -> list[str]:
    """The bot's own user id, as an event tells it."""
    users = (one.get("user_id") for one in body.get("authorizations") or () if one.get("is_bot"))
    return [str(user) for user in users if user]


def _id(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise BadAction("a payload without a user")
    return value


def _maybe(body: Payload, name: str) -> str | None:
    value = body.get(name)
    return str(value) if value else None


def _key(workspace: str, what: str) -> str:
    return f"slack:{workspace}:{what}"
