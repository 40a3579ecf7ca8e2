"""Helpful or not: one vote a person and card in each window, the last one counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, cast, delete, func, select

from bot.store.community import Community
from bot.store.database import Database
from bot.store.masks import Masks, window_of
from bot.store.tables import VOTES, owned
from bot.store.upsert import insert


@dataclass(frozen=True, slots=True)
class Tally:
    """What a community said of one card, over all windows."""

    card: str
    helpful: int
    not_helpful: int


class Votes:
    """Votes on cards; who gave one is a mask."""

    def __init__(self, database: Database, masks: Masks) -> None:
        self._database = database
        self._masks = masks

    def vote(self, community: Community, user: str, card: str, *, helpful: bool, now: datetime) -> None:
        """Count one vote in place of the person's earlier one on this card."""
        window = window_of(now)
        voter = (VOTES.name, community.platform, community.workspace, user, card)
        older = self._masks.known(window, *voter) - {self._masks.mask(window, *voter)}
        row = {
            **community.columns,
            "window": window,
            "card": card,
            "voter": self._masks.mask(window, *voter),
            "helpful": helpful,
        }
        with self._database.write() as connection:
            if older:
                connection.execute(delete(VOTES).where(owned(VOTES, community), VOTES.c.voter.in_(older)))
            wanted = insert(VOTES, connection).values(row)
            connection.execute(
                wanted.on_conflict_do_update(index_elements=[*VOTES.primary_key], set_={"helpful": helpful})
            )

    def tallies(self, community: Community) -> tuple[Tally, ...]:
        """Each card that got a vote, by its id."""
        good = func.sum(cast(VOTES.c.helpful, Integer))
        wanted = (
            select(VOTES.c.card, good, func.count())
            .where(owned(VOTES, community))
            .group_by(VOTES.c.card)
            .order_by(VOTES.c.card)
        )
        with self._database.read() as connection:
            rows = connection.execute(wanted).all()
        return tuple(Tally(card, int(helpful), int(total) - int(helpful)) for card, helpful, total in rows)
