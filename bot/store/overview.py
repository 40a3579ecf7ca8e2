"""Tips of all communities at a glance: for whoever runs the bot, never for a member."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, select

from bot.store.database import Database
from bot.store.subscriptions import subscription_of
from bot.store.tables import TIP_DELIVERIES, TIP_SUBSCRIPTIONS, community_of
from bot.store.tips import Doubt, Subscription

_S, _D = TIP_SUBSCRIPTIONS, TIP_DELIVERIES
_ASKED = ("", "asked")


class Overview:
    """A few rows of each kind, and how many there are in all, however many that may be."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def coming(self, most: int, platform: str | None = None) -> tuple[Sequence[Subscription], int]:
        """The subscriptions whose tips come next, the soonest first.

        Args:
            platform: only the channels of that one.
        """
        channels = () if platform is None else (_S.c.platform == platform, _S.c.direct.is_(False))
        return self._subscriptions(and_(_S.c.next_due_at.is_not(None), *channels), most)

    def resting(self, most: int, *, asked: bool) -> tuple[Sequence[Subscription], int]:
        """The subscriptions that rest until somebody resumes them.

        Args:
            asked: those of which somebody asked that; else those that the platform refused.
        """
        why = _S.c.paused.in_(_ASKED) if asked else _S.c.paused.not_in(_ASKED)
        return self._subscriptions(and_(_S.c.next_due_at.is_(None), why), most)

    def in_doubt(self, since: datetime, most: int) -> tuple[Sequence[Doubt], int]:
        """The tips due since then of which nobody knows whether they were posted, the newest first.

        Where tips were ended meanwhile nobody can say so any more, and nobody needs to.
        """
        here = (
            _S.c.platform == _D.c.platform,
            _S.c.workspace == _D.c.workspace,
            _S.c.channel == _D.c.channel,
        )
        wanted = (_D.c.state == "unknown") & (_D.c.slot >= since) & exists().where(*here)
        rows = select(_D).where(wanted).order_by(_D.c.slot.desc()).limit(most)
        with self._database.read() as connection:
            found = [Doubt(community_of(row), row.channel, row.slot) for row in connection.execute(rows)]
            total = connection.scalar(select(func.count()).select_from(_D).where(wanted))
        return found, total or 0

    def _subscriptions(self, wanted: ColumnElement[bool], most: int) -> tuple[Sequence[Subscription], int]:
        order = (_S.c.next_due_at, _S.c.platform, _S.c.workspace, _S.c.channel)
        rows = select(_S).where(wanted).order_by(*order).limit(most)
        with self._database.read() as connection:
            found = [subscription_of(row) for row in connection.execute(rows)]
            total = connection.scalar(select(func.count()).select_from(_S).where(wanted))
        return found, total or 0
