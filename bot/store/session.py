"""A lock of a session on PostgreSQL, on a connection of its own: the server ends one that says nothing."""

from __future__ import annotations

from contextlib import suppress

import psycopg
from sqlalchemy.engine import URL

from bot.errors import SettingsError, StoreAway
from bot.store.link import PATIENCE, Link

# Asked by who has the lock it says so again, and the session is not idle; each time is one statement.
_HOLD = "SELECT set_config('idle_session_timeout', %s, false), pg_try_advisory_lock(%s)"


class Session:
    """The lock.

    Args:
        number: what PostgreSQL calls it; 64 bits, signed.
        lease: seconds after which a session that says nothing is ended.
    """

    def __init__(self, url: URL, number: int, lease: float) -> None:
        self._url = url
        self._values = (str(round(lease * 1_000)), number)
        self._connection: Link | None = None

    def hold(self) -> bool:
        """Take the lock, or prove that it is still ours.

        Raises:
            StoreAway: when the database does not answer in time.
            SettingsError: when it ends no idle sessions.
        """
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
                "DATABASE_URL: this PostgreSQL is too old; Discord needs version 14 or newer"
            ) from error
        except psycopg.Error as error:
            self.release()
            raise StoreAway(str(error)) from error

    def release(self) -> None:
        """End the session, and with it the lock."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> Link:
        words, names = self._url.get_dialect()().create_connect_args(self._url)
        return Link.connect(*words, **{**names, **PATIENCE}, autocommit=True)

    def _asked(self, connection: Link) -> bool:
        row = connection.execute(_HOLD, self._values).fetchone()
        assert row is not None
        return bool(row[1])
