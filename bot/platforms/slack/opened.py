"""Which threads the bot has opened for a run: what is typed there is no question."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace

from bot.platforms.slack.payloads import Arrived

_MOST = 5_000


class Opened:
    """The last threads, in memory only: Slack tells of a message's thread no more than its number.

    After a restart a question typed beside a run is answered as one, in the same thread.
    """

    def __init__(self) -> None:
        self._threads: OrderedDict[str, None] = OrderedDict()

    def add(self, channel: str, ts: str) -> None:
        """Remember a thread by its first message."""
        self._threads[f"{channel}.{ts}"] = None
        if len(self._threads) > _MOST:
            self._threads.popitem(last=False)

    def told(self, arrived: Arrived) -> Arrived:
        """The request, which from here on knows whether it was typed into such a thread."""
        origin = arrived.request.origin
        if f"{origin.channel}.{origin.thread}" not in self._threads:
            return arrived
        return replace(arrived, request=replace(arrived.request, origin=replace(origin, opened=True)))
