"""What people have to know of the tips they set up: written with what it tells of, sent like a tip, once.

Who cannot be reached is followed by the next admin who ran tips there, each once. A member's own tips concern
nobody else.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select, update

from bot.store.community import Community
from bot.store.database import Database
from bot.store.outbox import REPEAT_AFTER, Claims, in_doubt
from bot.store.tables import TIP_ADMINS, TIP_DELIVERIES, TIP_SUBSCRIPTIONS, TIP_WORDS, community_of, owned
from bot.store.tips import Done, Matter, Word
from bot.store.upsert import insert

OLD = timedelta(days=1)
"""A word that could not be said for so long is not said."""
_REFUSED = timedelta(minutes=10)
"""The bot itself is refused, so nobody else could be reached either; somebody may be mending that."""

_W, _S, _D = TIP_WORDS, TIP_SUBSCRIPTIONS, TIP_DELIVERIES
_MATTER = ("channel", "kind", "mark")  # beside the community: what a word is about


class Words(Claims):
    """Rows of words. Those who write about tips write them too, in their own transaction."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, _W)

    def settle(self, done: Sequence[Done], now: datetime, repeats: Collection[str]) -> None:
        """Write down what became of words.

        Args:
            repeats: platforms that take a message with the same key once, however often it is sent.
        """
        with self._database.write() as connection:
            self._rows.sent(connection, [one for one in done if one.state == "sent"], now)
            for one in done:
                row = None if one.state == "sent" else self._rows.held(connection, one.claim)
                if row is not None:
                    self._settle(connection, row, one, now, repeats)

    def tell(
        self,
        connection: Connection,
        community: Community,
        channel: str,
        matter: Matter,
        now: datetime,
        *,
        direct: bool,
    ) -> None:
        """Tell the owner of a channel's tips, else whoever ran tips there last; each matter once."""
        person = connection.scalar(select(_S.c.owner).where(owned(_S, community), _S.c.channel == channel))
        person = person or (channel if direct else _admin(connection, community, ()))
        if person is not None:
            row = {**community.columns, "channel": channel, "turn": 0, "direct": direct, "person": person}
            self._insert(connection, {**row, **asdict(matter)}, now)

    def due(
        self, connection: Connection, platform: str, now: datetime, limit: int, repeats: Collection[str]
    ) -> list[Word]:
        """Claim the words that are to be said now."""
        selected = select(_W, _S.c.zone).join(
            _S,
            (_W.c.platform == _S.c.platform)
            & (_W.c.workspace == _S.c.workspace)
            & (_W.c.channel == _S.c.channel),
            isouter=True,
        )
        wanted: list[tuple[Row[Any], str]] = []
        for row in connection.execute(self._rows.due(selected, platform, now, limit)).all():
            person = row.person or self._successor(connection, row)
            if in_doubt(row, now, repeats):
                self._rows.settle(connection, row, now, state="unknown", reason="died")
            elif why := self._idle(connection, row, person, now):
                self._rows.settle(connection, row, now, state="skipped", reason=why)
            elif person is not None:
                wanted.append((row, person))
        claims = self._rows.lease(connection, [row for row, _ in wanted], now)
        for row, person in wanted:
            if row.person is None:
                this = (
                    owned(_W, community_of(row)),
                    *(_W.c[name] == row._mapping[name] for name in (*_MATTER, "turn")),
                )
                connection.execute(update(_W).where(*this).values(person=person))
        return [_word(row, person, claim) for (row, person), claim in zip(wanted, claims, strict=True)]

    def next(self, platform: str) -> Any:
        """When the next word of a platform is due, as part of a selection."""
        return self._rows.next(platform)

    def _settle(
        self, connection: Connection, row: Row[Any], done: Done, now: datetime, repeats: Collection[str]
    ) -> None:
        match done.state:
            case "failed" if done.again is not None and done.again - row.since <= OLD:
                self._rows.again(connection, row, now, done.again, done.reason)
            case "paused" if done.reason == "refused" and now + _REFUSED - row.since <= OLD:
                self._rows.again(connection, row, now, now + _REFUSED, done.reason)
            case "paused":
                self._rows.settle(connection, row, now, state="skipped", reason=done.reason)
                self._pass_on(connection, row, now)
            case "unknown" if not in_doubt(row, now, repeats):  # it may be repeated by its key
                self._rows.repeat(connection, row, now, now + REPEAT_AFTER, done.reason)
            case "unknown":
                self._rows.settle(connection, row, now, state="unknown", reason=done.reason)
            case _:
                self._rows.settle(connection, row, now, state="skipped", reason=done.reason)

    def _pass_on(self, connection: Connection, row: Row[Any], now: datetime) -> None:
        """Tell the next person in place of one who cannot be reached."""
        person = self._successor(connection, row)
        if person is not None:
            kept = {name: row._mapping[name] for name in (*_MATTER, "direct", "why", "number", "slot")}
            kept |= community_of(row).columns
            self._insert(connection, {**kept, "person": person, "turn": row.turn + 1}, now)

    def _idle(self, connection: Connection, row: Row[Any], person: str | None, now: datetime) -> str:
        """Why a word is not said any more; empty while it is."""
        if row.zone is None:  # the tips were ended, and with them what is to be said of them
            return "ended"
        if person is None:
            return "nobody"
        if now - row.since > OLD:
            return "late"
        doubt = select(_D.c.slot).where(_D.c.claim == row.mark, _D.c.claim != "", _D.c.state == "unknown")
        told = row.kind == "unknown" and connection.execute(doubt).first() is None
        return "settled" if told else ""

    def _successor(self, connection: Connection, row: Row[Any]) -> str | None:
        """Who was not tried yet; of a member's own tips nobody."""
        if row.direct:
            return None
        community = community_of(row)
        tried = select(_W.c.person).where(
            owned(_W, community), *(_W.c[name] == row._mapping[name] for name in _MATTER)
        )
        return _admin(connection, community, tuple(filter(None, connection.scalars(tried))))

    def _insert(self, connection: Connection, row: dict[str, Any], now: datetime) -> None:
        new = {"state": "new", "claim": "", "due_at": now, "begun_at": None, "reason": "", "message": None}
        wanted = insert(_W, connection).values({**row, **new, "since": now, "at": now})
        connection.execute(wanted.on_conflict_do_nothing())


def _admin(connection: Connection, community: Community, tried: Collection[str]) -> str | None:
    """Whoever ran tips last and was not tried."""
    admins = select(TIP_ADMINS.c.person).where(
        owned(TIP_ADMINS, community), TIP_ADMINS.c.person.not_in(tried)
    )
    found: str | None = connection.scalar(admins.order_by(TIP_ADMINS.c.at.desc()).limit(1))
    return found


def _word(row: Row[Any], person: str, claim: str) -> Word:
    return Word(
        community_of(row),
        row.channel,
        row.direct,
        person,
        Matter(row.kind, row.mark, row.slot, row.why, row.number),
        row.zone,
        row.turn,
        claim,
    )
