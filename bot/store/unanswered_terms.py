"""Unanswered questions, without their sentences: hashes of word stems, and of who used them.

A term is a stem or two stems of one question. Its plain text is written when the fifth different person
uses it within a period; before that, and for terms of fewer people, rows hold nothing that can be
read. Each hash of a person is for one term only, so nobody's terms can be put together to a question.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from sqlalchemy import ColumnElement, Connection, and_, delete, func, select

from bot.domain.tenant import Tenant
from bot.store.database import Database
from bot.store.pseudonyms import Pseudonymizer, period_index
from bot.store.tables import UNANSWERED_HITS, UNANSWERED_TERMS, decode_tenant, tenant_condition
from bot.store.upsert import build_insert

MIN_PEOPLE = 5
_MAX_STEMS = 10  # of one question; their pairs make 45 more terms
_MAX_STEM_LENGTH = 40  # characters of a stem; a longer one is no word
_PERIODS_KEPT = 4


@dataclass(frozen=True, slots=True)
class UnansweredTerm:
    """One readable term.

    Attributes:
        stems: one, or two of the same questions.
        person_count: how many different people used it, at least five.
    """

    tenant: Tenant
    period: int
    stems: tuple[str, ...]
    person_count: int


class UnansweredTerms:
    """The terms of unanswered questions, counted k-anonymously."""

    def __init__(self, database: Database, pseudonymizer: Pseudonymizer) -> None:
        self._database = database
        self._pseudonymizer = pseudonymizer

    def record_unanswered(self, tenant: Tenant, user: str, stems: Collection[str], now: datetime) -> None:
        """Record that no card answered a question with these stems."""
        period = period_index(now)
        texts = {self._hash_term(tenant, period, text): text for text in _build_terms(stems)}
        if not texts:
            return
        key = {**tenant.column_values, "period": period}
        hits = [{**key, "term": t, "person_hash": self._hash_person(tenant, period, user, t)} for t in texts]
        with self._database.write() as connection:
            hit_insert = build_insert(UNANSWERED_HITS, connection).on_conflict_do_nothing()
            connection.execute(hit_insert, hits)
            readable_hashes = self._find_readable_terms(connection, tenant, period, texts)
            if readable_hashes:
                readable = [{**key, "term": term, "text": texts[term]} for term in readable_hashes]
                connection.execute(
                    build_insert(UNANSWERED_TERMS, connection).on_conflict_do_nothing(), readable
                )
            for table in (UNANSWERED_HITS, UNANSWERED_TERMS):
                connection.execute(delete(table).where(table.c.period <= period - _PERIODS_KEPT))

    def list_readable_terms(self, tenant: Tenant | None = None) -> tuple[UnansweredTerm, ...]:
        """Return the terms of five people or more, most people first; of every tenant when None."""
        people = func.count().label("people")
        query = (
            select(UNANSWERED_TERMS, people)
            .join(UNANSWERED_HITS, same_term_condition())
            .group_by(*UNANSWERED_TERMS.c)
            .order_by(people.desc(), UNANSWERED_TERMS.c.text)
        )
        if tenant is not None:
            query = query.where(tenant_condition(UNANSWERED_TERMS, tenant))
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return tuple(
            UnansweredTerm(decode_tenant(r), r.period, tuple(r.text.split(" ")), r.people) for r in rows
        )

    def _find_readable_terms(
        self, connection: Connection, tenant: Tenant, period: int, term_hashes: Collection[str]
    ) -> list[str]:
        """Return the terms that enough people used."""
        query = (
            select(UNANSWERED_HITS.c.term)
            .where(
                tenant_condition(UNANSWERED_HITS, tenant),
                UNANSWERED_HITS.c.period == period,
                UNANSWERED_HITS.c.term.in_(term_hashes),
            )
            .group_by(UNANSWERED_HITS.c.term)
            .having(func.count() >= MIN_PEOPLE)
        )
        return list(connection.scalars(query))

    def _hash_term(self, tenant: Tenant, period: int, term: str) -> str:
        return self._pseudonymizer.pseudonymize(period, "term", tenant.platform, tenant.workspace, term)

    def _hash_person(self, tenant: Tenant, period: int, user: str, term_hash: str) -> str:
        return self._pseudonymizer.pseudonymize(
            period, "gap_marks", tenant.platform, tenant.workspace, user, term_hash
        )


def same_term_condition() -> ColumnElement[bool]:
    """Return the condition that a hit and a readable text belong to one term."""
    return and_(
        UNANSWERED_HITS.c.platform == UNANSWERED_TERMS.c.platform,
        UNANSWERED_HITS.c.workspace == UNANSWERED_TERMS.c.workspace,
        UNANSWERED_HITS.c.period == UNANSWERED_TERMS.c.period,
        UNANSWERED_HITS.c.term == UNANSWERED_TERMS.c.term,
    )


def below_threshold_condition() -> ColumnElement[bool]:
    """Return the condition that fewer than five people are left for a readable text."""
    people = (
        select(func.count())
        .select_from(UNANSWERED_HITS)
        .where(same_term_condition())
        .correlate(UNANSWERED_TERMS)
    )
    return people.scalar_subquery() < MIN_PEOPLE


def _build_terms(stems: Collection[str]) -> list[str]:
    """Return the stems and their pairs, in one order whatever the question's order was."""
    known = sorted({stem for stem in stems if stem.isprintable() and 1 < len(stem) <= _MAX_STEM_LENGTH})
    words = [stem for stem in known if " " not in stem][:_MAX_STEMS]
    return [*words, *(f"{first} {second}" for first, second in combinations(words, 2))]
