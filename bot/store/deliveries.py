"""Tips that are due: claimed by one process, sent, settled. One row a subscription and slot, for good.

    claimed -> sending -> sent | failed (tried again) | unknown | skipped

A process that dies leaves a lease. What it had claimed and not begun to send is claimed again; what it was
sending may stand there: it is sent again only where the platform takes the same key once, else it is unknown.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select, update

from bot.store.community import Community
from bot.store.database import Database
from bot.store.subscriptions import subscription_of
from bot.store.tables import TIP_ADMINS, TIP_DELIVERIES, TIP_SUBSCRIPTIONS, community_of, owned
from bot.store.tips import Claimed, Had, Pick, Subscription, Told
from bot.store.upsert import insert

LATE = timedelta(hours=3)
"""A tip that could not go out for so long is skipped."""
LEASE = timedelta(seconds=60)
_REPEATED = timedelta(minutes=2)  # so long a platform that knows keys surely remembers one
_MOST = 50
_RECENT = 3

_D, _S = TIP_DELIVERIES, TIP_SUBSCRIPTIONS


Choose = Callable[[Subscription, Had, datetime], Pick]


class Deliveries:
    """The state machine of due tips. Each step is one short transaction; each row is settled once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(
        self, now: datetime, platforms: Collection[str], repeats: Collection[str], choose: Choose
    ) -> tuple[list[Claimed], list[Told]]:
        """Claim what is due, for a minute.

        Args:
            platforms: those that this process serves.
            repeats: those that take a message with the same key once, however often it is sent.
            choose: gives the tip for a subscription's slot.
        """
        with self._database.write() as connection:
            told: list[Told] = []
            claimed = self._again(connection, now, platforms, repeats, told)
            wanted = (
                select(_S)
                .where(_S.c.next_due_at <= now, _S.c.platform.in_(platforms))
                .order_by(_S.c.next_due_at)
                .limit(_MOST)
                .with_for_update(skip_locked=True)
            )
            for row in connection.execute(wanted).all():
                claimed += self._due(connection, subscription_of(row), now, choose)
        return claimed, told

    def sending(self, claimed: Claimed, now: datetime) -> bool:
        """Say that the sending begins; False when the claim was lost meanwhile, then nothing may be sent."""
        with self._database.write() as connection:
            begun = connection.execute(
                update(_D)
                .where(_this(claimed), _D.c.claim == claimed.claim, _D.c.state == "claimed")
                .values(state="sending", due_at=now + LEASE, at=now)
            )
        return begun.rowcount == 1

    def sent(self, claimed: Claimed, message: str, now: datetime) -> None:
        """It stands there."""
        self._settle(claimed, now, state="sent", message=message, reason="")

    def failed(self, claimed: Claimed, again: datetime, reason: str, now: datetime) -> None:
        """It was not sent; try again then, or skip it when that would be too late."""
        if again - claimed.slot > LATE:
            self._settle(claimed, now, state="skipped", reason="late")
        else:
            self._settle(claimed, now, state="failed", due_at=again, reason=reason)

    def unknown(self, claimed: Claimed, reason: str, now: datetime) -> list[Told]:
        """It may stand there; never sent again unless a person asks."""
        with self._database.write() as connection:
            if not self._settled(connection, claimed, now, state="unknown", reason=reason):
                return []
            return _tell(connection, claimed, "unknown", reason)

    def paused(self, claimed: Claimed, reason: str, now: datetime) -> list[Told]:
        """It cannot be sent: the subscription rests until a person mends that."""
        with self._database.write() as connection:
            if not self._settled(connection, claimed, now, state="skipped", reason=reason):
                return []
            resting = connection.execute(
                update(_S)
                .where(owned(_S, claimed.community), _S.c.channel == claimed.channel, _S.c.paused == "")
                .values(paused=reason, next_due_at=None)
            )
            if resting.rowcount == 0:  # somebody was told already
                return []
            return _tell(connection, claimed, "paused", reason)

    def decide(
        self, community: Community, channel: str, slot: datetime, now: datetime, *, post: bool
    ) -> bool:
        """What a person says of an unknown one: post it now, or it is there. False when it is settled."""
        values: dict[str, Any] = (
            {"state": "failed", "due_at": now, "reason": "asked"} if post else {"state": "sent", "reason": ""}
        )
        with self._database.write() as connection:
            done = connection.execute(
                update(_D)
                .where(
                    owned(_D, community), _D.c.channel == channel, _D.c.slot == slot, _D.c.state == "unknown"
                )
                .values(at=now, **values)
            )
        return done.rowcount == 1

    def last(self, community: Community, channel: str) -> tuple[datetime, str, str] | None:
        """The last slot of a channel: when, its state, and why."""
        wanted = (
            select(_D.c.slot, _D.c.state, _D.c.reason)
            .where(owned(_D, community), _D.c.channel == channel)
            .order_by(_D.c.slot.desc())
            .limit(1)
        )
        with self._database.read() as connection:
            row = connection.execute(wanted).one_or_none()
        return None if row is None else (row.slot, row.state, row.reason)

    def skip(self, community: Community, channel: str, slot: datetime, now: datetime) -> None:
        """Note that a slot is left out because somebody asked."""
        row = {**community.columns, "channel": channel, "slot": slot, "at": now}
        with self._database.write() as connection:
            _insert(connection, {**row, "state": "skipped", "reason": "asked"})

    def due_at(self, platforms: Collection[str]) -> datetime | None:
        """When the next retry or lease on these platforms is due."""
        wanted = select(func.min(_D.c.due_at)).where(_D.c.platform.in_(platforms))
        with self._database.read() as connection:
            found: datetime | None = connection.scalar(wanted)
        return found

    def peek(self, subscription: Subscription) -> Had:
        """What a channel had so far."""
        with self._database.read() as connection:
            return self.had(connection, subscription)

    def had(self, connection: Connection, subscription: Subscription) -> Had:
        """What a channel had so far; a tip that was skipped was not had."""
        here = (owned(_D, subscription.community), _D.c.channel == subscription.channel)
        posted = (*here, _D.c.tip.is_not(None), _D.c.state != "skipped")
        used = connection.scalars(select(_D.c.tip).where(*posted, _D.c.round == subscription.round))
        recent = connection.scalars(select(_D.c.tip).where(*posted).order_by(_D.c.slot.desc()).limit(_RECENT))
        return Had(frozenset(used), tuple(recent))

    def _due(
        self, connection: Connection, subscription: Subscription, now: datetime, choose: Choose
    ) -> list[Claimed]:
        """Every slot that came since: the last one to send unless it is too late, the others skipped."""
        claimed: list[Claimed] = []
        slot, number = subscription.next_due_at, subscription.round
        while slot is not None and slot <= now:
            subscription = replace(subscription, round=number)
            pick = choose(subscription, self.had(connection, subscription), slot)
            row = {**subscription.community.columns, "channel": subscription.channel, "slot": slot, "at": now}
            if now - slot > LATE or pick.tip is None:
                reason = "empty" if pick.tip is None else "missed"
                _insert(connection, {**row, "state": "skipped", "reason": reason})
            else:
                number, claim = pick.round, secrets.token_hex(8)
                lease = {"claim": claim, "due_at": now + LEASE}
                new = {**row, "state": "claimed", "tip": pick.tip, "round": number, **lease}
                if _insert(connection, new):
                    where = (subscription.community, subscription.channel, subscription.direct)
                    claimed.append(Claimed(*where, slot, pick.tip, claim))
            slot = pick.next_due_at
        connection.execute(
            update(_S)
            .where(owned(_S, subscription.community), _S.c.channel == subscription.channel)
            .values(next_due_at=slot, round=number, until=None)
        )
        return claimed

    def _again(
        self,
        connection: Connection,
        now: datetime,
        platforms: Collection[str],
        repeats: Collection[str],
        told: list[Told],
    ) -> list[Claimed]:
        """What waits to be tried again, and what a process left behind."""
        wanted = (
            select(_D, _S.c.direct)
            .join(_S, _same_channel(), isouter=True)
            .where(_D.c.due_at <= now, _D.c.platform.in_(platforms))
            .order_by(_D.c.due_at)
            .limit(_MOST)
            .with_for_update(skip_locked=True, of=_D)
        )
        claimed: list[Claimed] = []
        for row in connection.execute(wanted).all():
            left = Claimed(community_of(row), row.channel, bool(row.direct), row.slot, row.tip, row.claim)
            ended = row.direct is None  # the subscription is gone
            repeatable = not ended and row.platform in repeats and now - row.at < _REPEATED
            if row.state == "sending" and not repeatable:
                self._settled(connection, left, now, state="unknown", reason="died")
                told += _tell(connection, left, "unknown", "died")
            elif ended:
                self._settled(connection, left, now, state="skipped", reason="ended")
            elif now - row.slot > LATE and row.reason != "asked":
                self._settled(connection, left, now, state="skipped", reason="late")
            else:
                claim = secrets.token_hex(8)
                self._settled(connection, left, now, state="claimed", claim=claim, due_at=now + LEASE)
                claimed.append(Claimed(left.community, left.channel, left.direct, left.slot, left.tip, claim))
        return claimed

    def _settle(self, claimed: Claimed, now: datetime, **values: Any) -> None:
        with self._database.write() as connection:
            self._settled(connection, claimed, now, **values)

    def _settled(self, connection: Connection, claimed: Claimed, now: datetime, **values: Any) -> bool:
        """Change the row unless another claim has it; whether it did."""
        changed = {"due_at": None, "at": now, **values}
        done = connection.execute(
            update(_D)
            .where(_this(claimed), _D.c.claim == claimed.claim, _D.c.state.in_(_OPEN))
            .values(changed)
        )
        return done.rowcount == 1


