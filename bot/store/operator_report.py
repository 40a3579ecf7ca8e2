"""Tips of all communities at a glance: for whoever runs the bot, never for a member."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, select

from bot.store.database import Database
from bot.store.records import Subscription, UncertainDelivery
from bot.store.subscriptions import decode_subscription
from bot.store.tables import TIP_DELIVERIES, TIP_SUBSCRIPTIONS, decode_tenant

_S, _D = TIP_SUBSCRIPTIONS, TIP_DELIVERIES
_REQUESTED_REASONS = ("", "asked")


class OperatorReport:
    """A few rows of each kind, and how many there are in all, however many that may be."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list_upcoming(self, limit: int, platform: str | None = None) -> tuple[Sequence[Subscription], int]:
        """The subscriptions whose tips come next, the soonest first.

        Args:
            platform: only the channels of that one.
        """
        channels = () if platform is None else (_S.c.platform == platform, _S.c.direct.is_(False))
        return self._select_subscriptions(and_(_S.c.next_due_at.is_not(None), *channels), limit)

    def list_paused(self, limit: int, *, by_request: bool) -> tuple[Sequence[Subscription], int]:
        """The subscriptions that rest until somebody resumes them.

        Args:
            asked: those of which somebody asked that; else those that the platform refused.
        """
        why = _S.c.paused.in_(_REQUESTED_REASONS) if by_request else _S.c.paused.not_in(_REQUESTED_REASONS)
        return self._select_subscriptions(and_(_S.c.next_due_at.is_(None), why), limit)

    def list_uncertain(self, since: datetime, limit: int) -> tuple[Sequence[UncertainDelivery], int]:
        """The tips due since then of which nobody knows whether they were posted, the newest first.

        Where tips were ended meanwhile nobody can say so any more, and nobody needs to.
        """
        here = (
            _S.c.platform == _D.c.platform,
            _S.c.workspace == _D.c.workspace,
            _S.c.channel == _D.c.channel,
        )
        wanted = (_D.c.state == "unknown") & (_D.c.slot >= since) & exists().where(*here)
        rows = select(_D).where(wanted).order_by(_D.c.slot.desc()).limit(limit)
        with self._database.read() as connection:
            found = [
                UncertainDelivery(decode_tenant(row), row.channel, row.slot)
                for row in connection.execute(rows)
            ]
            total = connection.scalar(select(func.count()).select_from(_D).where(wanted))
        return found, total or 0

    def _select_subscriptions(
        self, condition: ColumnElement[bool], limit: int
    ) -> tuple[Sequence[Subscription], int]:
        order = (_S.c.next_due_at, _S.c.platform, _S.c.workspace, _S.c.channel)
        rows = select(_S).where(condition).order_by(*order).limit(limit)
        with self._database.read() as connection:
            found = [decode_subscription(row) for row in connection.execute(rows)]
            total = connection.scalar(select(func.count()).select_from(_S).where(condition))
        return found, total or 0
