"""What is kept about one person: shown and erased, whatever table it stands in.

It goes by what each table says of itself, so a new table is covered by saying it. Tables are erased in the
order in which `tables` defines them: subscriptions before what comes of them, so that erasing waits for
whoever claims just now, and finds what that wrote.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, Table, and_, delete, select, update

from bot.store.community import Community
from bot.store.database import Database
from bot.store.gaps import unripe_texts
from bot.store.masks import Masks
from bot.store.tables import GAP_TEXTS, METADATA, Person, owned

Found = dict[str, list[dict[str, Any]]]


class People:
    """Rows about people, in every table."""

    def __init__(self, database: Database, masks: Masks) -> None:
        self._database = database
        self._masks = masks

    def rows(self, community: Community, user: str) -> Found:
        """Every row about a person by table, without the columns that all rows have."""
        found: Found = {}
        with self._database.read() as connection:
            for table, person in _holding():
                rows = [_told(row, person) for row in self._of(connection, table, person, community, user)]
                if rows:
                    found[table.name] = rows
        return found

    def forget(self, community: Community, user: str) -> int:
        """Erase every row about a person, or the person in a row that others need; how many there were."""
        erased = 0
        with self._database.write() as connection:
            for table, person in _holding():
                for row in self._of(connection, table, person, community, user):
                    this = and_(*(column == row._mapping[column.name] for column in table.primary_key))
                    if person.alone is not None and not row._mapping[person.alone]:
                        connection.execute(update(table).where(this).values({person.column: None}))
                    else:
                        connection.execute(delete(table).where(this))
                    erased += 1
            connection.execute(delete(GAP_TEXTS).where(owned(GAP_TEXTS, community), unripe_texts()))
        return erased

    def forget_community(self, community: Community) -> None:
        """Erase every row of a workspace, as after an uninstall."""
        with self._database.write() as connection:
            for table in METADATA.tables.values():
                connection.execute(delete(table).where(owned(table, community)))

    def _of(
        self, connection: Connection, table: Table, person: Person, community: Community, user: str
    ) -> Iterator[Row[Any]]:
        # In one order, always: an export is read page by page, by the numbers of its lines.
        wanted = select(table).where(owned(table, community)).order_by(*table.primary_key)
        if person.masked_with is None:
            yield from connection.execute(wanted.where(table.c[person.column] == user)).all()
            return
        for row in connection.execute(wanted).all():
            parts = (
                table.name,
                community.platform,
                community.workspace,
                user,
                row._mapping[person.masked_with],
            )
            if row._mapping[person.column] in self._masks.known(row.window, *parts):
                yield row


def _holding() -> Iterator[tuple[Table, Person]]:
    for table in METADATA.tables.values():
        for person in table.info["people"]:
            yield table, person


def _told(row: Row[Any], person: Person) -> dict[str, Any]:
    """A row as its person may read it: masks say nothing to anybody."""
    left_out = {"platform", "workspace"} | ({person.column} if person.masked_with else set())
    return {name: value for name, value in row._mapping.items() if name not in left_out}
