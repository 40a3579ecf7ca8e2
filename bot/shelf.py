"""The edition that is served now. A change is swapped in whole or not at all."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bot.domain.search import Model, Search
from bot.errors import ContentError, Problem
from bot.library.read import read
from bot.library.state import State
from bot.service import Edition

log = logging.getLogger(__name__)


class Shelf:
    """Holds the current edition.

    Args:
        folder: the content folder.
        now: the clock, aware, UTC.
        model: reads questions for their meaning; None for words alone.

    Raises:
        ContentError: when the folder does not read at the first start; then there is nothing to serve.
    """

    def __init__(self, folder: Path, now: Callable[[], datetime], model: Model | None = None) -> None:
        self._folder = folder
        self._now = now
        self._model = model
        self._edition = self._read()
        self.state = State(now())

    @property
    def edition(self) -> Edition:
        """The edition that is served now."""
        return self._edition

    def reload(self) -> State:
        """Read the folder again; on a problem the last good edition stays."""
        try:
            edition = self._read()
            edition.search.warm()  # here, in the watcher's thread, and not at the first question
        except ContentError as error:
            self.state = State(self.state.read_at, error.problems)
            log.warning("content not taken over, %d problems:\n%s", len(error.problems), error)
        except OSError as error:  # a file vanished between listing and reading: the next change tells
            problem = Problem(self._folder, 1, 1, "", f"could not be read: {error}")
            self.state = State(self.state.read_at, (problem,))
            log.warning("content not taken over: %s", error)
        else:
            self._edition = edition
            self.state = State(self._now())
            log.info("content %s taken over", edition.library.version)
        return self.state

    async def watch(self) -> None:
        """Reload on every change under the folder, until cancelled; runs beside the servers."""
        from watchfiles import awatch  # only a bot that serves watches

        try:
            async for _ in awatch(self._folder, debounce=400, step=50):
                await asyncio.to_thread(self.reload)
        except OSError as error:  # too many watches on this machine, or the folder is gone
            log.warning("the content is not watched, changes wait for a restart or reload: %s", error)

    def _read(self) -> Edition:
        library = read(self._folder)
        return Edition(library, Search(library, self._model))
