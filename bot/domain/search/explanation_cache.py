"""Why the last answers were given, for a while and in memory only; the questions themselves are not kept."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock

from bot.domain.search.results import SearchResult

_MAX_ENTRIES = 2_000
_TIME_TO_LIVE = timedelta(minutes=30)


class ExplanationCache:
    """The findings of the last 2,000 answers, 30 minutes each, by a key in their asker's button."""

    def __init__(self) -> None:
        self._entries: OrderedDict[str, tuple[datetime, SearchResult]] = OrderedDict()
        self._lock = Lock()

    def put(self, key: str, result: SearchResult, now: datetime) -> None:
        """Remember a finding under a key."""
        with self._lock:
            self._entries[key] = (now, result)
            self._entries.move_to_end(key)
            while len(self._entries) > _MAX_ENTRIES:
                self._entries.popitem(last=False)

    def get(self, key: str, now: datetime) -> SearchResult | None:
        """The finding, None when it is gone."""
        with self._lock:
            kept = self._entries.get(key)
        if kept is None or now - kept[0] > _TIME_TO_LIVE:
            return None
        return kept[1]
