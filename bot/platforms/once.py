"""One answer to one thing that a person did, however often a platform brings it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)

MINUTES_10 = 600.0  # seconds; Slack's last retry comes after five minutes
DOUBLE_CLICK = 2.0  # seconds
_MOST = 50_000
_OPENING = 1.5  # seconds that the first messages after a start wait for the database to be opened
_ROW_LIMIT = 0.2  # seconds; a stalled database must not delay an answer

Remember = Callable[[str], Awaitable[bool]]
"""Writes a key down; whether it was new. So that a retry after a restart is known too."""


class Once:
    """Which keys were taken in the last minutes: in this process, and for messages by a row as well.

    A key names its platform and workspace, and what was done: `slack:T1:C1:1700000000.000100`.

    Args:
        remember: the row; None without a database.
        clock: seconds that never go back.
        opening: done when the row can be asked for; None when it always can.
    """

    def __init__(
        self,
        remember: Remember | None = None,
        clock: Callable[[], float] = time.monotonic,
        opening: asyncio.Future[None] | None = None,
    ) -> None:
        self._remember = remember
        self._opening = opening
        self._clock = clock
        self._taken: OrderedDict[str, tuple[str, float]] = OrderedDict()

    def press(self, key: str) -> bool:
        """Take the key of a command, click or form; False when it was taken already."""
        return not self._again(key, "", MINUTES_10)

    def double(self, where: str, pressed: str) -> bool:
        """Whether it is what was pressed there last, less than two seconds ago.

        A finger that keeps tapping is one press; after another button of the same message (an answer, *Back*,
        the answer again) it is meant.
        """
        return self._again(where, pressed, DOUBLE_CLICK)

    def _again(self, key: str, what: str, seconds: float) -> bool:
        now = self._clock()
        before, at = self._taken.pop(key, (None, 0.0))
        self._taken[key] = (what, now)
        while len(self._taken) > _MOST or now - next(iter(self._taken.values()))[1] > MINUTES_10:
            self._taken.popitem(last=False)
        return before == what and now - at <= seconds

    async def message(self, key: str) -> bool:
        """Take the key of a message or mention; the row decides too, for as long as it may take."""
        if not self.press(key):
            return False
        if self._remember is None:
            return True
        if self._opening is not None and not self._opening.done():
            await asyncio.wait({self._opening}, timeout=_OPENING)
        try:
            return await asyncio.wait_for(self._remember(key), _ROW_LIMIT)
        except Exception as error:  # the map alone decides when the database does not
            log.warning("could not look up whether a message was seen: %s", type(error).__name__)
            return True
