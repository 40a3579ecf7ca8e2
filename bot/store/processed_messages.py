"""Which messages were answered already, by this process or another."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete

from bot import timing
from bot.store.database import Database
from bot.store.tables import PROCESSED_MESSAGES
from bot.store.upsert import build_insert


class ProcessedMessages:
    """One row a message, for 24 hours."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._next_cleanup_at: datetime | None = None

    def check_and_mark_processed(self, platform: str, workspace: str, key: str, now: datetime) -> bool:
        """Return whether the message was seen in the last 24 hours, and mark it as seen.

        Of processes that ask at once about one key exactly one gets False.
        """
        with self._database.write() as connection:
            row = {"platform": platform, "workspace": workspace, "key": key, "seen_at": now}
            insert = (
                build_insert(PROCESSED_MESSAGES, connection)
                .values(row)
                .on_conflict_do_update(
                    index_elements=[*PROCESSED_MESSAGES.primary_key],
                    set_={"seen_at": now},
                    where=PROCESSED_MESSAGES.c.seen_at <= now - timing.PROCESSED_MESSAGE_RETENTION,
                )
                .returning(PROCESSED_MESSAGES.c.key)
            )
            fresh = connection.execute(insert).first() is not None
        self._delete_expired(now)
        return not fresh

    def _delete_expired(self, now: datetime) -> None:
        """Delete rows older than a day, once an hour: not at each message, which would cost a write more."""
        if self._next_cleanup_at is not None and now < self._next_cleanup_at:
            return
        self._next_cleanup_at = now + timing.PROCESSED_MESSAGE_CLEANUP_INTERVAL
        with self._database.write() as connection:
            connection.execute(
                delete(PROCESSED_MESSAGES).where(
                    PROCESSED_MESSAGES.c.seen_at <= now - timing.PROCESSED_MESSAGE_RETENTION
                )
            )
