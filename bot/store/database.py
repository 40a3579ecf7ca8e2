"""The database: `read` never waits for a writer, `write` never loses an update.

SQLite must be a file: a database in memory is not shared by threads, so claims would be made twice. Its
writers begin IMMEDIATE, because a read that becomes a write fails at once, however long the timeout is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from bot import timing
from bot.errors import SettingsError, StoreUnavailableError

DATABASE_FILE_NAME = "career-bot.db"
# Otherwise a statement that ran ten times gets one plan for any values, which cannot use a partial index:
# a claim took half a second instead of ten milliseconds.
_PLAN_CACHE_OPTION = "-c plan_cache_mode=force_custom_plan"
_MAX_CONNECTIONS = 8  # as many as the store's own pool has threads


class Database:
    """Connections to one database.

    Args:
        timeout: seconds that a SQLite writer waits for another.
    """

    def __init__(self, url: URL, timeout: float = timing.SQLITE_LOCK_TIMEOUT) -> None:
        self.url = url
        if url.get_backend_name() == "sqlite":
            self._reader = _create_sqlite_engine(url, "BEGIN", _MAX_CONNECTIONS, timeout)
            self._writer = _create_sqlite_engine(url, "BEGIN IMMEDIATE", 1, timeout)
        else:
            self._reader = self._writer = _create_postgresql_engine(url)
        self._is_closed = False
        for engine in {self._reader, self._writer}:
            event.listen(engine, "checkin", self._close_late_connection)

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is one file."""
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that only reads.

        Raises:
            StoreUnavailableError: when the database does not answer in time.
        """
        with _translate_errors(), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a short transaction that may write; never wait for a network inside one.

        Raises:
            StoreUnavailableError: when the database does not answer in time.
        """
        with _translate_errors(), self._writer.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close the connections; one that a thread still uses is closed when its transaction ends."""
        self._is_closed = True
        self._reader.dispose()
        self._writer.dispose()

    def _close_late_connection(self, _connection: Any, record: ConnectionPoolEntry) -> None:
        """Close what comes back after `close`; the pool that it belongs to is gone and would only drop it."""
        if self._is_closed:
            record.invalidate()


def build_database_url(data_dir: Path, database_url: str | None) -> URL:
    """Return the address of the database: the one that is set, otherwise the file in `data_dir`.

    Raises:
        SettingsError: when it names no database that this bot can use.
    """
    if database_url is None:
        return URL.create("sqlite", database=str(data_dir / DATABASE_FILE_NAME))
    try:
        url = make_url(database_url)
    except ArgumentError as error:
        raise SettingsError("DATABASE_URL: is not an address", _URL_EXAMPLE) from error
    if url.drivername in ("postgres", "postgresql"):  # hosting providers use either; psycopg 3 is installed
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "postgresql+psycopg"):
        raise SettingsError(f"DATABASE_URL: {url.drivername} is not supported", _URL_EXAMPLE)
    if url.drivername == "sqlite" and url.database in (None, "", ":memory:"):
        raise SettingsError(
            "DATABASE_URL: SQLite needs a file here", "such as sqlite:////var/lib/career-bot/bot.db"
        )
    return url


_URL_EXAMPLE = "use postgresql://user:password@host/name or sqlite:////path/to/file.db"


@contextmanager
def _translate_errors() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        # Only the driver's message: a statement's parameters are people's data and must not be logged.
        raise StoreUnavailableError(
            str(getattr(error, "orig", None) or "no free connection in time")
        ) from error
    except DatabaseError as error:
        if type(error) is not DatabaseError:
            raise  # a violated constraint, for example: a defect of ours
        raise StoreUnavailableError(str(error.orig)) from error  # SQLite reports a damaged file so


def _create_sqlite_engine(url: URL, begin_statement: str, pool_size: int, timeout: float) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=timeout,
        hide_parameters=True,
        connect_args={"timeout": timeout, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _set_pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # otherwise the driver begins by itself, and only before a write
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin_transaction(connection: Connection) -> None:
        connection.exec_driver_sql(begin_statement)

    return engine


def _create_postgresql_engine(url: URL) -> Engine:
    from bot.store.pg_connection import (
        CONNECT_OPTIONS,
        TIMEOUT_SECONDS,
        PgConnection,
    )  # imports psycopg, which SQLite does not need

    engine = create_engine(
        url,
        pool_size=_MAX_CONNECTIONS,
        max_overflow=0,
        pool_timeout=TIMEOUT_SECONDS,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={
            **CONNECT_OPTIONS,
            "options": f"-c statement_timeout={TIMEOUT_SECONDS * 1_000} -c timezone=UTC {_PLAN_CACHE_OPTION}",
        },
    )

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: Any, _record: Any, args: Any, kwargs: Any) -> PgConnection:
        return PgConnection.connect(*args, **kwargs)

    return engine
