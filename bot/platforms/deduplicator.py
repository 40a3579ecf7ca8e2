"""One answer to one thing that a person did, however often a platform brings it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)

KEY_RETENTION = 600.0  # seconds; Slack's last retry comes after five minutes
DOUBLE_CLICK_WINDOW = 2.0  # seconds
_MAX_KEYS = 50_000
_STORE_OPEN_TIMEOUT = 1.5  # seconds that the first messages after a start wait for the database to be opened
_STORE_CHECK_TIMEOUT = 0.2  # seconds; a stalled database must not delay an answer

MarkProcessed = Callable[[str], Awaitable[bool]]
"""Writes a key down; whether it was new. So that a retry after a restart is known too."""


class Deduplicator:
    """Which keys were taken in the last minutes: in this process, and for messages by a row as well.

    A key names its platform and workspace, and what was done: `slack:T1:C1:1700000000.000100`.

    Args:
        remember: the row; None without a database.
        clock: seconds that never go back.
        opening: done when the row can be asked for; None when it always can.
    """

    def __init__(
        self,
        mark_processed: MarkProcessed | None = None,
        clock: Callable[[], float] = time.monotonic,
        store_opening: asyncio.Future[None] | None = None,
    ) -> None:
        self._mark_processed = mark_processed
        self._store_opening = store_opening
        self._clock = clock
        self._recent_keys: OrderedDict[str, tuple[str, float]] = OrderedDict()

    def check_and_mark(self, key: str) -> bool:
        """Take the key of a command, click or form; False when it was taken already."""
        return not self._is_repeat(key, "", KEY_RETENTION)

    def is_double_click(self, location: str, action: str) -> bool:
        """Whether it is what was pressed there last, less than two seconds ago.

        A finger that keeps tapping is one press; after another button of the same message (an answer, *Back*,
        the answer again) it is meant.
        """
        return self._is_repeat(location, action, DOUBLE_CLICK_WINDOW)

    def _is_repeat(self, key: str, value: str, window: float) -> bool:
        now = self._clock()
        before, at = self._recent_keys.pop(key, (None, 0.0))
        self._recent_keys[key] = (value, now)
        while (
            len(self._recent_keys) > _MAX_KEYS
            or now - next(iter(self._recent_keys.values()))[1] > KEY_RETENTION
        ):
            self._recent_keys.popitem(last=False)
        return before == value and now - at <= window

    async def check_and_mark_stored(self, key: str) -> bool:
        """Take the key of a message or mention; the row decides too, for as long as it may take."""
        if not self.check_and_mark(key):
            return False
        if self._mark_processed is None:
            return True
        if self._store_opening is not None and not self._store_opening.done():
            await asyncio.wait({self._store_opening}, timeout=_STORE_OPEN_TIMEOUT)
        try:
            return await asyncio.wait_for(self._mark_processed(key), _STORE_CHECK_TIMEOUT)
        except Exception as error:  # the map alone decides when the database does not
            log.warning("could not look up whether a message was seen: %s", type(error).__name__)
            return True
