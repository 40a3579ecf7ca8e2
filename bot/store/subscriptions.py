"""Who gets tips, when and of which tags: one row a channel, or a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, or_, select, update

from bot.store.community import Community
from bot.store.database import Database
from bot.store.tables import TIP_ADMINS, TIP_DELIVERIES, TIP_SUBSCRIPTIONS, community_of, owned
from bot.store.tips import Subscription
from bot.store.upsert import insert

_T, _D = TIP_SUBSCRIPTIONS, TIP_DELIVERIES


class Subscriptions:
    """Rows of who gets tips."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, wanted: Subscription, now: datetime) -> None:
        """Write a subscription in place of the channel's earlier one, and that its owner runs tips."""
        row = _row(wanted)
        with self._database.write() as connection:
            changed = {name: value for name, value in row.items() if name not in _T.primary_key.columns}
            connection.execute(
                insert(_T, connection)
                .values(row)
                .on_conflict_do_update(index_elements=[*_T.primary_key], set_=changed)
            )
            _unskip(connection, wanted.community, wanted.channel, wanted.next_due_at)
            if wanted.owner is not None and not wanted.direct:
                _ran(connection, wanted.community, wanted.owner, now)

    def ran(self, community: Community, person: str, now: datetime) -> None:
        """Write that an admin ran tips here, to be told when the owner of some cannot be reached."""
        with self._database.write() as connection:
            _ran(connection, community, person, now)

    def get(self, community: Community, channel: str) -> Subscription | None:
        """The subscription of a channel or person."""
        with self._database.read() as connection:
            row = connection.execute(
                select(_T).where(owned(_T, community), _T.c.channel == channel)
            ).one_or_none()
        return None if row is None else subscription_of(row)

    def of(self, community: Community, person: str) -> Sequence[Subscription]:
        """The subscriptions of a community's channels, then the person's own; no other member's."""
        here = (owned(_T, community), or_(_T.c.direct.is_(False), _T.c.channel == person))
        wanted = select(_T).where(*here).order_by(_T.c.direct, _T.c.channel)
        with self._database.read() as connection:
            return [subscription_of(row) for row in connection.execute(wanted)]

    def everywhere(self) -> Sequence[Subscription]:
        """Every subscription of every community; for whoever runs the bot, never for a member."""
        order = (_T.c.platform, _T.c.workspace, _T.c.direct, _T.c.channel)
        with self._database.read() as connection:
            return [subscription_of(row) for row in connection.execute(select(_T).order_by(*order))]

    def runs(self, subscription: Subscription, person: str) -> bool:
        """Whether a person set this up, or other tips of its community."""
        if person == subscription.owner:
            return True
        wanted = select(TIP_ADMINS.c.at).where(
            owned(TIP_ADMINS, subscription.community), TIP_ADMINS.c.person == person
        )
        with self._database.read() as connection:
            return not subscription.direct and connection.execute(wanted).first() is not None

    def remove(self, community: Community, channel: str) -> bool:
        """End a subscription, and what waits to be sent; whether there was one."""
        with self._database.write() as connection:
            gone = connection.execute(delete(_T).where(owned(_T, community), _T.c.channel == channel))
            _leave_out(connection, community, channel)
        return gone.rowcount == 1

    def set_due(
        self, community: Community, channel: str, due: datetime | None, *, paused: str, until: date | None
    ) -> None:
        """Move the next slot: paused, resumed or skipped. A pause leaves out what waits to be sent, too."""
        with self._database.write() as connection:
            connection.execute(
                update(_T)
                .where(owned(_T, community), _T.c.channel == channel)
                .values(next_due_at=due, paused=paused, until=until)
            )
            if paused or until is not None:
                _leave_out(connection, community, channel)
            _unskip(connection, community, channel, due)


def _leave_out(connection: Connection, community: Community, channel: str) -> None:
    """Leave out the tips that wait for their turn or for another try; what may stand there goes its way."""
    waits = (_D.c.state.in_(("claimed", "failed")), _D.c.begun_at.is_(None))
    connection.execute(
        update(_D)
        .where(owned(_D, community), _D.c.channel == channel, *waits)
        .values(state="skipped", reason="asked", claim="", due_at=None)
    )


def _unskip(connection: Connection, community: Community, channel: str, due: datetime | None) -> None:
    """Let slots come that were left out because somebody asked: who moved the next one back wants them."""
    if due is not None:
        left_out = (_D.c.state == "skipped", _D.c.reason == "asked", _D.c.slot >= due)
        connection.execute(delete(_D).where(owned(_D, community), _D.c.channel == channel, *left_out))


def _ran(connection: Connection, community: Community, person: str, now: datetime) -> None:
    admin = {**community.columns, "person": person, "at": now}
    wanted = insert(TIP_ADMINS, connection).values(admin)
    connection.execute(
        wanted.on_conflict_do_update(index_elements=[*TIP_ADMINS.primary_key], set_={"at": now})
    )


def subscription_of(row: Row[Any]) -> Subscription:
    """A row as what it says."""
    return Subscription(
        community_of(row),
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


def _row(wanted: Subscription) -> dict[str, Any]:
    return {
        **wanted.community.columns,
        "channel": wanted.channel,
        "direct": wanted.direct,
        "owner": wanted.owner,
        "days": wanted.days,
        "at": wanted.at,
        "zone": wanted.zone,
        "since": wanted.since,
        "tags": ",".join(wanted.tags),
        "next_due_at": wanted.next_due_at,
        "paused": wanted.paused,
        "until": wanted.until,
        "round": wanted.round,
    }
