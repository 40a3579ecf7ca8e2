"""Whose turn it is to do what one process of several may do at a time: a lock with a lease.

No clock is compared with another. On PostgreSQL the lock is a session's, on a connection of its own, and the
server ends a session that says nothing for as long as the lease: a process that died loses the lock at once,
one that hangs or whose host vanished loses it when the lease is over. On SQLite every process is on one
machine, and the system itself takes the lock from a process that ends.
"""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from threading import Lock, Timer
from typing import IO, Any, Protocol

import psycopg
from sqlalchemy.engine import URL

from bot.errors import SettingsError, StoreAway
from bot.store.database import LINK, address

LEASE = 12.0  # seconds; whoever holds the lock asks several times in it
_PATIENCE = 2.0  # seconds for the database's word
# Asked by who has the lock it says so again, and the session is not idle; each time is one statement.
_HOLD = "SELECT set_config('idle_session_timeout', %s, false), pg_try_advisory_lock(%s)"


class _Lock(Protocol):
    def hold(self) -> bool: ...

    def release(self) -> None: ...


class Turn:
    """The lock of one purpose on the database that these settings name; threads may share it.

    Args:
        data: the folder of the SQLite file.
        database_url: another database; None for the file in `data`.
        purpose: what it is the turn for; those of different purposes do not exclude each other.
        lease: seconds after which PostgreSQL takes the lock from a process that says nothing.
    """

    def __init__(self, data: Path, database_url: str | None, purpose: str, lease: float = LEASE) -> None:
        self._data = data
        self._database_url = database_url
        self._mark = blake2b(purpose.encode(), digest_size=8).digest()
        self._lease = lease
        self._lock: _Lock | None = None
        self._one = Lock()

    def hold(self) -> bool:
        """Take the turn, or prove that it still is this process's; False while it is another's.

        Raises:
            StoreAway: when the database does not answer in time; then nobody can tell.
            SettingsError: when the database cannot keep a lock.
        """
        with self._one:
            if self._lock is None:
                self._lock = self._on(address(self._data, self._database_url))
            return self._lock.hold()

    def release(self) -> None:
        """Let another process have it, at once."""
        with self._one:
            if self._lock is not None:
                self._lock.release()

    def _on(self, url: URL) -> _Lock:
        if url.get_backend_name() == "sqlite":
            return _File(Path(f"{url.database}.{self._mark.hex()}.lock"))
        return _Session(url, int.from_bytes(self._mark, "big", signed=True), self._lease)


class _File:
    """A lock on a file beside the database: on the database itself, closing it would end SQLite's locks."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def hold(self) -> bool:
        try:
            if self._file is not None and self._stands(self._file):
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
            raise StoreAway(f"{self._path}: {error.strerror}") from error
        return True

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _stands(self, file: IO[bytes]) -> bool:
        """Whether the file is still the one that others find: somebody may have tidied it away."""
        return self._path.exists() and os.path.samestat(os.fstat(file.fileno()), self._path.stat())


class _Session:
    """An advisory lock of a session on PostgreSQL."""

    def __init__(self, url: URL, number: int, lease: float) -> None:
        self._url = url
        self._values = (str(round(lease * 1_000)), number)
        self._connection: psycopg.Connection[Any] | None = None

    def hold(self) -> bool:
        if self._connection is not None:
            with suppress(psycopg.Error):
                return self._asked(self._connection)
            self.release()  # the session has ended, and who has the lock now a new one is told
        try:
            self._connection = self._connected()
            return self._asked(self._connection)
        except psycopg.errors.UndefinedObject as error:
            self.release()
            raise SettingsError(
                "DATABASE_URL: several processes need PostgreSQL 14 or newer to take turns"
            ) from error
        except psycopg.Error as error:
            self.release()
            raise StoreAway(str(error)) from error

    def release(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> psycopg.Connection[Any]:
        words, names = self._url.get_dialect()().create_connect_args(self._url)
        return psycopg.connect(*words, **{**names, **LINK}, autocommit=True)

    def _asked(self, connection: psycopg.Connection[Any]) -> bool:
        with _hung_up_on(connection, _PATIENCE):
            row = connection.execute(_HOLD, self._values).fetchone()
        assert row is not None
        return bool(row[1])


@contextmanager
def _hung_up_on(connection: psycopg.Connection[Any], seconds: float) -> Iterator[None]:
    """Hang up when it takes longer: for a server that froze libpq itself would wait for ever."""
    with socket.socket(fileno=os.dup(connection.fileno())) as line:

        def hang_up() -> None:
            with suppress(OSError):  # the server was faster
                line.shutdown(socket.SHUT_RDWR)

        timer = Timer(seconds, hang_up)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()
