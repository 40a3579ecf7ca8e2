"""Helpful or not: one vote per person, card and 90-day period; the last one counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, cast, delete, func, select

from bot.domain.tenant import Tenant
from bot.store.database import Database
from bot.store.pseudonyms import Pseudonymizer, period_index
from bot.store.tables import VOTES, tenant_condition
from bot.store.upsert import build_insert


@dataclass(frozen=True, slots=True)
class VoteTally:
    """The votes of one tenant on one card, over all periods."""

    card: str
    helpful: int
    not_helpful: int


class Votes:
    """Votes on cards; the voter is a pseudonym."""

    def __init__(self, database: Database, pseudonymizer: Pseudonymizer) -> None:
        self._database = database
        self._pseudonymizer = pseudonymizer

    def record_vote(self, tenant: Tenant, user: str, card: str, *, helpful: bool, now: datetime) -> None:
        """Record one vote in place of the person's earlier one on this card."""
        period = period_index(now)
        voter_parts = ("votes", tenant.platform, tenant.workspace, user, card)
        older = self._pseudonymizer.all_pseudonyms(period, *voter_parts) - {
            self._pseudonymizer.pseudonymize(period, *voter_parts)
        }
        row = {
            **tenant.column_values,
            "period": period,
            "card": card,
            "voter_hash": self._pseudonymizer.pseudonymize(period, *voter_parts),
            "helpful": helpful,
        }
        with self._database.write() as connection:
            if older:
                connection.execute(
                    delete(VOTES).where(tenant_condition(VOTES, tenant), VOTES.c.voter_hash.in_(older))
                )
            vote_insert = build_insert(VOTES, connection).values(row)
            connection.execute(
                vote_insert.on_conflict_do_update(
                    index_elements=[*VOTES.primary_key], set_={"helpful": helpful}
                )
            )

    def count_votes(self, tenant: Tenant) -> tuple[VoteTally, ...]:
        """Return each card that got a vote, sorted by id."""
        good = func.sum(cast(VOTES.c.helpful, Integer))
        tally_query = (
            select(VOTES.c.card, good, func.count())
            .where(tenant_condition(VOTES, tenant))
            .group_by(VOTES.c.card)
            .order_by(VOTES.c.card)
        )
        with self._database.read() as connection:
            rows = connection.execute(tally_query).all()
        return tuple(
            VoteTally(card, int(helpful), int(total) - int(helpful)) for card, helpful, total in rows
        )
