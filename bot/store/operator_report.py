"""Tips of all tenants at a glance: for the operator, never for a member."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, select

from bot.domain.outbox import DeliveryState, PauseReason
from bot.domain.tips.claims import UncertainDelivery
from bot.domain.tips.subscription import Subscription
from bot.store.database import Database
from bot.store.subscriptions import decode_subscription
from bot.store.tables import TIP_DELIVERIES, TIP_SUBSCRIPTIONS, decode_tenant

_S, _D = TIP_SUBSCRIPTIONS, TIP_DELIVERIES
_REQUESTED_REASONS = ("", PauseReason.ASKED)


class OperatorReport:
    """A few rows of each kind, with the total number of them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list_upcoming(self, limit: int, platform: str | None = None) -> tuple[Sequence[Subscription], int]:
        """Return the subscriptions whose tips come next, soonest first.

        Args:
            platform: only channels of this one.
        """
        channels = () if platform is None else (_S.c.platform == platform, _S.c.is_direct.is_(False))
        return self._select_subscriptions(and_(_S.c.next_due_at.is_not(None), *channels), limit)

    def list_paused(self, limit: int, *, by_request: bool) -> tuple[Sequence[Subscription], int]:
        """Return the subscriptions that are paused until somebody resumes them.

        Args:
            by_request: those that a person paused; otherwise those that a refusal paused.
        """
        reason_condition = (
            _S.c.pause_reason.in_(_REQUESTED_REASONS)
            if by_request
            else _S.c.pause_reason.not_in(_REQUESTED_REASONS)
        )
        return self._select_subscriptions(and_(_S.c.next_due_at.is_(None), reason_condition), limit)

    def list_uncertain(self, since: datetime, limit: int) -> tuple[Sequence[UncertainDelivery], int]:
        """Return the tips due since then that may be posted or not, newest first.

        Tips of removed subscriptions are left out: nobody can answer for them any more.
        """
        same_subscription = (
            _S.c.platform == _D.c.platform,
            _S.c.workspace == _D.c.workspace,
            _S.c.channel == _D.c.channel,
            _S.c.subscription_id == _D.c.subscription_id,
        )
        condition = (
            (_D.c.state == DeliveryState.UNKNOWN)
            & (_D.c.scheduled_at >= since)
            & exists().where(*same_subscription)
        )
        rows = select(_D).where(condition).order_by(_D.c.scheduled_at.desc()).limit(limit)
        with self._database.read() as connection:
            listed = [
                UncertainDelivery(decode_tenant(row), row.channel, row.scheduled_at)
                for row in connection.execute(rows)
            ]
            total = connection.scalar(select(func.count()).select_from(_D).where(condition))
        return listed, total or 0

    def _select_subscriptions(
        self, condition: ColumnElement[bool], limit: int
    ) -> tuple[Sequence[Subscription], int]:
        order = (_S.c.next_due_at, _S.c.platform, _S.c.workspace, _S.c.channel)
        rows = select(_S).where(condition).order_by(*order).limit(limit)
        with self._database.read() as connection:
            listed = [decode_subscription(row) for row in connection.execute(rows)]
            total = connection.scalar(select(func.count()).select_from(_S).where(condition))
        return listed, total or 0
