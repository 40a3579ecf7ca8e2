"""The ways by which a reply can reach its reader from a spot, best first; none turns private into public."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

from bot.messaging.reply import Reply
from bot.platforms.slack.message import build_message
from bot.platforms.slack.reply_target import ReplyTarget
from bot.platforms.slack.rich_text import JsonObject

RESPONSE_URL = "response_url"


@dataclass(frozen=True, slots=True)
class ReplyRoute:
    """One call: a method of the Web API, or `RESPOND`."""

    method: str
    payload: JsonObject


def iter_private_routes(reply: Reply, target: ReplyTarget, dedupe_key: str) -> Iterator[ReplyRoute]:
    """For the asker's eyes: in place, else ephemeral where it was asked, else in their own messages."""
    if target.is_bot_dm:
        yield from _iter_bot_dm_routes(reply, target, dedupe_key)
        return
    body = build_message(reply)
    if reply.replace_original and target.is_ephemeral and target.response_url:
        yield ReplyRoute(RESPONSE_URL, {**body, "response_type": "ephemeral", "replace_original": True})
    if target.thread_ts and target.channel_id:  # a response_url's ephemeral would stand in the channel
        in_thread = {"channel": target.channel_id, "user": target.user_id, "thread_ts": target.thread_ts}
        yield ReplyRoute("chat.postEphemeral", {**in_thread, **body})
    if target.response_url:
        yield ReplyRoute(RESPONSE_URL, {**body, "response_type": "ephemeral", "replace_original": False})
    if target.channel_id and not target.thread_ts:
        yield ReplyRoute("chat.postEphemeral", {"channel": target.channel_id, "user": target.user_id, **body})
    yield build_direct_message_route(reply, target, dedupe_key)


def iter_public_routes(reply: Reply, target: ReplyTarget, dedupe_key: str) -> Iterator[ReplyRoute]:
    """For everyone: in place, else in the thread it was asked in, else in the channel."""
    if target.is_bot_dm or not target.channel_id:
        yield from _iter_bot_dm_routes(reply, target, dedupe_key)
        return
    body = build_message(reply)
    if reply.replace_original and target.message_ts and not target.is_ephemeral:
        if target.response_url:
            yield ReplyRoute(RESPONSE_URL, {**body, "response_type": "in_channel", "replace_original": True})
        yield ReplyRoute("chat.update", {"channel": target.channel_id, "ts": target.message_ts, **body})
        return
    thread = target.thread_ts or target.root_ts
    if thread:
        body = {**body, "thread_ts": thread}
    if target.response_url:  # posts also where the app is no member
        yield ReplyRoute(RESPONSE_URL, {**body, "response_type": "in_channel", "replace_original": False})
    yield ReplyRoute("chat.postMessage", {"channel": target.channel_id, **body})


def build_direct_message_route(reply: Reply, target: ReplyTarget, dedupe_key: str) -> ReplyRoute:
    """In the person's own messages with the bot."""
    return ReplyRoute(
        "chat.postMessage", {"channel": target.user_id, **build_message(reply, hash_message_key(dedupe_key))}
    )


def _iter_bot_dm_routes(reply: Reply, target: ReplyTarget, dedupe_key: str) -> Iterator[ReplyRoute]:
    body = build_message(reply, hash_message_key(dedupe_key))
    if reply.replace_original and target.message_ts:
        if target.response_url:
            yield ReplyRoute(RESPONSE_URL, {**body, "replace_original": True})
        yield ReplyRoute("chat.update", {"channel": target.channel_id, "ts": target.message_ts, **body})
        return
    thread = {"thread_ts": target.thread_ts} if target.thread_ts else {}
    yield ReplyRoute("chat.postMessage", {"channel": target.channel_id or target.user_id, **thread, **body})


def hash_message_key(key: str) -> str:
    """Eight characters that tell one message's rows from another's."""
    return blake2b(key.encode(), digest_size=4).hexdigest()
