"""The storage of one bot: the store and the keys, each opened at its first use."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING

from bot import timing
from bot.errors import SettingsError, StoreUnavailableError
from bot.store.key_ring import KeyRing, build_key_ring, load_key_ring

if TYPE_CHECKING:
    from bot.store.leader_lock import LeaderLock
    from bot.store.store import Store

log = logging.getLogger(__name__)

_MAX_PENDING_WRITES = 1_000  # counters that wait; more is not worth the memory


class Storage:
    """Opens the store and the keys. Nothing is imported, created or connected to before it is needed.

    Args:
        data_dir: the folder of the SQLite file and of the key.
        database_url: another database, or another SQLite file; None for the file in `data_dir`.
        secrets: the keys from the settings; empty for the key file.

    Raises:
        SettingsError: when several machines may share the database and no key was given to them.
    """

    def __init__(self, data_dir: Path, database_url: str | None, secrets: tuple[str, ...]) -> None:
        if not secrets and database_url is not None and not database_url.startswith("sqlite"):
            raise SettingsError(
                "CAREER_BOT_SECRET_KEYS: every process on this database needs the same key",
                "set one, such as the output of: openssl rand -hex 32",
            )
        self._data_dir = data_dir
        self._database_url = database_url
        self._secrets = secrets
        self._open_lock = Lock()
        self._key_ring: KeyRing | None = None
        self._store: Store | None = None
        self._write_executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="later")
        self._write_permits = BoundedSemaphore(_MAX_PENDING_WRITES)

    def load_keys(self) -> KeyRing:
        """Return the keys: from the settings, else from the file next to the database, made at the first call.

        Raises:
            SettingsError: when there is no place to keep a key.
        """
        if self._key_ring is None:
            self._key_ring = build_key_ring(self._secrets) if self._secrets else self._load_key_file()
        return self._key_ring

    def open_store(self) -> Store:
        """Return the store; the first call connects and migrates the tables.

        Raises:
            StoreUnavailableError: when the database does not answer; the next call tries again.
            SettingsError: when the address names no database that this bot can use.
        """
        if self._store is None:
            if not self._open_lock.acquire(timeout=timing.STORE_OPEN_TIMEOUT):
                raise StoreUnavailableError("the database is still being opened")
            try:
                if self._store is None:
                    self._store = self._create_store()
            finally:
                self._open_lock.release()
        return self._store

    def has_no_file(self) -> bool:
        """Return whether the SQLite file does not exist yet; `open_store` would create it."""
        from bot.store.database import build_database_url

        url = build_database_url(self._data_dir, self._database_url)
        return url.get_backend_name() == "sqlite" and not Path(url.database or "").exists()

    def create_leader_lock(self, purpose: str) -> LeaderLock:
        """Create the leader lock of one purpose; it connects at its first use."""
        from bot.store.leader_lock import LeaderLock

        return LeaderLock(self._data_dir, self._database_url, purpose)

    def enqueue_write(self, write: Callable[[Store], None]) -> None:
        """Write a counter in the background; it is dropped, with a log line, when the database does not answer."""
        if not self._write_permits.acquire(blocking=False):
            log.warning("dropped a usage counter: %d wait for the database", _MAX_PENDING_WRITES)
            return
        self._write_executor.submit(lambda: write(self.open_store())).add_done_callback(self._on_write_done)

    def flush(self, timeout: float = timing.STORE_FLUSH_TIMEOUT) -> None:
        """Wait until all counters are written.

        Raises:
            TimeoutError: when it takes longer.
        """
        self._write_executor.submit(lambda: None).result(timeout)

    def _on_write_done(self, future: Future[None]) -> None:
        self._write_permits.release()
        if not future.cancelled() and (error := future.exception()) is not None:
            log.warning("dropped a usage counter: %s: %s", type(error).__name__, error)

    def close(self) -> None:
        """Write the counters that wait, within the flush timeout, and close the connections."""
        try:
            self.flush()
        except TimeoutError:
            log.warning("dropped usage counters: the database did not answer before the stop")
        self._write_executor.shutdown(wait=False, cancel_futures=True)
        if self._store is not None:
            self._store.close()
            self._store = None

    def _create_store(self) -> Store:
        from bot.store.store import Store

        return Store.open(self._data_dir, self._database_url, self.load_keys())

    def _load_key_file(self) -> KeyRing:
        from bot.store.database import build_database_url

        folder = Path(build_database_url(self._data_dir, self._database_url).database or "").parent
        try:
            return load_key_ring(folder)
        except OSError as error:
            raise SettingsError(
                f"CAREER_BOT_DATA_DIR: cannot keep a key in {folder} ({error.strerror})",
                "choose a folder that this program may write, or set CAREER_BOT_SECRET_KEYS",
            ) from error
