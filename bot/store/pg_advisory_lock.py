"""A lock of a session on PostgreSQL, on a connection of its own: the server ends one that says nothing."""

from __future__ import annotations

from contextlib import suppress

import psycopg
from sqlalchemy.engine import URL

from bot.errors import SettingsError, StoreUnavailableError
from bot.store.pg_connection import CONNECT_OPTIONS, PgConnection

# Asked by who has the lock it says so again, and the session is not idle; each time is one statement.
_ACQUIRE_QUERY = "SELECT set_config('idle_session_timeout', %s, false), pg_try_advisory_lock(%s)"


class PgAdvisoryLock:
    """The lock.

    Args:
        number: what PostgreSQL calls it; 64 bits, signed.
        lease: seconds after which a session that says nothing is ended.
    """

    def __init__(self, url: URL, lock_id: int, lease: float) -> None:
        self._url = url
        self._query_values = (str(round(lease * 1_000)), lock_id)
        self._connection: PgConnection | None = None

    def acquire_or_renew(self) -> bool:
        """Take the lock, or prove that it is still ours.

        Raises:
            StoreAway: when the database does not answer in time.
            SettingsError: when it ends no idle sessions.
        """
        if self._connection is not None:
            with suppress(psycopg.Error):
                return self._query_lock(self._connection)
            self.release()  # the session has ended, and who has the lock now a new one is told
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
        words, names = self._url.get_dialect()().create_connect_args(self._url)
        return PgConnection.connect(*words, **{**names, **CONNECT_OPTIONS}, autocommit=True)

    def _query_lock(self, connection: PgConnection) -> bool:
        row = connection.execute(_ACQUIRE_QUERY, self._query_values).fetchone()
        assert row is not None
        return bool(row[1])
