"""What the bot remembers of places: threads opened for a run, and its own conversations with people."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace

from bot.platforms.slack.payloads import Arrived

_MOST = 5_000
_DIRECT = "D"  # how Slack's ids of direct messages begin


class Opened:
    """The last places, in memory only: Slack tells of them no more than their numbers.

    Neither is needed: after a restart the rows of buttons tell the bot's own conversations, and Slack tells
    whose message a thread hangs on.
    """

    def __init__(self) -> None:
        self._threads: OrderedDict[str, None] = OrderedDict()
        self._own: OrderedDict[str, None] = OrderedDict()

    def add(self, channel: str, ts: str) -> None:
        """Remember a thread by its first message."""
        _keep(self._threads, f"{channel}.{ts}")

    def add_own(self, channel: str) -> None:
        """Remember the bot's own conversation with a person, if that is what it is."""
        if channel.startswith(_DIRECT):
            _keep(self._own, channel)

    def is_own(self, channel: str) -> bool:
        """Whether only one person and the bot read there; False when that is not known."""
        return channel in self._own

    def told(self, arrived: Arrived) -> Arrived:
        """The request, which from here on knows whether it was typed into such a thread."""
        origin = arrived.request.origin
        if f"{origin.channel}.{origin.thread}" not in self._threads:
            return arrived
        return replace(arrived, request=replace(arrived.request, origin=replace(origin, opened=True)))


def _keep(places: OrderedDict[str, None], place: str) -> None:
    places[place] = None
    places.move_to_end(place)
    if len(places) > _MOST:
        places.popitem(last=False)
