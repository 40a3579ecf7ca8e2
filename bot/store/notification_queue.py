"""What people have to know of the tips they set up: written with what it tells of, sent like a tip, once.

Who cannot be reached is followed by the next admin who ran tips there, each once. A member's own tips concern
nobody else.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select, update

from bot.store.database import Database
from bot.store.outbox import RESEND_DELAY, ClaimQueue, is_uncertain
from bot.store.records import ClaimResult, Notification, NotificationSubject
from bot.store.tables import (
    TIP_ADMINS,
    TIP_DELIVERIES,
    TIP_NOTIFICATIONS,
    TIP_SUBSCRIPTIONS,
    decode_tenant,
    tenant_condition,
)
from bot.store.tenant import Tenant
from bot.store.upsert import build_insert

MAX_AGE = timedelta(days=1)
"""A word that could not be said for so long is not said."""
_REFUSED_RETRY_DELAY = timedelta(minutes=10)
"""The bot itself is refused, so nobody else could be reached either; somebody may be mending that."""

_W, _S, _D = TIP_NOTIFICATIONS, TIP_SUBSCRIPTIONS, TIP_DELIVERIES
_SUBJECT_COLUMNS = ("channel", "kind", "mark")  # beside the community: what a word is about


class NotificationQueue(ClaimQueue):
    """Rows of words. Those who write about tips write them too, in their own transaction."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, _W)

    def record_results(
        self, results: Sequence[ClaimResult], now: datetime, idempotent_platforms: Collection[str]
    ) -> None:
        """Write down what became of words.

        Args:
            repeats: platforms that take a message with the same key once, however often it is sent.
        """
        with self._database.write() as connection:
            self._outbox.mark_sent(connection, [one for one in results if one.state == "sent"], now)
            for one in results:
                row = None if one.state == "sent" else self._outbox.find_by_claim(connection, one.claim_token)
                if row is not None:
                    self._record_result(connection, row, one, now, idempotent_platforms)

    def enqueue(
        self,
        connection: Connection,
        tenant: Tenant,
        channel: str,
        subject: NotificationSubject,
        now: datetime,
        *,
        direct: bool,
    ) -> None:
        """Tell the owner of a channel's tips, else whoever ran tips there last; each matter once."""
        person = connection.scalar(
            select(_S.c.owner).where(tenant_condition(_S, tenant), _S.c.channel == channel)
        )
        person = person or (channel if direct else _find_latest_admin(connection, tenant, ()))
        if person is not None:
            row = {**tenant.column_values, "channel": channel, "turn": 0, "direct": direct, "person": person}
            columns = {
                "kind": subject.kind,
                "mark": subject.dedupe_key,
                "slot": subject.scheduled_at,
                "why": subject.detail,
                "number": subject.remaining,
            }
            self._insert_notification(connection, {**row, **columns}, now)

    def claim_due(
        self,
        connection: Connection,
        platform: str,
        now: datetime,
        limit: int,
        idempotent_platforms: Collection[str],
    ) -> list[Notification]:
        """Claim the words that are to be said now."""
        selected = select(_W, _S.c.zone).join(
            _S,
            (_W.c.platform == _S.c.platform)
            & (_W.c.workspace == _S.c.workspace)
            & (_W.c.channel == _S.c.channel),
            isouter=True,
        )
        wanted: list[tuple[Row[Any], str]] = []
        for row in connection.execute(self._outbox.select_due(selected, platform, now, limit)).all():
            person = row.person or self._find_next_recipient(connection, row)
            if is_uncertain(row, now, idempotent_platforms):
                self._outbox.record_result(connection, row, now, state="unknown", reason="died")
            elif why := self._find_skip_reason(connection, row, person, now):
                self._outbox.record_result(connection, row, now, state="skipped", reason=why)
            elif person is not None:
                wanted.append((row, person))
        claims = self._outbox.claim_rows(connection, [row for row, _ in wanted], now)
        for row, person in wanted:
            if row.person is None:
                this = (
                    tenant_condition(_W, decode_tenant(row)),
                    *(_W.c[name] == row._mapping[name] for name in (*_SUBJECT_COLUMNS, "turn")),
                )
                connection.execute(update(_W).where(*this).values(person=person))
        return [
            _decode_notification(row, person, claim)
            for (row, person), claim in zip(wanted, claims, strict=True)
        ]

    def select_next_due(self, platform: str) -> Any:
        """When the next word of a platform is due, as part of a selection."""
        return self._outbox.select_next_due(platform)

    def _record_result(
        self,
        connection: Connection,
        row: Row[Any],
        result: ClaimResult,
        now: datetime,
        idempotent_platforms: Collection[str],
    ) -> None:
        match result.state:
            case "failed" if result.retry_at is not None and result.retry_at - row.since <= MAX_AGE:
                self._outbox.reschedule(connection, row, now, result.retry_at, result.reason)
            case "paused" if result.reason == "refused" and now + _REFUSED_RETRY_DELAY - row.since <= MAX_AGE:
                self._outbox.reschedule(connection, row, now, now + _REFUSED_RETRY_DELAY, result.reason)
            case "paused":
                self._outbox.record_result(connection, row, now, state="skipped", reason=result.reason)
                self._enqueue_for_next_recipient(connection, row, now)
            case "unknown" if not is_uncertain(
                row, now, idempotent_platforms
            ):  # it may be repeated by its key
                self._outbox.reschedule_uncertain(connection, row, now, now + RESEND_DELAY, result.reason)
            case "unknown":
                self._outbox.record_result(connection, row, now, state="unknown", reason=result.reason)
            case _:
                self._outbox.record_result(connection, row, now, state="skipped", reason=result.reason)

    def _enqueue_for_next_recipient(self, connection: Connection, row: Row[Any], now: datetime) -> None:
        """Tell the next person in place of one who cannot be reached."""
        person = self._find_next_recipient(connection, row)
        if person is not None:
            kept = {
                name: row._mapping[name] for name in (*_SUBJECT_COLUMNS, "direct", "why", "number", "slot")
            }
            kept |= decode_tenant(row).column_values
            self._insert_notification(connection, {**kept, "person": person, "turn": row.turn + 1}, now)

    def _find_skip_reason(
        self, connection: Connection, row: Row[Any], recipient_id: str | None, now: datetime
    ) -> str:
        """Why a word is not said any more; empty while it is."""
        if row.zone is None:  # the tips were ended, and with them what is to be said of them
            return "ended"
        if recipient_id is None:
            return "nobody"
        if now - row.since > MAX_AGE:
            return "late"
        doubt = select(_D.c.slot).where(_D.c.claim == row.mark, _D.c.claim != "", _D.c.state == "unknown")
        told = row.kind == "unknown" and connection.execute(doubt).first() is None
        return "settled" if told else ""

    def _find_next_recipient(self, connection: Connection, row: Row[Any]) -> str | None:
        """Who was not tried yet; of a member's own tips nobody."""
        if row.direct:
            return None
        community = decode_tenant(row)
        tried = select(_W.c.person).where(
            tenant_condition(_W, community), *(_W.c[name] == row._mapping[name] for name in _SUBJECT_COLUMNS)
        )
        return _find_latest_admin(connection, community, tuple(filter(None, connection.scalars(tried))))

    def _insert_notification(self, connection: Connection, row: dict[str, Any], now: datetime) -> None:
        new = {"state": "new", "claim": "", "due_at": now, "begun_at": None, "reason": "", "message": None}
        wanted = build_insert(_W, connection).values({**row, **new, "since": now, "at": now})
        connection.execute(wanted.on_conflict_do_nothing())


def _find_latest_admin(connection: Connection, tenant: Tenant, excluded: Collection[str]) -> str | None:
    """Whoever ran tips last and was not tried."""
    admins = select(TIP_ADMINS.c.person).where(
        tenant_condition(TIP_ADMINS, tenant), TIP_ADMINS.c.person.not_in(excluded)
    )
    found: str | None = connection.scalar(admins.order_by(TIP_ADMINS.c.at.desc()).limit(1))
    return found


def _decode_notification(row: Row[Any], recipient_id: str, claim_token: str) -> Notification:
    return Notification(
        decode_tenant(row),
        row.channel,
        row.direct,
        recipient_id,
        NotificationSubject(row.kind, row.mark, row.slot, row.why, row.number),
        row.zone,
        row.turn,
        claim_token,
    )
