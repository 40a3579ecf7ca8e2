"""Outbox tables: rows that are claimed, sent and settled. `bot.domain.outbox` decides what a row becomes.

A claim is a lease: a random token and a `due_at` one lease ahead. Only a row that still has the token may be
marked as sending or settled, so a process that was frozen past its lease can neither send nor overwrite what
another process did meanwhile. `due_at` says when to look at a row again; a row without it is over.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, Text, bindparam, func, literal_column, select, update
from sqlalchemy.sql import Select

from bot import timing
from bot.domain.outbox import DeliveryResult, DeliverySent, DeliveryState, OutboxRow, Transition, settle
from bot.store.database import Database

_NO_CLAIM = literal_column("''", Text)  # a literal, so that the partial index matches


class OutboxTable:
    """The rows of one outbox table.

    Public methods are transactions. Those with an underscore are steps inside the caller's.
    """

    def __init__(self, database: Database, table: Table) -> None:
        self._database = database
        self._table = table
        self._key_condition = [column == bindparam(f"of_{column.name}") for column in table.primary_key]

    def mark_sending(self, claim_tokens: Collection[str], now: datetime) -> frozenset[str]:
        """Mark claimed rows as being sent; return the claims that are still valid: only these may be sent."""
        t = self._table.c
        mark = (
            update(self._table)
            .where(t.claim_token.in_(claim_tokens), t.claim_token != _NO_CLAIM)
            .where(t.state == DeliveryState.CLAIMED)
            .values(
                state=DeliveryState.SENDING,
                due_at=now + timing.CLAIM_LEASE,
                updated_at=now,
                send_started_at=func.coalesce(t.send_started_at, now),
                attempts=t.attempts + 1,
            )
            .returning(t.claim_token)
        )
        with self._database.write() as connection:
            return frozenset(connection.scalars(mark))

    def release(self, claim_tokens: Collection[str], now: datetime) -> None:
        """Give up claims whose sending has not begun, so that any process may claim the rows at once."""
        t = self._table.c
        with self._database.write() as connection:
            connection.execute(
                update(self._table)
                .where(t.claim_token.in_(claim_tokens), t.claim_token != _NO_CLAIM)
                .where(t.state == DeliveryState.CLAIMED)
                .values(claim_token="", due_at=now)
            )

    def record_results(
        self,
        results: Sequence[tuple[str, DeliveryResult]],
        now: datetime,
        idempotent_platforms: Collection[str],
    ) -> None:
        """Record what became of claims, with the notifications that follow from it.

        Args:
            results: claim tokens, each with its result; a claim that was lost meanwhile is left alone.
            idempotent_platforms: those that post a message with the same idempotency key once.
        """
        with self._database.write() as connection:
            self._mark_sent(connection, results, now)
            for claim_token, result in results:
                if isinstance(result, DeliverySent):
                    continue
                row = self._find_by_claim(connection, claim_token)
                if row is not None:
                    outbox_row = self._describe(connection, row, idempotent_platforms, result)
                    self._apply(connection, row, settle(outbox_row, result, now), now)

    def select_next_due(self, platform: str) -> Any:
        """Build a scalar subquery: when the next row of a platform is due."""
        t = self._table.c
        due = select(t.due_at).where(t.platform == platform, t.due_at.is_not(None))
        return due.order_by(t.due_at).limit(1).scalar_subquery()

    def _describe(
        self,
        connection: Connection,
        row: Row[Any],
        idempotent_platforms: Collection[str],
        result: DeliveryResult | None = None,
    ) -> OutboxRow:
        """Return what the transition of a row depends on."""
        raise NotImplementedError

    def _follow_up(
        self, connection: Connection, row: Row[Any], transition: Transition, claim_token: str, now: datetime
    ) -> None:
        """Do what follows from a transition: notifications, pauses."""
        raise NotImplementedError

    def _select_due(self, query: Select[Any], platform: str, now: datetime, limit: int) -> Select[Any]:
        """Narrow a query to due rows that no other transaction has locked, soonest first."""
        t = self._table.c
        return (
            query.where(t.platform == platform, t.due_at <= now)
            .order_by(t.due_at)
            .limit(max(0, limit))
            .with_for_update(skip_locked=True, of=self._table)
        )

    def _claim_rows(self, connection: Connection, rows: Sequence[Row[Any]], now: datetime) -> list[str]:
        """Claim rows; return their claim tokens in the same order."""
        tokens = [create_claim_token() for _ in rows]
        if rows:
            lease = {"due_at": now + timing.CLAIM_LEASE, "updated_at": now}
            claim = (
                update(self._table)
                .where(*self._key_condition)
                .values(state=DeliveryState.CLAIMED, claim_token=bindparam("to_token"), **lease)
            )
            keys = (self._key_parameters(row) for row in rows)
            connection.execute(
                claim, [{**key, "to_token": token} for key, token in zip(keys, tokens, strict=True)]
            )
        return tokens

    def _apply(self, connection: Connection, row: Row[Any], transition: Transition, now: datetime) -> None:
        """Write a transition and do what follows from it."""
        # A tip that may be posted keeps its claim: its sender may still report, its notification names it.
        token = (row.claim_token or create_claim_token()) if transition.asks_owner else ""
        values: dict[str, Any] = {
            "state": transition.state,
            "due_at": transition.due_at,
            "reason": transition.reason,
            "claim_token": token,
            "updated_at": now,
        }
        if not transition.keeps_send_start:
            values["send_started_at"] = None
        connection.execute(
            update(self._table).where(*self._key_condition).values(values), self._key_parameters(row)
        )
        self._follow_up(connection, row, transition, token or row.claim_token, now)

    def _mark_sent(
        self, connection: Connection, results: Sequence[tuple[str, DeliveryResult]], now: datetime
    ) -> None:
        """Mark everything that was sent in one statement, also a tip that was thought uncertain meanwhile."""
        sent = [
            {"of_token": token, "to_message": result.message_id}
            for token, result in results
            if isinstance(result, DeliverySent)
        ]
        if sent:
            t = self._table.c
            connection.execute(
                update(self._table)
                .where(t.claim_token == bindparam("of_token"), t.claim_token != _NO_CLAIM)
                .values(
                    state=DeliveryState.SENT,
                    platform_message_id=bindparam("to_message"),
                    claim_token="",
                    due_at=None,
                    reason="",
                    updated_at=now,
                ),
                sent,
            )

    def _find_by_claim(self, connection: Connection, claim_token: str) -> Row[Any] | None:
        """Return the row of a claim; None when the claim was lost."""
        t = self._table.c
        query = select(self._table).where(t.claim_token == claim_token, t.claim_token != _NO_CLAIM)
        query = query.where(t.state.in_((DeliveryState.CLAIMED, DeliveryState.SENDING)))
        return connection.execute(query.with_for_update()).one_or_none()

    def _key_parameters(self, row: Row[Any]) -> dict[str, Any]:
        return {f"of_{column.name}": row._mapping[column.name] for column in self._table.primary_key}


def create_claim_token() -> str:
    """Return a token that no other claim has."""
    return secrets.token_hex(8)
