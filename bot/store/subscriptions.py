"""Who gets tips, when and of which tags: one row a subscription, of which a channel may have several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, delete, func, or_, select, update

from bot.domain.outbox import DeliveryState, PauseReason, SkipReason
from bot.domain.tenant import Tenant
from bot.domain.tips.schedule import Schedule
from bot.domain.tips.subscription import DEFAULT_SUBSCRIPTION_ID, Subscription
from bot.store.database import Database
from bot.store.tables import TIP_ADMINS, TIP_DELIVERIES, TIP_SUBSCRIPTIONS, decode_tenant, tenant_condition
from bot.store.upsert import build_insert

_S, _D = TIP_SUBSCRIPTIONS, TIP_DELIVERIES


class Subscriptions:
    """The subscriptions of all tenants."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, subscription: Subscription, now: datetime) -> None:
        """Insert a subscription or replace the one with its id, and record that its owner uses tips."""
        tenant, channel = subscription.tenant, subscription.channel
        with self._database.write() as connection:
            row = _encode_subscription(_join_cycle(connection, subscription))
            changed = {name: value for name, value in row.items() if name not in _S.primary_key.columns}
            connection.execute(
                build_insert(_S, connection)
                .values(row)
                .on_conflict_do_update(index_elements=[*_S.primary_key], set_=changed)
            )
            _restore_skipped_slots(
                connection, tenant, channel, subscription.subscription_id, subscription.next_due_at
            )
            if subscription.owner is not None and not subscription.is_direct:
                _record_admin(connection, tenant, subscription.owner, now)

    def record_admin(self, tenant: Tenant, user: str, now: datetime) -> None:
        """Record that an admin used tips here; they are notified when an owner cannot be reached."""
        with self._database.write() as connection:
            _record_admin(connection, tenant, user, now)

    def find(
        self, tenant: Tenant, channel: str, subscription_id: str = DEFAULT_SUBSCRIPTION_ID
    ) -> Subscription | None:
        """Return one subscription of a channel or person; None when there is none."""
        with self._database.read() as connection:
            row = connection.execute(
                select(_S).where(_subscription_condition(_S, tenant, channel, subscription_id))
            ).one_or_none()
        return None if row is None else decode_subscription(row)

    def list_of_channel(self, tenant: Tenant, channel: str) -> Sequence[Subscription]:
        """Return all subscriptions of a channel or person."""
        query = select(_S).where(tenant_condition(_S, tenant), _S.c.channel == channel)
        with self._database.read() as connection:
            return [
                decode_subscription(row) for row in connection.execute(query.order_by(_S.c.subscription_id))
            ]

    def list_visible(self, tenant: Tenant, user: str) -> Sequence[Subscription]:
        """Return the subscriptions of a tenant's channels, then the person's own; no other member's."""
        visible = (tenant_condition(_S, tenant), or_(_S.c.is_direct.is_(False), _S.c.channel == user))
        query = select(_S).where(*visible).order_by(_S.c.is_direct, _S.c.channel, _S.c.subscription_id)
        with self._database.read() as connection:
            return [decode_subscription(row) for row in connection.execute(query)]

    def list_all(self) -> Sequence[Subscription]:
        """Return every subscription of every tenant; for the operator, never for a member."""
        order = (_S.c.platform, _S.c.workspace, _S.c.is_direct, _S.c.channel, _S.c.subscription_id)
        with self._database.read() as connection:
            return [decode_subscription(row) for row in connection.execute(select(_S).order_by(*order))]

    def can_manage(self, subscription: Subscription, user: str) -> bool:
        """Return whether a person set this up, or other tips of its tenant."""
        if user == subscription.owner:
            return True
        query = select(TIP_ADMINS.c.last_used_at).where(
            tenant_condition(TIP_ADMINS, subscription.tenant), TIP_ADMINS.c.person == user
        )
        with self._database.read() as connection:
            return not subscription.is_direct and connection.execute(query).first() is not None

    def remove(self, tenant: Tenant, channel: str, subscription_id: str = DEFAULT_SUBSCRIPTION_ID) -> bool:
        """Delete a subscription and skip its tips that wait; return whether there was one."""
        with self._database.write() as connection:
            removed = connection.execute(
                delete(_S).where(_subscription_condition(_S, tenant, channel, subscription_id))
            )
            _skip_pending_deliveries(connection, tenant, channel, subscription_id)
        return removed.rowcount == 1

    def set_next_due(
        self,
        tenant: Tenant,
        channel: str,
        next_due_at: datetime | None,
        *,
        pause_reason: PauseReason | None,
        paused_until: date | None,
        subscription_id: str = DEFAULT_SUBSCRIPTION_ID,
    ) -> None:
        """Move the next slot: paused, resumed or skipped. A pause skips the tips that wait, too."""
        with self._database.write() as connection:
            connection.execute(
                update(_S)
                .where(_subscription_condition(_S, tenant, channel, subscription_id))
                .values(next_due_at=next_due_at, pause_reason=pause_reason or "", paused_until=paused_until)
            )
            if pause_reason or paused_until is not None:
                _skip_pending_deliveries(connection, tenant, channel, subscription_id)
            _restore_skipped_slots(connection, tenant, channel, subscription_id, next_due_at)


