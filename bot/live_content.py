"""The content snapshot that is served now. A change is swapped in whole or not at all."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from bot.content.loader import load_content
from bot.content.reload_status import ReloadStatus
from bot.daemon_thread import run_in_daemon_thread
from bot.domain.search import SearchIndex, SemanticModel
from bot.errors import ContentError, ContentProblem
from bot.service import ContentSnapshot

log = logging.getLogger(__name__)


class LiveContent:
    """Holds the current content snapshot.

    Args:
        content_dir: the content folder.
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
        """The content snapshot that is served now."""
        return self._snapshot

    def reload(self) -> ReloadStatus:
        """Read the folder again; on a problem the last good snapshot stays.

        Raises:
            Exception: a bug of ours; it is in the reload status first, so that `admin status` does not say that
                all is well.
        """
        try:
            snapshot = self._load_snapshot()
            snapshot.search.warm_up()  # here, in the watcher's thread, and not at the first question
        except ContentError as error:
            self._keep_snapshot(error.problems)
            log.warning("content reload failed with %d problems:\n%s", len(error.problems), error)
        except OSError as error:  # a file vanished between listing and reading: the next change tells
            self._keep_snapshot((self._describe_failure(f"could not be read: {error}"),))
            log.warning(
                "content reload failed: %s; still serving version %s", error, self._snapshot.library.version
            )
        except Exception as error:
            self._keep_snapshot((self._describe_failure(f"reload failed: {type(error).__name__}"),))
            raise
        else:
            self._snapshot = snapshot
            self.reload_status = ReloadStatus(self._now())
            log.info("content reloaded: version %s", snapshot.library.version)
        return self.reload_status

    async def watch(self) -> None:
        """Reload on every change under the folder, until cancelled."""
        from watchfiles import awatch  # only a bot that serves watches

        if self.reload_status.problems:  # started again after a failure: what changed meanwhile is read now
            await run_in_daemon_thread(self.reload, "content reload")
        async for _ in awatch(self._content_dir, debounce=400, step=50):
            await run_in_daemon_thread(self.reload, "content reload")

    def _keep_snapshot(self, problems: Sequence[ContentProblem]) -> None:
        self.reload_status = ReloadStatus(self.reload_status.loaded_at, tuple(problems))

    def _describe_failure(self, message: str) -> ContentProblem:
        return ContentProblem(self._content_dir, 1, 1, "", message)

    def _load_snapshot(self) -> ContentSnapshot:
        library = load_content(self._content_dir)
        return ContentSnapshot(library, SearchIndex(library, self._model))
