"""Helpful or not: one vote a person and card in each window, the last one counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, cast, delete, func, select

from bot.store.database import Database
from bot.store.pseudonyms import Pseudonymizer, period_index
from bot.store.tables import VOTES, tenant_condition
from bot.store.tenant import Tenant
from bot.store.upsert import build_insert


@dataclass(frozen=True, slots=True)
class VoteTally:
    """What a community said of one card, over all windows."""

    card: str
    helpful: int
    not_helpful: int


class Votes:
    """Votes on cards; who gave one is a mask."""

    def __init__(self, database: Database, pseudonymizer: Pseudonymizer) -> None:
        self._database = database
        self._pseudonymizer = pseudonymizer

    def record_vote(self, tenant: Tenant, user: str, card: str, *, helpful: bool, now: datetime) -> None:
        """Count one vote in place of the person's earlier one on this card."""
        window = period_index(now)
        voter = (VOTES.name, tenant.platform, tenant.workspace, user, card)
        older = self._pseudonymizer.all_pseudonyms(window, *voter) - {
            self._pseudonymizer.pseudonymize(window, *voter)
        }
        row = {
            **tenant.column_values,
            "window": window,
            "card": card,
            "voter": self._pseudonymizer.pseudonymize(window, *voter),
            "helpful": helpful,
        }
        with self._database.write() as connection:
            if older:
                connection.execute(
                    delete(VOTES).where(tenant_condition(VOTES, tenant), VOTES.c.voter.in_(older))
                )
            wanted = build_insert(VOTES, connection).values(row)
            connection.execute(
                wanted.on_conflict_do_update(index_elements=[*VOTES.primary_key], set_={"helpful": helpful})
            )

    def count_votes(self, tenant: Tenant) -> tuple[VoteTally, ...]:
        """Each card that got a vote, by its id."""
        good = func.sum(cast(VOTES.c.helpful, Integer))
        wanted = (
            select(VOTES.c.card, good, func.count())
            .where(tenant_condition(VOTES, tenant))
            .group_by(VOTES.c.card)
            .order_by(VOTES.c.card)
        )
        with self._database.read() as connection:
            rows = connection.execute(wanted).all()
        return tuple(
            VoteTally(card, int(helpful), int(total) - int(helpful)) for card, helpful, total in rows
        )
