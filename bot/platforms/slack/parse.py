"""From Slack's payloads to requests. Ids count, never names; what people typed is text and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.errors import InvalidActionError
from bot.messaging.action import Action
from bot.messaging.request import TYPED_LINE, Origin, Request, User
from bot.platforms.slack.blocks import ACTION_ID_PREFIX, MENU_ID_PREFIX
from bot.platforms.slack.message import BOT_DM_PREFIX
from bot.platforms.slack.modals import parse_modal_inputs
from bot.platforms.slack.reply_target import ReplyTarget

Payload = Mapping[str, Any]

_UNREADABLE_ACTION = Action("unreadable")  # no command by that name: the service says that it cannot be used
_LINK_PATTERN = re.compile(r"<(https?://[^|>\s]+)(?:\|([^>]*))?>")
_MENTION_PATTERN = re.compile(r"<@[A-Z0-9]+(?:\|[^>]*)?>")


@dataclass(frozen=True, slots=True)
class IncomingRequest:
    """A request and the way back to who made it."""

    request: Request
    reply_target: ReplyTarget


def parse_command(body: Payload, workspace: str, now: datetime) -> IncomingRequest:
    """A slash command; ephemeral in the bot's own messages too, since its payload does not tell them."""
    user = User(_parse_user_id(body["user_id"]), clean_text(str(body.get("user_name") or "")))
    channel = str(body.get("channel_id", ""))
    trigger = _get_optional_string(body, "trigger_id")
    origin = Origin("slack", workspace, channel, is_direct=_is_direct_channel(channel))
    spot = ReplyTarget(
        user.id, channel, response_url=_get_optional_string(body, "response_url"), trigger_id=trigger
    )
    key = _build_dedupe_key(workspace, trigger or f"{user.id}.{now.timestamp()}")
    line = parse_text(body.get("text") or "")
    return IncomingRequest(Request(user, origin, Action(TYPED_LINE), now, key, {TYPED_LINE: line}), spot)


def parse_click(
    body: Payload, workspace: str, now: datetime, is_bot_dm: Callable[[str], bool]
) -> IncomingRequest:
    """A pressed button or a picked line; one that this bot did not write is answered with a sentence.

    Args:
        is_own: whether a channel is known to be the bot's own conversation with a person.
    """
    pressed = body["actions"][0]
    user, spot = _parse_user_and_target(
        body, is_bot_dm=str(pressed.get("block_id", "")).startswith(BOT_DM_PREFIX)
    )
    if not spot.is_bot_dm and not spot.is_ephemeral and is_bot_dm(spot.channel_id):
        spot = replace(spot, is_bot_dm=True)
    direct = spot.is_bot_dm or _is_direct_channel(spot.channel_id)
    origin = Origin("slack", workspace, spot.channel_id, spot.thread_ts, is_direct=direct)
    key = _build_dedupe_key(
        workspace, spot.trigger_id or f"{user.id}.{pressed.get('action_ts', now.timestamp())}"
    )
    showing = frozenset(_iter_actions((body.get("message") or {}).get("blocks")))
    return IncomingRequest(
        Request(user, origin, _parse_action(pressed), now, key, visible_actions=showing), spot
    )


def _iter_actions(part: Any) -> Iterator[str]:
    """Every action that stands in blocks; an ephemeral message's payload has none."""
    if isinstance(part, list):
        for item in part:
            yield from _iter_actions(item)
    elif isinstance(part, dict):
        action_id = str(part.get("action_id", ""))
        if action_id.startswith(ACTION_ID_PREFIX):
            yield action_id.removeprefix(ACTION_ID_PREFIX)
        elif action_id.startswith(MENU_ID_PREFIX):
            yield from (str(option.get("value")) for option in part.get("options") or ())
        else:
            yield from _iter_actions(list(part.values()))


