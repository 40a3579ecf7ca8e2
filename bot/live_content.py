"""The edition that is served now. A change is swapped in whole or not at all."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bot.content.loader import load_content
from bot.content.reload_status import ReloadStatus
from bot.domain.search import SearchIndex, SemanticModel
from bot.errors import ContentError, ContentProblem
from bot.service import ContentSnapshot

log = logging.getLogger(__name__)


class LiveContent:
    """Holds the current edition.

    Args:
        folder: the content folder.
        now: the clock, aware, UTC.
        model: reads questions for their meaning; None for words alone.

    Raises:
        ContentError: when the folder does not read at the first start; then there is nothing to serve.
    """

    def __init__(
        self, content_dir: Path, now: Callable[[], datetime], model: SemanticModel | None = None
    ) -> None:
        self._content_dir = content_dir
        self._now = now
        self._model = model
        self._snapshot = self._load_snapshot()
        self.reload_status = ReloadStatus(now())

    @property
    def snapshot(self) -> ContentSnapshot:
        """The edition that is served now."""
        return self._snapshot

    def reload(self) -> ReloadStatus:
        """Read the folder again; on a problem the last good edition stays."""
        try:
            edition = self._load_snapshot()
            edition.search.warm_up()  # here, in the watcher's thread, and not at the first question
        except ContentError as error:
            self.reload_status = ReloadStatus(self.reload_status.loaded_at, error.problems)
            log.warning("content not taken over, %d problems:\n%s", len(error.problems), error)
        except OSError as error:  # a file vanished between listing and reading: the next change tells
            problem = ContentProblem(self._content_dir, 1, 1, "", f"could not be read: {error}")
            self.reload_status = ReloadStatus(self.reload_status.loaded_at, (problem,))
            log.warning("content not taken over: %s", error)
        else:
            self._snapshot = edition
            self.reload_status = ReloadStatus(self._now())
            log.info("content %s taken over", edition.library.version)
        return self.reload_status

    async def watch(self) -> None:
        """Reload on every change under the folder, until cancelled; runs beside the servers."""
        from watchfiles import awatch  # only a bot that serves watches

        try:
            async for _ in awatch(self._content_dir, debounce=400, step=50):
                await asyncio.to_thread(self.reload)
        except OSError as error:  # too many watches on this machine, or the folder is gone
            log.warning("the content is not watched, changes wait for a restart or reload: %s", error)

    def _load_snapshot(self) -> ContentSnapshot:
        library = load_content(self._content_dir)
        return ContentSnapshot(library, SearchIndex(library, self._model))
