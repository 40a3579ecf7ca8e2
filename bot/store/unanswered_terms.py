"""What people asked in vain, without a sentence: masks of word stems, and of who brought them.

A term is a stem or two stems of one question. Its plain text is written when the fifth different person
brings it within a window; before that, and for whatever fewer people bring, rows hold nothing that can be
read. Each mask of a person holds for one term alone, so nobody's terms can be put together to a question.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from sqlalchemy import ColumnElement, Connection, and_, delete, func, select

from bot.store.database import Database
from bot.store.pseudonyms import Pseudonymizer, period_index
from bot.store.tables import UNANSWERED_HITS, UNANSWERED_TERMS, decode_tenant, tenant_condition
from bot.store.tenant import Tenant
from bot.store.upsert import build_insert

MIN_PEOPLE = 5
_MAX_STEMS = 10  # of one question; their pairs make 45 more terms
_MAX_STEM_LENGTH = 40  # characters of a stem; a longer one is no word
_PERIODS_KEPT = 4


@dataclass(frozen=True, slots=True)
class UnansweredTerm:
    """One readable term.

    Attributes:
        stems: one, or two that stood in the same questions.
        people: how many different people brought it, at least five.
    """

    tenant: Tenant
    period: int
    stems: tuple[str, ...]
    person_count: int


class UnansweredTerms:
    """The ledger of unanswered questions."""

    def __init__(self, database: Database, pseudonymizer: Pseudonymizer) -> None:
        self._database = database
        self._pseudonymizer = pseudonymizer

    def record_unanswered(self, tenant: Tenant, user: str, stems: Collection[str], now: datetime) -> None:
        """Note that nothing answered a question with these stems."""
        window = period_index(now)
        texts = {self._hash_term(tenant, window, text): text for text in _build_terms(stems)}
        if not texts:
            return
        key = {**tenant.column_values, "window": window}
        marks = [{**key, "term": t, "person": self._hash_person(tenant, window, user, t)} for t in texts]
        with self._database.write() as connection:
            wanted = build_insert(UNANSWERED_HITS, connection).on_conflict_do_nothing()
            connection.execute(wanted, marks)
            ripe = self._find_readable_terms(connection, tenant, window, texts)
            if ripe:
                readable = [{**key, "term": term, "text": texts[term]} for term in ripe]
                connection.execute(
                    build_insert(UNANSWERED_TERMS, connection).on_conflict_do_nothing(), readable
                )
            for table in (UNANSWERED_HITS, UNANSWERED_TERMS):
                connection.execute(delete(table).where(table.c.window <= window - _PERIODS_KEPT))

    def list_readable_terms(self, tenant: Tenant | None = None) -> tuple[UnansweredTerm, ...]:
        """The terms that five people or more brought, most people first; of every community when None."""
        people = func.count().label("people")
        wanted = (
            select(UNANSWERED_TERMS, people)
            .join(UNANSWERED_HITS, same_term_condition())
            .group_by(*UNANSWERED_TERMS.c)
            .order_by(people.desc(), UNANSWERED_TERMS.c.text)
        )
        if tenant is not None:
            wanted = wanted.where(tenant_condition(UNANSWERED_TERMS, tenant))
        with self._database.read() as connection:
            rows = connection.execute(wanted).all()
        return tuple(
            UnansweredTerm(decode_tenant(r), r.window, tuple(r.text.split(" ")), r.people) for r in rows
        )

    def _find_readable_terms(
        self, connection: Connection, tenant: Tenant, period: int, term_hashes: Collection[str]
    ) -> list[str]:
        """Those of the terms that enough people brought."""
        wanted = (
            select(UNANSWERED_HITS.c.term)
            .where(
                tenant_condition(UNANSWERED_HITS, tenant),
                UNANSWERED_HITS.c.window == period,
                UNANSWERED_HITS.c.term.in_(term_hashes),
            )
            .group_by(UNANSWERED_HITS.c.term)
            .having(func.count() >= MIN_PEOPLE)
        )
        return list(connection.scalars(wanted))

    def _hash_term(self, tenant: Tenant, period: int, term: str) -> str:
        return self._pseudonymizer.pseudonymize(period, "term", tenant.platform, tenant.workspace, term)

    def _hash_person(self, tenant: Tenant, period: int, user: str, term_hash: str) -> str:
        return self._pseudonymizer.pseudonymize(
            period, UNANSWERED_HITS.name, tenant.platform, tenant.workspace, user, term_hash
        )


def same_term_condition() -> ColumnElement[bool]:
    """The condition that a mark and a readable text speak of one term."""
    return and_(
        UNANSWERED_HITS.c.platform == UNANSWERED_TERMS.c.platform,
        UNANSWERED_HITS.c.workspace == UNANSWERED_TERMS.c.workspace,
        UNANSWERED_HITS.c.window == UNANSWERED_TERMS.c.window,
        UNANSWERED_HITS.c.term == UNANSWERED_TERMS.c.term,
    )


def below_threshold_condition() -> ColumnElement[bool]:
    """The condition that a readable text stems from fewer than five people, since somebody was forgotten."""
    people = (
        select(func.count())
        .select_from(UNANSWERED_HITS)
        .where(same_term_condition())
        .correlate(UNANSWERED_TERMS)
    )
    return people.scalar_subquery() < MIN_PEOPLE


def _build_terms(stems: Collection[str]) -> list[str]:
    """The stems and their pairs, in one order whoever says them."""
    known = sorted({stem for stem in stems if stem.isprintable() and 1 < len(stem) <= _MAX_STEM_LENGTH})
    words = [stem for stem in known if " " not in stem][:_MAX_STEMS]
    return [*words, *(f"{one} {other}" for one, other in combinations(words, 2))]
