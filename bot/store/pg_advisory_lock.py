"""A session-level advisory lock of PostgreSQL, on a connection of its own."""

from __future__ import annotations

from contextlib import suppress

import psycopg
from sqlalchemy.engine import URL

from bot.errors import SettingsError, StoreUnavailableError
from bot.store.pg_connection import CONNECT_OPTIONS, PgConnection

# One statement acquires and renews: for the holder it succeeds again, and its session is no longer idle.
_ACQUIRE_QUERY = "SELECT set_config('idle_session_timeout', %s, false), pg_try_advisory_lock(%s)"


class PgAdvisoryLock:
    """One advisory lock.

    Args:
        lock_id: its number in PostgreSQL; 64 bits, signed.
        lease: seconds after which the server ends a silent session.
    """

    def __init__(self, url: URL, lock_id: int, lease: float) -> None:
        self._url = url
        self._query_values = (str(round(lease * 1_000)), lock_id)
        self._connection: PgConnection | None = None

    def acquire_or_renew(self) -> bool:
        """Acquire the lock, or renew it; return False while another session has it.

        Raises:
            StoreUnavailableError: when the database does not answer in time.
            SettingsError: when the server is too old to end idle sessions.
        """
        if self._connection is not None:
            with suppress(psycopg.Error):
                return self._query_lock(self._connection)
            self.release()  # the session has ended; a new one finds out who has the lock
        try:
            self._connection = self._connect()
            return self._query_lock(self._connection)
        except psycopg.errors.UndefinedObject as error:
            self.release()
            raise SettingsError(
                "DATABASE_URL: this PostgreSQL is too old; Discord needs version 14 or newer"
            ) from error
        except psycopg.Error as error:
            self.release()
            raise StoreUnavailableError(str(error)) from error

    def release(self) -> None:
        """End the session, and with it the lock."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connect(self) -> PgConnection:
        arguments, options = self._url.get_dialect()().create_connect_args(self._url)
        return PgConnection.connect(*arguments, **{**options, **CONNECT_OPTIONS}, autocommit=True)

    def _query_lock(self, connection: PgConnection) -> bool:
        row = connection.execute(_ACQUIRE_QUERY, self._query_values).fetchone()
        assert row is not None
        return bool(row[1])