def decode_subscription(row: Row[Any]) -> Subscription:
    """Build a subscription from its row."""
    return Subscription(
        decode_tenant(row),
        row.channel,
        row.is_direct,
        row.owner,
        Schedule(row.days, time.fromisoformat(row.local_time), row.zone, row.anchor_date),
        tuple(filter(None, row.tags.split(","))),
        row.next_due_at,
        PauseReason(row.pause_reason) if row.pause_reason else None,
        row.paused_until,
        row.cycle,
        row.subscription_id,
    )


def _encode_subscription(subscription: Subscription) -> dict[str, Any]:
    schedule = subscription.schedule
    return {
        **subscription.tenant.column_values,
        "channel": subscription.channel,
        "subscription_id": subscription.subscription_id,
        "is_direct": subscription.is_direct,
        "owner": subscription.owner,
        "days": schedule.days,
        "local_time": f"{schedule.local_time:%H:%M}",
        "zone": schedule.zone,
        "anchor_date": schedule.anchor_date,
        "tags": ",".join(subscription.tags),
        "next_due_at": subscription.next_due_at,
        "pause_reason": subscription.pause_reason or "",
        "paused_until": subscription.paused_until,
        "cycle": subscription.cycle,
    }


def _join_cycle(connection: Connection, subscription: Subscription) -> Subscription:
    """Start a further subscription of a channel in the channel's current cycle.

    No tip is posted twice in one cycle of a channel; a subscription that began at 0 would not see the tips
    that the others posted in later cycles.
    """
    others = select(func.max(_S.c.cycle)).where(
        tenant_condition(_S, subscription.tenant),
        _S.c.channel == subscription.channel,
        _S.c.subscription_id != subscription.subscription_id,
    )
    cycle: int | None = connection.scalar(others)
    return subscription if cycle is None else replace(subscription, cycle=max(cycle, subscription.cycle))


def _subscription_condition(
    table: Table, tenant: Tenant, channel: str, subscription_id: str
) -> ColumnElement[bool]:
    return and_(
        tenant_condition(table, tenant),
        table.c.channel == channel,
        table.c.subscription_id == subscription_id,
    )


def _skip_pending_deliveries(
    connection: Connection, tenant: Tenant, channel: str, subscription_id: str
) -> None:
    """Skip tips that wait to be sent or tried again; a tip that may be posted already stays as it is."""
    pending = (
        _D.c.state.in_((DeliveryState.CLAIMED, DeliveryState.FAILED)),
        _D.c.send_started_at.is_(None),
    )
    connection.execute(
        update(_D)
        .where(_subscription_condition(_D, tenant, channel, subscription_id), *pending)
        .values(state=DeliveryState.SKIPPED, reason=SkipReason.ASKED, claim_token="", due_at=None)
    )


def _restore_skipped_slots(
    connection: Connection, tenant: Tenant, channel: str, subscription_id: str, next_due_at: datetime | None
) -> None:
    """Delete the slots from the next one on that a person skipped: moving it back asks for them."""
    if next_due_at is not None:
        skipped = (
            _D.c.state == DeliveryState.SKIPPED,
            _D.c.reason == SkipReason.ASKED,
            _D.c.scheduled_at >= next_due_at,
        )
        connection.execute(
            delete(_D).where(_subscription_condition(_D, tenant, channel, subscription_id), *skipped)
        )


def _record_admin(connection: Connection, tenant: Tenant, user: str, now: datetime) -> None:
    insert = build_insert(TIP_ADMINS, connection).values(
        {**tenant.column_values, "person": user, "last_used_at": now}
    )
    connection.execute(
        insert.on_conflict_do_update(index_elements=[*TIP_ADMINS.primary_key], set_={"last_used_at": now})
    )
