"""Rows that are messages to send: tips, and words about them. Each is claimed by one process, sent, settled.

    new -> claimed -> sending -> sent | failed (tried again) | unknown | skipped

A process that dies leaves a lease. What it had claimed and not begun to send is claimed again; what it was
sending may stand there: it is sent again only where the platform takes the same key once, else it is
unknown. `due_at` says when to look at a row again; a row without it is over and done with. Each method of
`Outbox` is a step inside the transaction of whoever calls it; each of `Claims` is a transaction.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Table, Text, bindparam, func, literal_column, select, update
from sqlalchemy.sql import Select

from bot.store.database import Database
from bot.store.records import ClaimResult

CLAIM_LEASE = timedelta(seconds=60)
"""So long who claimed a row, or began to send it, is left in peace."""
IDEMPOTENCY_WINDOW = timedelta(minutes=2)
"""So long a platform that knows keys surely remembers one."""
RESEND_DELAY = timedelta(seconds=10)
"""So soon what may stand there is sent again under its key."""
_NO_CLAIM = literal_column("''", Text)  # in the statement itself, as in the index of those that have a claim


class Outbox:
    """The steps on the rows of one table."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._claim_condition = (table.c.claim == bindparam("of_claim"), table.c.claim != _NO_CLAIM)
        self._key_condition = [column == bindparam(f"of_{column.name}") for column in table.primary_key]

    def select_due(self, query: Select[Any], platform: str, now: datetime, limit: int) -> Select[Any]:
        """The same selection, of rows that are due and that no other transaction looks at; soonest first."""
        t = self._table.c
        return (
            query.where(t.platform == platform, t.due_at <= now)
            .order_by(t.due_at)
            .limit(max(0, limit))
            .with_for_update(skip_locked=True, of=self._table)
        )

    def select_next_due(self, platform: str) -> Any:
        """When the next of a platform's rows is due, as part of a selection."""
        t = self._table.c
        found = select(t.due_at).where(t.platform == platform, t.due_at.is_not(None))
        return found.order_by(t.due_at).limit(1).scalar_subquery()

    def claim_rows(self, connection: Connection, rows: Sequence[Row[Any]], now: datetime) -> list[str]:
        """Claim rows; the claims, one a row."""
        claims = [create_claim_token() for _ in rows]
        if rows:
            wanted = (
                update(self._table)
                .where(*self._key_condition)
                .values(state="claimed", claim=bindparam("to_claim"), due_at=now + CLAIM_LEASE, at=now)
            )
            keys = (self._key_parameters(row) for row in rows)
            named = [{**key, "to_claim": claim} for key, claim in zip(keys, claims, strict=True)]
            connection.execute(wanted, named)
        return claims

    def mark_sending(
        self, connection: Connection, claim_tokens: Collection[str], now: datetime
    ) -> frozenset[str]:
        """Say that the sending begins; the claims that were not lost meanwhile: only these may be sent."""
        t = self._table.c
        begun = connection.scalars(
            update(self._table)
            .where(t.claim.in_(claim_tokens), t.claim != _NO_CLAIM, t.state == "claimed")
            .values(
                state="sending", due_at=now + CLAIM_LEASE, at=now, begun_at=func.coalesce(t.begun_at, now)
            )
            .returning(t.claim)
        )
        return frozenset(begun)

    def release(self, connection: Connection, claim_tokens: Collection[str], now: datetime) -> None:
        """Let anybody claim what was not begun."""
        t = self._table.c
        connection.execute(
            update(self._table)
            .where(t.claim.in_(claim_tokens), t.claim != _NO_CLAIM, t.state == "claimed")
            .values(claim="", due_at=now)
        )

    def mark_sent(self, connection: Connection, results: Sequence[ClaimResult], now: datetime) -> None:
        """They stand there; so does one that was thought lost meanwhile."""
        if results:
            wanted = (
                update(self._table)
                .where(*self._claim_condition)
                .values(
                    state="sent", message=bindparam("to_message"), claim="", due_at=None, reason="", at=now
                )
            )
            named = [{"of_claim": one.claim_token, "to_message": one.platform_message_id} for one in results]
            connection.execute(wanted, named)

    def find_by_claim(self, connection: Connection, claim_token: str) -> Row[Any] | None:
        """The row of a claim; None when it was lost."""
        t = self._table.c
        wanted = select(self._table).where(t.claim == claim_token, t.claim != _NO_CLAIM)
        wanted = wanted.where(t.state.in_(("claimed", "sending"))).with_for_update()
        return connection.execute(wanted).one_or_none()

    def record_result(self, connection: Connection, row: Row[Any], now: datetime, **values: Any) -> None:
        """Write what became of a row."""
        settled = {"claim": "", "due_at": None, "at": now, **values}
        connection.execute(
            update(self._table).where(*self._key_condition).values(settled), self._key_parameters(row)
        )

    def reschedule(
        self, connection: Connection, row: Row[Any], now: datetime, retry_at: datetime, reason: str
    ) -> None:
        """Try a row again, which this try surely did not send."""
        if has_earlier_uncertain_attempt(row):
            self.reschedule_uncertain(connection, row, now, retry_at, reason)
        else:
            self.record_result(
                connection, row, now, state="failed", due_at=retry_at, reason=reason, begun_at=None
            )

    def reschedule_uncertain(
        self, connection: Connection, row: Row[Any], now: datetime, retry_at: datetime, reason: str
    ) -> None:
        """Try a row again, under the same key, which may stand there."""
        self.record_result(connection, row, now, state="sending", due_at=retry_at, reason=reason)

    def _key_parameters(self, row: Row[Any]) -> dict[str, Any]:
        return {f"of_{column.name}": row._mapping[column.name] for column in self._table.primary_key}


class ClaimQueue:
    """What a process does with the rows that it claimed, tips and words alike."""

    def __init__(self, database: Database, table: Table) -> None:
        self._database = database
        self._outbox = Outbox(table)

    def mark_sending(self, claim_tokens: Collection[str], now: datetime) -> frozenset[str]:
        """Say that the sending begins; the claims that were not lost meanwhile: only these may be sent."""
        with self._database.write() as connection:
            return self._outbox.mark_sending(connection, claim_tokens, now)

    def release(self, claim_tokens: Collection[str], now: datetime) -> None:
        """Let anybody claim what was not begun."""
        with self._database.write() as connection:
            self._outbox.release(connection, claim_tokens, now)


def create_claim_token() -> str:
    """A claim that is nobody else's."""
    return secrets.token_hex(8)


def has_earlier_uncertain_attempt(row: Row[Any]) -> bool:
    """Whether a try before the one that a claim was for may have sent a row."""
    return row.begun_at is not None and bool(row.begun_at != row.at)


def is_uncertain(row: Row[Any], now: datetime, idempotent_platforms: Collection[str]) -> bool:
    """Whether a row may stand there already and must not be sent again."""
    if row.begun_at is None:
        return False
    return row.platform not in idempotent_platforms or now - row.begun_at >= IDEMPOTENCY_WINDOW
