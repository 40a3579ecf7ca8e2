"""Why the last answers were given, for a while and in memory only; the questions themselves are not kept."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock

from bot.domain.search.finding import Finding

_MOST = 2_000
_FOR = timedelta(minutes=30)


class Recall:
    """The findings of the last 2,000 answers, 30 minutes each, by a key in their asker's button."""

    def __init__(self) -> None:
        self._findings: OrderedDict[str, tuple[datetime, Finding]] = OrderedDict()
        self._lock = Lock()

    def keep(self, key: str, finding: Finding, now: datetime) -> None:
        """Remember a finding under a key."""
        with self._lock:
            self._findings[key] = (now, finding)
            self._findings.move_to_end(key)
            while len(self._findings) > _MOST:
                self._findings.popitem(last=False)

    def get(self, key: str, now: datetime) -> Finding | None:
        """The finding, None when it is gone."""
        with self._lock:
            kept = self._findings.get(key)
        if kept is None or now - kept[0] > _FOR:
            return None
        return kept[1]
