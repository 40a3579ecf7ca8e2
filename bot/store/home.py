"""Where things are kept on this machine: the store and the keys, each opened when first asked for."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING

from bot.errors import SettingsError, StoreAway
from bot.store.keys import Ring, ring_in, ring_of

if TYPE_CHECKING:
    from bot.store.store import Store
    from bot.store.turn import Turn

log = logging.getLogger(__name__)

_OPENING = 2.0  # seconds that one waits for another's opening
_WAITING = 1_000  # pieces of later work; more is not worth the memory
_LAST = 3.0  # seconds for what is still waiting when the bot stops


class Home:
    """Nothing is imported, created or connected to before it is needed.

    Args:
        data: the folder of the SQLite file and of the key.
        database_url: another database, or another SQLite file; None for the file in `data`.
        secrets: the keys from the settings; empty for the key file.

    Raises:
        SettingsError: when several machines may share the database and no key was given to them.
    """

    def __init__(self, data: Path, database_url: str | None, secrets: tuple[str, ...]) -> None:
        if not secrets and database_url is not None and not database_url.startswith("sqlite"):
            raise SettingsError(
                "CAREER_BOT_SECRET: every process on this database needs the same key; set one, "
                "say the output of: openssl rand -hex 32"
            )
        self._data = data
        self._database_url = database_url
        self._secrets = secrets
        self._lock = Lock()
        self._keys: Ring | None = None
        self._store: Store | None = None
        self._later = ThreadPoolExecutor(max_workers=1, thread_name_prefix="later")
        self._room = BoundedSemaphore(_WAITING)

    @property
    def keys(self) -> Ring:
        """The keys: from the settings, else from the file beside the database.

        Raises:
            SettingsError: when there is no place to keep a key.
        """
        if self._keys is None:
            self._keys = ring_of(self._secrets) if self._secrets else self._kept_keys()
        return self._keys

    @property
    def store(self) -> Store:
        """The store, with its tables brought up to date.

        Raises:
            StoreAway: when the database does not answer; the next call tries again.
            SettingsError: when the address names no database that this bot can use.
        """
        if self._store is None:
            if not self._lock.acquire(timeout=_OPENING):
                raise StoreAway("the database is still being opened")
            try:
                if self._store is None:
                    self._store = self._opened()
            finally:
                self._lock.release()
        return self._store

    @property
    def is_empty(self) -> bool:
        """Whether the SQLite file is not there yet; a look at it through `store` would make it."""
        from bot.store.database import address

        url = address(self._data, self._database_url)
        return url.get_backend_name() == "sqlite" and not Path(url.database or "").exists()

    def turn(self, purpose: str) -> Turn:
        """The lock on this database of what one process may do at a time; nothing is connected to yet."""
        from bot.store.turn import Turn

        return Turn(self._data, self._database_url, purpose)

    def later(self, work: Callable[[Store], None]) -> None:
        """Write a count that no answer waits for; lost when the database is away, and the log says so."""
        if not self._room.acquire(blocking=False):
            log.warning("too much waits for the database; a count is lost")
            return
        self._later.submit(lambda: work(self.store)).add_done_callback(self._written)

    def wait(self, seconds: float = _LAST) -> None:
        """Wait until what was left for later is written.

        Raises:
            TimeoutError: when it takes longer.
        """
        self._later.submit(lambda: None).result(seconds)

    def _written(self, work: Future[None]) -> None:
        self._room.release()
        if not work.cancelled() and (error := work.exception()) is not None:
            log.warning("a count is lost: %s: %s", type(error).__name__, error)

    def close(self) -> None:
        """Write what waits, for three seconds at most, and let go of the connections."""
        try:
            self.wait()
        except TimeoutError:
            log.warning("what waited for the database is lost")
        self._later.shutdown(wait=False, cancel_futures=True)
        if self._store is not None:
            self._store.close()
            self._store = None

    def _opened(self) -> Store:
        from bot.store.store import Store

        return Store.open(self._data, self._database_url, self.keys)

    def _kept_keys(self) -> Ring:
        from bot.store.database import address

        folder = Path(address(self._data, self._database_url).database or "").parent
        try:
            return ring_in(folder)
        except OSError as error:
            raise SettingsError(
                f"CAREER_BOT_DATA: cannot keep a key in {folder} ({error.strerror}); "
                "choose a folder that this program may write, or set CAREER_BOT_SECRET"
            ) from error
