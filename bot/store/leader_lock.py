"""Leader election: a lock with a lease that one process of several may hold.

No clock is compared with another. On PostgreSQL it is a session-level advisory lock on a connection of its own,
and the server ends a session that is silent for longer than the lease: a process that died loses the lock at
once, one that hangs or whose host is gone loses it when the lease ends. The holder therefore renews several
times in a lease. On SQLite every process is on one machine, and the operating system takes a file lock from a
process that ends.
"""

from __future__ import annotations

import fcntl
import os
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import IO, Protocol

from sqlalchemy.engine import URL

from bot import timing
from bot.errors import StoreUnavailableError
from bot.store.database import build_database_url


class _LockBackend(Protocol):
    def acquire_or_renew(self) -> bool: ...

    def release(self) -> None: ...


class LeaderLock:
    """A leader lock for one purpose: only one process may hold it. Threads may share it.

    Args:
        data_dir: the folder of the SQLite file.
        database_url: another database; None for the file in `data_dir`.
        purpose: what its holder may do; locks of different purposes are independent.
        lease: seconds after which PostgreSQL takes the lock from a silent process.
    """

    def __init__(
        self, data_dir: Path, database_url: str | None, purpose: str, lease: float = timing.LEADER_LEASE
    ) -> None:
        self._data_dir = data_dir
        self._database_url = database_url
        self._purpose_hash = blake2b(purpose.encode(), digest_size=8).digest()
        self._lease = lease
        self._backend: _LockBackend | None = None
        self._thread_lock = Lock()

    def acquire_or_renew(self) -> bool:
        """Acquire the lock, or renew it; return False while another process holds it.

        Raises:
            StoreUnavailableError: when the database does not answer in time, so that nobody can tell.
            SettingsError: when the database cannot keep a lock.
        """
        with self._thread_lock:
            if self._backend is None:
                self._backend = self._create_backend(build_database_url(self._data_dir, self._database_url))
            return self._backend.acquire_or_renew()

    def release(self) -> None:
        """Release the lock without waiting for the database."""
        with self._thread_lock:
            if self._backend is not None:
                self._backend.release()

    def _create_backend(self, url: URL) -> _LockBackend:
        if url.get_backend_name() == "sqlite":
            return _FileLock(Path(f"{url.database}.{self._purpose_hash.hex()}.lock"))
        # Imports psycopg, which SQLite does not need.
        from bot.store.pg_advisory_lock import PgAdvisoryLock

        return PgAdvisoryLock(url, int.from_bytes(self._purpose_hash, "big", signed=True), self._lease)


class _FileLock:
    """A lock on a file next to the database; a lock on the database file would disturb SQLite's own."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def acquire_or_renew(self) -> bool:
        try:
            if self._file is not None and self._is_current(self._file):
                return True
            self.release()
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("ab")
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.release()
            return False
        except OSError as error:
            self.release()
            raise StoreUnavailableError(f"{self._path}: {error.strerror}") from error
        return True

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _is_current(self, file: IO[bytes]) -> bool:
        """Return whether the path still names this file; if it was deleted, others lock another one."""
        return self._path.exists() and os.path.samestat(os.fstat(file.fileno()), self._path.stat())
