"""Whose turn it is to do what one process of several may do at a time: a lock with a lease.

No clock is compared with another. On PostgreSQL the lock is a session's, on a connection of its own, and the
server ends a session that says nothing for as long as the lease: a process that died loses the lock at once,
one that hangs or whose host vanished loses it when the lease is over. On SQLite every process is on one
machine, and the system itself takes the lock from a process that ends.
"""

from __future__ import annotations

import fcntl
import os
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import IO, Protocol

from sqlalchemy.engine import URL

from bot.errors import StoreUnavailableError
from bot.store.database import build_database_url

LOCK_LEASE = 12.0  # seconds; whoever holds the lock asks several times in it


class _LockBackend(Protocol):
    def acquire_or_renew(self) -> bool: ...

    def release(self) -> None: ...


class LeaderLock:
    """The lock of one purpose on the database that these settings name; threads may share it.

    Args:
        data: the folder of the SQLite file.
        database_url: another database; None for the file in `data`.
        purpose: what it is the turn for; those of different purposes do not exclude each other.
        lease: seconds after which PostgreSQL takes the lock from a process that says nothing.
    """

    def __init__(
        self, data_dir: Path, database_url: str | None, purpose: str, lease: float = LOCK_LEASE
    ) -> None:
        self._data_dir = data_dir
        self._database_url = database_url
        self._purpose_hash = blake2b(purpose.encode(), digest_size=8).digest()
        self._lease = lease
        self._backend: _LockBackend | None = None
        self._thread_lock = Lock()

    def acquire_or_renew(self) -> bool:
        """Take the turn, or prove that it still is this process's; False while it is another's.

        Raises:
            StoreAway: when the database does not answer in time; then nobody can tell.
            SettingsError: when the database cannot keep a lock.
        """
        with self._thread_lock:
            if self._backend is None:
                self._backend = self._create_backend(build_database_url(self._data_dir, self._database_url))
            return self._backend.acquire_or_renew()

    def release(self) -> None:
        """Let another process have it; the database is told, and not waited for."""
        with self._thread_lock:
            if self._backend is not None:
                self._backend.release()

    def _create_backend(self, url: URL) -> _LockBackend:
        if url.get_backend_name() == "sqlite":
            return _FileLock(Path(f"{url.database}.{self._purpose_hash.hex()}.lock"))
        from bot.store.pg_advisory_lock import (
            PgAdvisoryLock,
        )  # and with it psycopg, which SQLite does without

        return PgAdvisoryLock(url, int.from_bytes(self._purpose_hash, "big", signed=True), self._lease)


class _FileLock:
    """A lock on a file beside the database: on the database itself, closing it would end SQLite's locks."""

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
        """Whether the file is still the one that others find: somebody may have tidied it away."""
        return self._path.exists() and os.path.samestat(os.fstat(file.fileno()), self._path.stat())
