"""Which messages were answered already, on this process or another."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete

from bot.store.database import Database
from bot.store.tables import SEEN_MESSAGES
from bot.store.upsert import insert

KEPT = timedelta(hours=24)
_SWEEPS_EVERY = timedelta(hours=1)


class SeenMessages:
    """One row a message, for 24 hours."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sweep_at: datetime | None = None

    def seen(self, platform: str, workspace: str, key: str, now: datetime) -> bool:
        """Whether the message came before in these 24 hours; from now on it has.

        Of processes that ask at once about one key exactly one hears False.
        """
        with self._database.write() as connection:
            row = {"platform": platform, "workspace": workspace, "key": key, "seen_at": now}
            wanted = (
                insert(SEEN_MESSAGES, connection)
                .values(row)
                .on_conflict_do_update(
                    index_elements=[*SEEN_MESSAGES.primary_key],
                    set_={"seen_at": now},
                    where=SEEN_MESSAGES.c.seen_at <= now - KEPT,
                )
                .returning(SEEN_MESSAGES.c.key)
            )
            fresh = connection.execute(wanted).first() is not None
        self._sweep(now)
        return not fresh

    def _sweep(self, now: datetime) -> None:
        """Once an hour, what is older than a day goes."""
        if self._sweep_at is not None and now < self._sweep_at:
            return
        self._sweep_at = now + _SWEEPS_EVERY
        with self._database.write() as connection:
            connection.execute(delete(SEEN_MESSAGES).where(SEEN_MESSAGES.c.seen_at <= now - KEPT))
