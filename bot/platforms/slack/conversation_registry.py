"""What the bot remembers of places: threads opened for a run, and its own conversations with people."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace

from bot.platforms.slack.parse import IncomingRequest

_MAX_ENTRIES = 5_000
_DM_ID_PREFIX = "D"  # how Slack's ids of direct messages begin


class ConversationRegistry:
    """The last places, in memory only: Slack tells of them no more than their numbers.

    Neither is needed: after a restart the rows of buttons tell the bot's own conversations, and Slack tells
    whose message a thread hangs on.
    """

    def __init__(self) -> None:
        self._threads: OrderedDict[str, None] = OrderedDict()
        self._bot_dms: OrderedDict[str, None] = OrderedDict()

    def add_thread(self, channel: str, ts: str) -> None:
        """Remember a thread by its first message."""
        _remember_entry(self._threads, f"{channel}.{ts}")

    def add_bot_dm(self, channel: str) -> None:
        """Remember the bot's own conversation with a person, if that is what it is."""
        if channel.startswith(_DM_ID_PREFIX):
            _remember_entry(self._bot_dms, channel)

    def is_bot_dm(self, channel: str) -> bool:
        """Whether only one person and the bot read there; False when that is not known."""
        return channel in self._bot_dms

    def mark_bot_thread(self, incoming: IncomingRequest) -> IncomingRequest:
        """The request, which from here on knows whether it was typed into such a thread."""
        origin = incoming.request.origin
        if f"{origin.channel}.{origin.thread}" not in self._threads:
            return incoming
        return replace(
            incoming, request=replace(incoming.request, origin=replace(origin, is_bot_thread=True))
        )


def _remember_entry(entries: OrderedDict[str, None], entry: str) -> None:
    entries[entry] = None
    entries.move_to_end(entry)
    if len(entries) > _MAX_ENTRIES:
        entries.popitem(last=False)
