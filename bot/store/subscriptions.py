"""Who gets tips, when and of which tags: one row a channel, or a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, or_, select, update

from bot.store.database import Database
from bot.store.records import Subscription
from bot.store.tables import TIP_ADMINS, TIP_DELIVERIES, TIP_SUBSCRIPTIONS, decode_tenant, tenant_condition
from bot.store.tenant import Tenant
from bot.store.upsert import build_insert

_T, _D = TIP_SUBSCRIPTIONS, TIP_DELIVERIES


class Subscriptions:
    """Rows of who gets tips."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, subscription: Subscription, now: datetime) -> None:
        """Write a subscription in place of the channel's earlier one, and that its owner runs tips."""
        row = _encode_subscription(subscription)
        with self._database.write() as connection:
            changed = {name: value for name, value in row.items() if name not in _T.primary_key.columns}
            connection.execute(
                build_insert(_T, connection)
                .values(row)
                .on_conflict_do_update(index_elements=[*_T.primary_key], set_=changed)
            )
            _restore_skipped_slots(
                connection, subscription.tenant, subscription.channel, subscription.next_due_at
            )
            if subscription.owner is not None and not subscription.is_direct:
                _record_admin(connection, subscription.tenant, subscription.owner, now)

    def record_admin(self, tenant: Tenant, user: str, now: datetime) -> None:
        """Write that an admin ran tips here, to be told when the owner of some cannot be reached."""
        with self._database.write() as connection:
            _record_admin(connection, tenant, user, now)

    def find(self, tenant: Tenant, channel: str) -> Subscription | None:
        """The subscription of a channel or person."""
        with self._database.read() as connection:
            row = connection.execute(
                select(_T).where(tenant_condition(_T, tenant), _T.c.channel == channel)
            ).one_or_none()
        return None if row is None else decode_subscription(row)

    def list_visible(self, tenant: Tenant, user: str) -> Sequence[Subscription]:
        """The subscriptions of a community's channels, then the person's own; no other member's."""
        here = (tenant_condition(_T, tenant), or_(_T.c.direct.is_(False), _T.c.channel == user))
        wanted = select(_T).where(*here).order_by(_T.c.direct, _T.c.channel)
        with self._database.read() as connection:
            return [decode_subscription(row) for row in connection.execute(wanted)]

    def list_all(self) -> Sequence[Subscription]:
        """Every subscription of every community; for whoever runs the bot, never for a member."""
        order = (_T.c.platform, _T.c.workspace, _T.c.direct, _T.c.channel)
        with self._database.read() as connection:
            return [decode_subscription(row) for row in connection.execute(select(_T).order_by(*order))]

    def can_manage(self, subscription: Subscription, user: str) -> bool:
        """Whether a person set this up, or other tips of its community."""
        if user == subscription.owner:
            return True
        wanted = select(TIP_ADMINS.c.at).where(
            tenant_condition(TIP_ADMINS, subscription.tenant), TIP_ADMINS.c.person == user
        )
        with self._database.read() as connection:
            return not subscription.is_direct and connection.execute(wanted).first() is not None

    def remove(self, tenant: Tenant, channel: str) -> bool:
        """End a subscription, and what waits to be sent; whether there was one."""
        with self._database.write() as connection:
            gone = connection.execute(delete(_T).where(tenant_condition(_T, tenant), _T.c.channel == channel))
            _skip_pending_deliveries(connection, tenant, channel)
        return gone.rowcount == 1

    def set_next_due(
        self,
        tenant: Tenant,
        channel: str,
        next_due_at: datetime | None,
        *,
        pause_reason: str,
        paused_until: date | None,
    ) -> None:
        """Move the next slot: paused, resumed or skipped. A pause leaves out what waits to be sent, too."""
        with self._database.write() as connection:
            connection.execute(
                update(_T)
                .where(tenant_condition(_T, tenant), _T.c.channel == channel)
                .values(next_due_at=next_due_at, paused=pause_reason, until=paused_until)
            )
            if pause_reason or paused_until is not None:
                _skip_pending_deliveries(connection, tenant, channel)
            _restore_skipped_slots(connection, tenant, channel, next_due_at)


def _skip_pending_deliveries(connection: Connection, tenant: Tenant, channel: str) -> None:
    """Leave out the tips that wait for their turn or for another try; what may stand there goes its way."""
    waits = (_D.c.state.in_(("claimed", "failed")), _D.c.begun_at.is_(None))
    connection.execute(
        update(_D)
        .where(tenant_condition(_D, tenant), _D.c.channel == channel, *waits)
        .values(state="skipped", reason="asked", claim="", due_at=None)
    )


def _restore_skipped_slots(
    connection: Connection, tenant: Tenant, channel: str, next_due_at: datetime | None
) -> None:
    """Let slots come that were left out because somebody asked: who moved the next one back wants them."""
    if next_due_at is not None:
        left_out = (_D.c.state == "skipped", _D.c.reason == "asked", _D.c.slot >= next_due_at)
        connection.execute(delete(_D).where(tenant_condition(_D, tenant), _D.c.channel == channel, *left_out))


def _record_admin(connection: Connection, tenant: Tenant, user: str, now: datetime) -> None:
    admin = {**tenant.column_values, "person": user, "at": now}
    wanted = build_insert(TIP_ADMINS, connection).values(admin)
    connection.execute(
        wanted.on_conflict_do_update(index_elements=[*TIP_ADMINS.primary_key], set_={"at": now})
    )


def decode_subscription(row: Row[Any]) -> Subscription:
    """A row as what it says."""
    return Subscription(
        decode_tenant(row),
        row.channel,
        row.direct,
        row.owner,
        row.days,
        row.at,
        row.zone,
        row.since,
        tuple(filter(None, row.tags.split(","))),
        row.next_due_at,
        row.paused,
        row.until,
        row.round,
    )


def _encode_subscription(subscription: Subscription) -> dict[str, Any]:
    return {
        **subscription.tenant.column_values,
        "channel": subscription.channel,
        "direct": subscription.is_direct,
        "owner": subscription.owner,
        "days": subscription.days,
        "at": subscription.local_time,
        "zone": subscription.zone,
        "since": subscription.anchor_date,
        "tags": ",".join(subscription.tags),
        "next_due_at": subscription.next_due_at,
        "paused": subscription.pause_reason,
        "until": subscription.paused_until,
        "round": subscription.cycle,
    }
