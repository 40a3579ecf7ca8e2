"""Where things are kept on this machine: the store and the keys, each opened when first asked for."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from bot.errors import SettingsError, StoreAway
from bot.store.keys import Ring, ring_in, ring_of

if TYPE_CHECKING:
    from bot.store.store import Store

_OPENING = 2.0  # seconds that one waits for another's opening


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

    def close(self) -> None:
        """Let go of the connections."""
        if self._store is not None:
            self._store.close()
            self._store = None

    def _opened(self) -> Store:
        from bot.store.store import Store

        return Store.open(self._data, self._database_url)

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