_OPEN = ("claimed", "sending", "failed")


def _this(claimed: Claimed) -> Any:
    return owned(_D, claimed.community) & (_D.c.channel == claimed.channel) & (_D.c.slot == claimed.slot)


def _same_channel() -> Any:
    return (
        (_D.c.platform == _S.c.platform) & (_D.c.workspace == _S.c.workspace) & (_D.c.channel == _S.c.channel)
    )


def _insert(connection: Connection, row: dict[str, Any]) -> bool:
    """A new row; False when the slot has one."""
    row = {"tip": None, "round": 0, "claim": "", "due_at": None, "reason": "", "message": None, **row}
    wanted = insert(_D, connection).values(row).on_conflict_do_nothing().returning(_D.c.slot)
    return connection.execute(wanted).first() is not None


def _tell(connection: Connection, about: Claimed, state: str, reason: str) -> list[Told]:
    """Whom to tell: the owner, else whoever ran a tips command last."""
    here = (owned(_S, about.community), _S.c.channel == about.channel)
    owner = connection.scalar(select(_S.c.owner).where(*here))
    if owner is None:
        admins = select(TIP_ADMINS.c.person).where(owned(TIP_ADMINS, about.community))
        owner = connection.scalar(admins.order_by(TIP_ADMINS.c.at.desc()).limit(1))
    return [] if owner is None else [Told(about, owner, state, reason)]