def _parse_user_and_target(body: Payload, is_bot_dm: bool) -> tuple[User, ReplyTarget]:
    who = body["user"]
    user = User(_parse_user_id(who["id"]), clean_text(str(who.get("name") or who.get("username") or "")))
    container = body.get("container") or {}
    message = body.get("message") or {}
    channel = (body.get("channel") or {}).get("id") or container.get("channel_id") or ""
    at = container.get("message_ts") or message.get("ts")
    thread = container.get("thread_ts") or message.get("thread_ts")
    return user, ReplyTarget(
        user.id,
        str(channel),
        thread_ts=str(thread) if thread else None,
        is_bot_dm=is_bot_dm,
        response_url=_get_optional_string(body, "response_url"),
        trigger_id=_get_optional_string(body, "trigger_id"),
        message_ts=str(at) if at else None,
        is_ephemeral=bool(
            container.get("is_ephemeral", not message)
        ),  # Slack sends no copy of such a message
    )


def _is_direct_channel(channel: str) -> bool:
    """Whether a channel is somebody's direct messages; a slash command tells not whether with us."""
    return channel.startswith("D")


def _parse_action(control: Payload) -> Action:
    action_id = str(control.get("action_id", ""))
    picked = control.get("selected_option")
    try:
        if action_id.startswith(ACTION_ID_PREFIX):
            return Action.decode(action_id.removeprefix(ACTION_ID_PREFIX))
        if action_id.startswith(MENU_ID_PREFIX) and picked:
            return Action.decode(str(picked["value"]))
    except InvalidActionError:
        pass
    return _UNREADABLE_ACTION


def parse_submission(body: Payload, workspace: str, now: datetime) -> IncomingRequest:
    """A submitted modal; one that this bot did not write is answered with a sentence."""
    view, who = body["view"], body["user"]
    user = User(_parse_user_id(who["id"]), clean_text(str(who.get("name") or who.get("username") or "")))
    trigger = _get_optional_string(body, "trigger_id")
    spot = ReplyTarget.decode(user.id, trigger, str(view.get("private_metadata") or ""))
    try:
        action, inputs = parse_modal_inputs(view)
    except InvalidActionError:
        action, inputs = _UNREADABLE_ACTION, {}
    direct = spot.is_bot_dm or _is_direct_channel(spot.channel_id)
    origin = Origin("slack", workspace, spot.channel_id, spot.thread_ts, is_direct=direct)
    key = _build_dedupe_key(workspace, trigger or f"{view.get('id')}.{view.get('hash')}")
    cleaned = {name: clean_text(value) for name, value in inputs.items()}
    return IncomingRequest(Request(user, origin, action, now, key, cleaned), spot)


def parse_shortcut(body: Payload, workspace: str, now: datetime) -> IncomingRequest:
    """The message shortcut: the message is the question, its answer for whoever asks about it."""
    user, spot = _parse_user_and_target(body, is_bot_dm=False)
    spot = ReplyTarget(
        user.id,
        spot.channel_id,
        thread_ts=spot.thread_ts,
        response_url=spot.response_url,
        trigger_id=spot.trigger_id,
    )
    origin = Origin("slack", workspace, spot.channel_id, spot.thread_ts)
    question = parse_text((body.get("message") or {}).get("text") or "")
    key = _build_dedupe_key(workspace, spot.trigger_id or f"{user.id}.{now.timestamp()}")
    return IncomingRequest(Request(user, origin, Action("ask"), now, key, {"question": question}), spot)


def parse_mention(body: Payload, workspace: str, now: datetime) -> IncomingRequest:
    """The bot named in a channel."""
    event = body["event"]
    user, channel, ts = User(_parse_user_id(event["user"]), ""), str(event["channel"]), str(event["ts"])
    thread = event.get("thread_ts")
    line = parse_text(_strip_bot_mention(str(event.get("text") or ""), body))
    origin = Origin("slack", workspace, channel, str(thread) if thread else None, is_mention=True)
    spot = ReplyTarget(user.id, channel, thread_ts=str(thread) if thread else None, root_ts=ts)
    key = _build_dedupe_key(workspace, f"{channel}.{ts}")
    return IncomingRequest(Request(user, origin, Action(TYPED_LINE), now, key, {TYPED_LINE: line}), spot)


