"""The outbox of notifications: what people have to know about the tips that they set up, each sent once.

A notification is written in the transaction of the fact that it is about. When a person cannot be reached the
next admin who used tips there is notified instead, each once. A member's own tips concern nobody else.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from bot.domain.outbox import (
    DeliveryKind,
    DeliveryResult,
    DeliveryState,
    NotificationKind,
    OutboxRow,
    SkipReason,
    Transition,
    settle_unclaimed,
)
from bot.domain.tenant import Tenant
from bot.domain.tips.claims import Notification, NotificationSubject
from bot.domain.tips.subscription import DEFAULT_SUBSCRIPTION_ID
from bot.store.database import Database
from bot.store.outbox_table import OutboxTable
from bot.store.tables import (
    TIP_ADMINS,
    TIP_DELIVERIES,
    TIP_NOTIFICATIONS,
    TIP_SUBSCRIPTIONS,
    decode_tenant,
    tenant_condition,
)
from bot.store.upsert import build_insert

_N, _S, _D = TIP_NOTIFICATIONS, TIP_SUBSCRIPTIONS, TIP_DELIVERIES
_SUBJECT_COLUMNS = ("channel", "subscription_id", "kind", "dedupe_key")
"""What a notification is about, with the tenant."""
_COPIED_COLUMNS = (
    *("platform", "workspace", *_SUBJECT_COLUMNS),
    *("is_direct", "detail", "error_code", "remaining", "scheduled_at"),
)
_SAME_SUBSCRIPTION = (
    (_N.c.platform == _S.c.platform)
    & (_N.c.workspace == _S.c.workspace)
    & (_N.c.channel == _S.c.channel)
    & (_N.c.subscription_id == _S.c.subscription_id)
)


class NotificationQueue(OutboxTable):
    """The notifications of all owners and admins."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, _N)

    def enqueue(
        self,
        connection: Connection,
        tenant: Tenant,
        channel: str,
        subject: NotificationSubject,
        now: datetime,
        *,
        is_direct: bool,
        subscription_id: str = DEFAULT_SUBSCRIPTION_ID,
    ) -> None:
        """Notify the owner of a subscription, or else the admin who used tips last; each subject once."""
        person: str | None = connection.scalar(
            select(_S.c.owner).where(
                tenant_condition(_S, tenant),
                _S.c.channel == channel,
                _S.c.subscription_id == subscription_id,
            )
        )
        person = person or (channel if is_direct else _find_latest_admin(connection, tenant, ()))
        if person is None:
            return
        row = {
            **tenant.column_values,
            "channel": channel,
            "subscription_id": subscription_id,
            "kind": subject.kind,
            "dedupe_key": subject.dedupe_key,
            "recipient_index": 0,
            "is_direct": is_direct,
            "recipient_id": person,
            "detail": subject.detail,
            "error_code": subject.error_code,
            "remaining": subject.remaining,
            "scheduled_at": subject.scheduled_at,
        }
        _insert_notification(connection, row, now)

    def claim_due(
        self,
        connection: Connection,
        platform: str,
        now: datetime,
        limit: int,
        idempotent_platforms: Collection[str],
    ) -> list[Notification]:
        """Claim the notifications that are due, inside the transaction that claims tips."""
        query = select(_N, _S.c.zone).join(_S, _SAME_SUBSCRIPTION, isouter=True)
        claimable: list[tuple[Row[Any], str]] = []
        for row in connection.execute(self._select_due(query, platform, now, limit)).all():
            person = row.recipient_id or self._find_next_recipient(connection, row)
            skip_reason = _find_skip_reason(connection, row, person)
            outbox_row = self._describe(connection, row, idempotent_platforms)
            transition = settle_unclaimed(outbox_row, skip_reason, now)
            if transition is not None:
                self._apply(connection, row, transition, now)
            elif person is not None:
                claimable.append((row, person))
        tokens = self._claim_rows(connection, [row for row, _ in claimable], now)
        for row, person in claimable:
            if row.recipient_id is None:  # the person it was for was forgotten
                connection.execute(
                    update(_N).where(*self._key_condition).values(recipient_id=person),
                    self._key_parameters(row),
                )
        return [
            _decode_notification(row, person, token)
            for (row, person), token in zip(claimable, tokens, strict=True)
        ]

    def _describe(
        self,
        connection: Connection,  # noqa: ARG002
        row: Row[Any],
        idempotent_platforms: Collection[str],
        result: DeliveryResult | None = None,  # noqa: ARG002
    ) -> OutboxRow:
        return OutboxRow(
            DeliveryKind.NOTIFICATION,
            DeliveryState(row.state),
            row.created_at,
            row.attempts,
            row.send_started_at,
            row.updated_at,
            knows_key=row.platform in idempotent_platforms,
        )

    def _follow_up(
        self,
        connection: Connection,
        row: Row[Any],
        transition: Transition,
        claim_token: str,  # noqa: ARG002
        now: datetime,
    ) -> None:
        """Notify the next person in place of one who cannot be reached."""
        if not transition.notifies_next:
            return
        person = self._find_next_recipient(connection, row)
        if person is not None:
            copied = {name: row._mapping[name] for name in _COPIED_COLUMNS}
            next_row = {**copied, "recipient_id": person, "recipient_index": row.recipient_index + 1}
            _insert_notification(connection, next_row, now)

    def _find_next_recipient(self, connection: Connection, row: Row[Any]) -> str | None:
        """Return an admin who was not tried yet; None for a member's own tips."""
        if row.is_direct:
            return None
        tenant = decode_tenant(row)
        tried = select(_N.c.recipient_id).where(
            tenant_condition(_N, tenant), *(_N.c[name] == row._mapping[name] for name in _SUBJECT_COLUMNS)
        )
        return _find_latest_admin(connection, tenant, tuple(filter(None, connection.scalars(tried))))


