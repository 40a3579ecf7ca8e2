"""Which messages were answered already, on this process or another."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete

from bot.store.database import Database
from bot.store.tables import PROCESSED_MESSAGES
from bot.store.upsert import build_insert

RETENTION = timedelta(hours=24)
_CLEANUP_INTERVAL = timedelta(hours=1)


class ProcessedMessages:
    """One row a message, for 24 hours."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._next_cleanup_at: datetime | None = None

    def check_and_mark_processed(self, platform: str, workspace: str, key: str, now: datetime) -> bool:
        """Whether the message came before in these 24 hours; from now on it has.

        Of processes that ask at once about one key exactly one hears False.
        """
        with self._database.write() as connection:
            row = {"platform": platform, "workspace": workspace, "key": key, "seen_at": now}
            wanted = (
                build_insert(PROCESSED_MESSAGES, connection)
                .values(row)
                .on_conflict_do_update(
                    index_elements=[*PROCESSED_MESSAGES.primary_key],
                    set_={"seen_at": now},
                    where=PROCESSED_MESSAGES.c.seen_at <= now - RETENTION,
                )
                .returning(PROCESSED_MESSAGES.c.key)
            )
            fresh = connection.execute(wanted).first() is not None
        self._delete_expired(now)
        return not fresh

    def _delete_expired(self, now: datetime) -> None:
        """Once an hour, what is older than a day goes."""
        if self._next_cleanup_at is not None and now < self._next_cleanup_at:
            return
        self._next_cleanup_at = now + _CLEANUP_INTERVAL
        with self._database.write() as connection:
            connection.execute(
                delete(PROCESSED_MESSAGES).where(PROCESSED_MESSAGES.c.seen_at <= now - RETENTION)
            )
