"""Tips that are due: claimed by one process, sent, settled. One row a subscription and slot, for good."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from bot.store.community import Community
from bot.store.course import LATE, NO_ROW, Choose, Course, course_of
from bot.store.database import Database
from bot.store.had import had, had_by
from bot.store.outbox import REPEAT_AFTER, Claims, doubted_before, in_doubt, new_claim
from bot.store.subscriptions import subscription_of
from bot.store.tables import TIP_DELIVERIES, TIP_SUBSCRIPTIONS, community_of, owned
from bot.store.tips import Claimed, Done, Had, Matter, Subscription, Word
from bot.store.upsert import insert
from bot.store.words import Words

_ASKED = timedelta(days=1)
"""So long after its slot a tip is tried again that somebody asked for, though it was late."""
_MOST = 50

_D, _S = TIP_DELIVERIES, TIP_SUBSCRIPTIONS


class Deliveries(Claims):
    """The state machine of due tips. Each step is one short transaction; each row is settled once.

    Args:
        words: what people have to know of it.
    """

    def __init__(self, database: Database, words: Words) -> None:
        super().__init__(database, _D)
        self._words = words

    def claim(
        self,
        now: datetime,
        platforms: Collection[str],
        repeats: Collection[str],
        choose: Choose,
        most: int = _MOST,
    ) -> tuple[list[Claimed], list[Word]]:
        """Claim what is due, for a minute: tips, and words about them.

        Args:
            platforms: those that this process serves.
            repeats: those that take a message with the same key once, however often it is sent.
            choose: gives the tip for a subscription's slot.
            most: subscriptions; after a pause one of them may bring several tips.
        """
        claimed: list[Claimed] = []
        words: list[Word] = []
        with self._database.write() as connection:
            for platform in sorted(platforms):
                claimed += self._again(connection, platform, now, most - len(claimed), repeats)
                claimed += self._due(connection, platform, now, most - len(claimed), choose)
                words += self._words.due(connection, platform, now, most - len(claimed) - len(words), repeats)
        return claimed, words

    def settle(self, done: Sequence[Done], now: datetime, repeats: Collection[str]) -> None:
        """Write down what became of tips, and what their owners have to know of it."""
        with self._database.write() as connection:
            self._rows.sent(connection, [one for one in done if one.state == "sent"], now)
            for one in done:
                row = None if one.state == "sent" else self._rows.held(connection, one.claim)
                if row is not None:
                    self._settle(connection, row, one, now, repeats)

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
                .values(at=now, claim="", begun_at=None, **values)
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
            _insert(connection, [{**NO_ROW, **row, "state": "skipped", "reason": "asked"}])

    def next_due(self, platforms: Collection[str]) -> datetime | None:
        """When there is something to claim next on these platforms; None when nothing waits."""
        moments = [
            moment
            for platform in sorted(platforms)
            for moment in (_next_slot(platform), self._rows.next(platform), self._words.next(platform))
        ]
        if not moments:
            return None
        with self._database.read() as connection:
            found = connection.execute(select(*moments)).one()
        return min((moment for moment in found if moment is not None), default=None)

    def peek(self, subscription: Subscription) -> Had:
        """What a channel had so far."""
        with self._database.read() as connection:
            return had(connection, subscription)

    def _due(
        self, connection: Connection, platform: str, now: datetime, limit: int, choose: Choose
    ) -> list[Claimed]:
        """Every slot that came since: each one to send, unless it is too late."""
        wanted = (
            select(_S)
            .where(_S.c.platform == platform, _S.c.next_due_at <= now)
            .order_by(_S.c.next_due_at)
            .limit(max(0, limit))
            .with_for_update(skip_locked=True)
        )
        due = [subscription_of(row) for row in connection.execute(wanted)]
        if not due:
            return []
        before = had_by(connection, due)
        courses = [course_of(one, before[one], now, choose) for one in due]
        inserted = _insert(connection, [row for course in courses for row in course.rows])
        self._move(connection, courses)
        for course in courses:
            self._tell_few(connection, course, inserted, now)
        return [one for course in courses for one in course.claimed if one.claim in inserted]

    def _move(self, connection: Connection, courses: Sequence[Course]) -> None:
        """Write when the next slots are."""
        wanted = (
            update(_S)
            .where(*(column == bindparam(f"of_{column.name}") for column in _S.primary_key))
            .values(next_due_at=bindparam("to_due"), round=bindparam("to_round"), until=None)
        )
        moved = [
            {
                **{f"of_{name}": value for name, value in one.place.items()},
                "to_due": one.next_due_at,
                "to_round": one.round,
            }
            for one in courses
        ]
        connection.execute(wanted, moved)

    def _tell_few(
        self, connection: Connection, course: Course, inserted: Collection[str], now: datetime
    ) -> None:
        for one, few in course.few:
            if one.claim in inserted:
                matter = Matter("few", few.mark, one.slot, number=few.number)
                self._words.tell(connection, one.community, one.channel, matter, now, direct=one.direct)

    def _again(
        self, connection: Connection, platform: str, now: datetime, limit: int, repeats: Collection[str]
    ) -> list[Claimed]:
        """What waits to be tried again, and what a process left behind."""
        selected = select(_D, _S.c.direct).join(_S, _same_channel(), isouter=True)
        wanted: list[Row[Any]] = []
        for row in connection.execute(self._rows.due(selected, platform, now, limit)).all():
            over = _over(row, now)
            if in_doubt(row, now, repeats) or (over and row.begun_at is not None):
                self._doubt(connection, row, now, "died")
            elif over:
                self._rows.settle(connection, row, now, state="skipped", reason=over)
            else:
                wanted.append(row)
        claims = self._rows.lease(connection, wanted, now)
        return [
            Claimed(community_of(row), row.channel, row.direct, row.slot, row.tip, claim)
            for row, claim in zip(wanted, claims, strict=True)
        ]

    def _settle(
        self, connection: Connection, row: Row[Any], done: Done, now: datetime, repeats: Collection[str]
    ) -> None:
        match done.state:
            case "failed" if done.again is not None:
                asked = row.reason == "asked"
                late = done.again - row.slot > (_ASKED if asked else LATE)
                if late and doubted_before(row):
                    self._doubt(connection, row, now, done.reason)
                elif late:
                    self._rows.settle(connection, row, now, state="skipped", reason="late")
                else:
                    self._rows.again(connection, row, now, done.again, "asked" if asked else done.reason)
            case "paused":
                self._pause(connection, row, done.reason, now)
            case "unknown" if not in_doubt(row, now, repeats):  # it may be repeated by its key
                self._rows.repeat(connection, row, now, now + REPEAT_AFTER, done.reason)
            case "unknown":
                self._doubt(connection, row, now, done.reason)
            case _:
                self._rows.settle(connection, row, now, state="skipped", reason=done.reason)

    def _doubt(self, connection: Connection, row: Row[Any], now: datetime, reason: str) -> None:
        """It may stand there; never sent again unless a person asks. Who claimed it may still know better."""
        claim = row.claim or new_claim()  # the word about it goes by that, and what waited for a try has none
        self._rows.settle(connection, row, now, state="unknown", reason=reason, claim=claim)
        self._tell(connection, row, Matter("unknown", claim, row.slot), now)

    def _pause(self, connection: Connection, row: Row[Any], reason: str, now: datetime) -> None:
        """The subscription rests until a person mends what is wrong."""
        if doubted_before(row):
            self._doubt(connection, row, now, reason)
        else:
            self._rows.settle(connection, row, now, state="skipped", reason=reason)
        resting = connection.execute(
            update(_S)
            .where(owned(_S, community_of(row)), _S.c.channel == row.channel, _S.c.paused == "")
            .values(paused=reason, next_due_at=None)
        )
        if resting.rowcount == 1:  # else somebody was told already
            self._tell(connection, row, Matter("paused", row.claim, row.slot, reason), now)

    def _tell(self, connection: Connection, row: Row[Any], matter: Matter, now: datetime) -> None:
        here = (owned(_S, community_of(row)), _S.c.channel == row.channel)
        direct: bool | None = connection.scalar(select(_S.c.direct).where(*here))
        if direct is None:
            return  # who ended them waits for none, and whose they were is known no more
        if direct and matter.why == "closed":
            return  # by no message of ours, then: the list says it
        self._words.tell(connection, community_of(row), row.channel, matter, now, direct=direct)


def _over(row: Row[Any], now: datetime) -> str:
    """Why a tip is not tried any more; empty while it is."""
    if row.direct is None:  # the subscription is gone
        return "ended"
    return "late" if now - row.slot > LATE and row.reason != "asked" else ""


def _next_slot(platform: str) -> Any:
    """When the next subscription of a platform is due, as part of a selection."""
    found = select(_S.c.next_due_at).where(_S.c.platform == platform, _S.c.next_due_at.is_not(None))
    return found.order_by(_S.c.next_due_at).limit(1).scalar_subquery()


def _same_channel() -> Any:
    return (
        (_D.c.platform == _S.c.platform) & (_D.c.workspace == _S.c.workspace) & (_D.c.channel == _S.c.channel)
    )


def _insert(connection: Connection, rows: list[dict[str, Any]]) -> frozenset[str]:
    """New rows; the claims of those whose slot had none before."""
    wanted = insert(_D, connection).on_conflict_do_nothing().returning(_D.c.claim)
    return frozenset(connection.scalars(wanted, rows))