def _find_skip_reason(connection: Connection, row: Row[Any], recipient_id: str | None) -> SkipReason | None:
    """Return why nobody needs a notification any more; None while somebody does."""
    if row.zone is None:
        return SkipReason.ENDED
    if recipient_id is None:
        return SkipReason.NOBODY
    if row.kind != NotificationKind.UNKNOWN:
        return None
    is_open = select(_D.c.scheduled_at).where(
        _D.c.claim_token == row.dedupe_key, _D.c.claim_token != "", _D.c.state == DeliveryState.UNKNOWN
    )
    return SkipReason.RESOLVED if connection.execute(is_open).first() is None else None


def _insert_notification(connection: Connection, row: dict[str, Any], now: datetime) -> None:
    new_row = {
        "state": DeliveryState.NEW,
        "claim_token": "",
        "due_at": now,
        "send_started_at": None,
        "attempts": 0,
        "reason": "",
        "platform_message_id": None,
        "created_at": now,
        "updated_at": now,
    }
    insert = build_insert(_N, connection).values({**row, **new_row})
    connection.execute(insert.on_conflict_do_nothing())


def _find_latest_admin(connection: Connection, tenant: Tenant, excluded: Collection[str]) -> str | None:
    """Return the admin who used tips last and was not tried."""
    admins = select(TIP_ADMINS.c.person).where(
        tenant_condition(TIP_ADMINS, tenant), TIP_ADMINS.c.person.not_in(excluded)
    )
    person: str | None = connection.scalar(admins.order_by(TIP_ADMINS.c.last_used_at.desc()).limit(1))
    return person


def _decode_notification(row: Row[Any], recipient_id: str, claim_token: str) -> Notification:
    subject = NotificationSubject(
        NotificationKind(row.kind),
        row.dedupe_key,
        row.scheduled_at,
        row.detail,
        row.remaining,
        row.error_code,
    )
    return Notification(
        decode_tenant(row),
        row.channel,
        row.is_direct,
        recipient_id,
        subject,
        row.zone,
        row.recipient_index,
        claim_token,
        row.created_at,
        row.attempts,
    )
