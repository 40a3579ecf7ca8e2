"""The ways by which a reply can reach its reader from a spot, best first; none turns private into public."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

from bot.dialogue.reply import Reply
from bot.platforms.slack.message import message
from bot.platforms.slack.rich import Json
from bot.platforms.slack.spot import Spot

RESPOND = "response_url"


@dataclass(frozen=True, slots=True)
class Way:
    """One call: a method of the Web API, or `RESPOND`."""

    method: str
    payload: Json


def private_ways(reply: Reply, spot: Spot, key: str) -> Iterator[Way]:
    """For the asker's eyes: in place, else ephemeral where it was asked, else in their own messages."""
    if spot.own:
        yield from _own_ways(reply, spot, key)
        return
    body = message(reply)
    if reply.replace and spot.ephemeral and spot.response_url:
        yield Way(RESPOND, {**body, "response_type": "ephemeral", "replace_original": True})
    if spot.thread and spot.channel:  # a response_url's ephemeral would stand in the channel
        in_thread = {"channel": spot.channel, "user": spot.user, "thread_ts": spot.thread}
        yield Way("chat.postEphemeral", {**in_thread, **body})
    if spot.response_url:
        yield Way(RESPOND, {**body, "response_type": "ephemeral", "replace_original": False})
    if spot.channel and not spot.thread:
        yield Way("chat.postEphemeral", {"channel": spot.channel, "user": spot.user, **body})
    yield to_messages(reply, spot, key)


def public_ways(reply: Reply, spot: Spot, key: str) -> Iterator[Way]:
    """For everyone: in place, else in the thread it was asked in, else in the channel."""
    if spot.own or not spot.channel:
        yield from _own_ways(reply, spot, key)
        return
    body = message(reply)
    if reply.replace and spot.message and not spot.ephemeral:
        if spot.response_url:
            yield Way(RESPOND, {**body, "response_type": "in_channel", "replace_original": True})
        yield Way("chat.update", {"channel": spot.channel, "ts": spot.message, **body})
        return
    thread = spot.thread or spot.root
    if thread:
        body = {**body, "thread_ts": thread}
    if spot.response_url:  # posts also where the app is no member
        yield Way(RESPOND, {**body, "response_type": "in_channel", "replace_original": False})
    yield Way("chat.postMessage", {"channel": spot.channel, **body})


def to_messages(reply: Reply, spot: Spot, key: str) -> Way:
    """In the person's own messages with the bot."""
    return Way("chat.postMessage", {"channel": spot.user, **message(reply, named(key))})


def _own_ways(reply: Reply, spot: Spot, key: str) -> Iterator[Way]:
    body = message(reply, named(key))
    if reply.replace and spot.message:
        if spot.response_url:
            yield Way(RESPOND, {**body, "replace_original": True})
        yield Way("chat.update", {"channel": spot.channel, "ts": spot.message, **body})
        return
    thread = {"thread_ts": spot.thread} if spot.thread else {}
    yield Way("chat.postMessage", {"channel": spot.channel or spot.user, **thread, **body})


def named(key: str) -> str:
    """Eight characters that tell one message's rows from another's."""
    return blake2b(key.encode(), digest_size=4).hexdigest()