def parse_direct_message(body: Payload, workspace: str, now: datetime) -> IncomingRequest:
    """A message to the bot itself."""
    event = body["event"]
    user, channel, ts = User(_parse_user_id(event["user"]), ""), str(event["channel"]), str(event["ts"])
    thread = event.get("thread_ts")
    line = parse_text(_strip_bot_mention(str(event.get("text") or ""), body))
    opened = bool(thread) and event.get("parent_user_id") in _list_bot_user_ids(body)
    origin = Origin(
        "slack", workspace, channel, str(thread) if thread else None, is_direct=True, is_bot_thread=opened
    )
    spot = ReplyTarget(user.id, channel, thread_ts=str(thread) if thread else None, is_bot_dm=True)
    key = _build_dedupe_key(workspace, f"{channel}.{ts}")
    return IncomingRequest(Request(user, origin, Action(TYPED_LINE), now, key, {TYPED_LINE: line}), spot)


def parse_unreadable(body: Payload, workspace: str, now: datetime) -> IncomingRequest | None:
    """Return who sent a payload that could not be read, and the way back; None when no person is in it.

    Reads as little as possible and trusts no shape: whatever made the real parser fail is in here too.
    """
    event = body.get("event")
    source = event if isinstance(event, Mapping) else body
    who, where = (
        source.get("user") or source.get("user_id"),
        source.get("channel") or source.get("channel_id"),
    )
    user_id = who.get("id") if isinstance(who, Mapping) else who
    channel = where.get("id") if isinstance(where, Mapping) else where
    if not isinstance(user_id, str) or not user_id or source.get("bot_id"):
        return None
    is_message = source is event
    if is_message and source.get("type") not in ("app_mention", "message"):
        return None
    channel = channel if isinstance(channel, str) else ""
    response_url = _get_optional_string(body, "response_url")
    target = ReplyTarget(
        user_id,
        channel,
        is_bot_dm=is_message and _is_direct_channel(channel),
        response_url=response_url,
        is_ephemeral=response_url is not None,
    )
    origin = Origin("slack", workspace, channel, is_direct=_is_direct_channel(channel))
    key = _build_dedupe_key(workspace, f"unreadable.{user_id}.{now.timestamp()}")
    return IncomingRequest(Request(User(user_id, ""), origin, _UNREADABLE_ACTION, now, key), target)


def parse_text(text: Any) -> str:
    """What a person typed, out of Slack's wire form: entities and links as they read on the screen."""
    read = _LINK_PATTERN.sub(lambda match: match[2] or match[1], str(text))
    return clean_text(read.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))


def clean_text(text: str) -> str:
    """Text that UTF-8 can carry and a database can hold."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _strip_bot_mention(text: str, body: Payload) -> str:
    """The line without the bot's own name at its beginning or end, wherever else people are named."""
    bots = _list_bot_user_ids(body)
    for bot in bots:
        text = text.replace(f"<@{bot}>", " ")
    return text if bots else _MENTION_PATTERN.sub(" ", text, count=1)


def _list_bot_user_ids(body: Payload) -> list[str]:
    """The bot's own user id, as an event tells it."""
    users = (item.get("user_id") for item in body.get("authorizations") or () if item.get("is_bot"))
    return [str(user) for user in users if user]


def _parse_user_id(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise InvalidActionError("a payload without a user")
    return value


def _get_optional_string(body: Payload, name: str) -> str | None:
    value = body.get(name)
    return str(value) if value else None


def _build_dedupe_key(workspace: str, event_id: str) -> str:
    return f"slack:{workspace}:{event_id}"
