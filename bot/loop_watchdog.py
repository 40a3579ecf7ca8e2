"""The watchdog: logs when the event loop was blocked, and where.

A thread cannot be starved by the loop, so it looks from outside: the loop marks the time again and again, and when
the mark gets old the thread reads the stack of the loop's thread. Frames hold file, line and function; no values,
since those are people's words.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import time
import traceback
from types import FrameType

from bot import timing

log = logging.getLogger(__name__)

_MAX_FRAMES = 3


class LoopWatchdog:
    """Watches the loop that runs it.

    Args:
        threshold: seconds; a loop that was blocked longer is logged, once a block.
    """

    def __init__(self, threshold: float = timing.LOOP_BLOCK_THRESHOLD) -> None:
        self._threshold = threshold
        self._marked_at = time.monotonic()
        self._stopped = threading.Event()

    async def run(self) -> None:
        """Watch until cancelled."""
        self._stopped.clear()
        self._marked_at = time.monotonic()
        thread = threading.Thread(
            target=self._watch, args=(threading.get_ident(),), name="loop watchdog", daemon=True
        )
        thread.start()
        try:
            while True:
                self._marked_at = time.monotonic()
                await asyncio.sleep(self._threshold / 4)
        finally:
            self._stopped.set()

    def _watch(self, loop_thread_id: int) -> None:
        reported_mark = 0.0
        while not self._stopped.wait(self._threshold / 4):
            mark = self._marked_at
            if time.monotonic() - mark >= self._threshold and mark != reported_mark:
                reported_mark = mark  # once a block
                place = _format_place(sys._current_frames().get(loop_thread_id))
                log.warning("event loop blocked for over %.0f ms at %s", self._threshold * 1_000, place)


def _format_place(frame: FrameType | None) -> str:
    """Return the innermost frames of ours, else the innermost at all: `service.py:88 respond`."""
    if frame is None:
        return "an unknown place"
    frames = traceback.extract_stack(frame)
    ours = [entry for entry in frames if "/bot/" in entry.filename] or list(frames)
    return " < ".join(
        f"{entry.filename.rpartition('/')[2]}:{entry.lineno} {entry.name}"
        for entry in reversed(ours[-_MAX_FRAMES:])
    )
