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

from bot.store.community import Community
from bot.store.database import Database
from bot.store.masks import Masks, window_of
from bot.store.tables import GAP_MARKS, GAP_TEXTS, community_of, owned
from bot.store.upsert import insert

PEOPLE = 5
_STEMS = 10  # of one question; their pairs make 45 more terms
_LONGEST = 40  # characters of a stem; a longer one is no word
_WINDOWS_KEPT = 4


@dataclass(frozen=True, slots=True)
class Term:
    """One readable term.

    Attributes:
        stems: one, or two that stood in the same questions.
        people: how many different people brought it, at least five.
    """

    community: Community
    window: int
    stems: tuple[str, ...]
    people: int


class Gaps:
    """The ledger of unanswered questions."""

    def __init__(self, database: Database, masks: Masks) -> None:
        self._database = database
        self._masks = masks

    def missed(self, community: Community, user: str, stems: Collection[str], now: datetime) -> None:
        """Note that nothing answered a question with these stems."""
        window = window_of(now)
        texts = {self._mask(community, window, text): text for text in _terms(stems)}
        if not texts:
            return
        key = {**community.columns, "window": window}
        marks = [{**key, "term": t, "person": self._person(community, window, user, t)} for t in texts]
        with self._database.write() as connection:
            wanted = insert(GAP_MARKS, connection).on_conflict_do_nothing()
            connection.execute(wanted, marks)
            ripe = self._ripe(connection, community, window, texts)
            if ripe:
                readable = [{**key, "term": term, "text": texts[term]} for term in ripe]
                connection.execute(insert(GAP_TEXTS, connection).on_conflict_do_nothing(), readable)
            for table in (GAP_MARKS, GAP_TEXTS):
                connection.execute(delete(table).where(table.c.window <= window - _WINDOWS_KEPT))

    def readable(self, community: Community | None = None) -> tuple[Term, ...]:
        """The terms that five people or more brought, most people first; of every community when None."""
        people = func.count().label("people")
        wanted = (
            select(GAP_TEXTS, people)
            .join(GAP_MARKS, same_term())
            .group_by(*GAP_TEXTS.c)
            .order_by(people.desc(), GAP_TEXTS.c.text)
        )
        if community is not None:
            wanted = wanted.where(owned(GAP_TEXTS, community))
        with self._database.read() as connection:
            rows = connection.execute(wanted).all()
        return tuple(Term(community_of(r), r.window, tuple(r.text.split(" ")), r.people) for r in rows)

    def _ripe(
        self, connection: Connection, community: Community, window: int, terms: Collection[str]
    ) -> list[str]:
        """Those of the terms that enough people brought."""
        wanted = (
            select(GAP_MARKS.c.term)
            .where(owned(GAP_MARKS, community), GAP_MARKS.c.window == window, GAP_MARKS.c.term.in_(terms))
            .group_by(GAP_MARKS.c.term)
            .having(func.count() >= PEOPLE)
        )
        return list(connection.scalars(wanted))

    def _mask(self, community: Community, window: int, text: str) -> str:
        return self._masks.mask(window, "term", community.platform, community.workspace, text)

    def _person(self, community: Community, window: int, user: str, term: str) -> str:
        return self._masks.mask(window, GAP_MARKS.name, community.platform, community.workspace, user, term)


def same_term() -> ColumnElement[bool]:
    """The condition that a mark and a readable text speak of one term."""
    return and_(
        GAP_MARKS.c.platform == GAP_TEXTS.c.platform,
        GAP_MARKS.c.workspace == GAP_TEXTS.c.workspace,
        GAP_MARKS.c.window == GAP_TEXTS.c.window,
        GAP_MARKS.c.term == GAP_TEXTS.c.term,
    )


def unripe_texts() -> ColumnElement[bool]:
    """The condition that a readable text stems from fewer than five people, since somebody was forgotten."""
    people = select(func.count()).select_from(GAP_MARKS).where(same_term()).correlate(GAP_TEXTS)
    return people.scalar_subquery() < PEOPLE


def _terms(stems: Collection[str]) -> list[str]:
    """The stems and their pairs, in one order whoever says them."""
    known = sorted({stem for stem in stems if stem.isprintable() and 1 < len(stem) <= _LONGEST})
    words = [stem for stem in known if " " not in stem][:_STEMS]
    return [*words, *(f"{one} {other}" for one, other in combinations(words, 2))]
