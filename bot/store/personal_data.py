"""What is kept about one person: shown and erased, whatever table it stands in.

It goes by what each table says of itself, so a new table is covered by saying it. Tables are erased in the
order in which `tables` defines them: subscriptions before what comes of them, so that erasing waits for
whoever claims just now, and finds what that wrote.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, Table, and_, delete, select, update

from bot.store.database import Database
from bot.store.pseudonyms import Pseudonymizer
from bot.store.tables import METADATA, UNANSWERED_TERMS, PersonalColumn, tenant_condition
from bot.store.tenant import Tenant
from bot.store.unanswered_terms import below_threshold_condition

RowsByTable = dict[str, list[dict[str, Any]]]


class PersonalData:
    """Rows about people, in every table."""

    def __init__(self, database: Database, pseudonymizer: Pseudonymizer) -> None:
        self._database = database
        self._pseudonymizer = pseudonymizer

    def load_rows(self, tenant: Tenant, user: str) -> RowsByTable:
        """Every row about a person by table, without the columns that all rows have."""
        found: RowsByTable = {}
        with self._database.read() as connection:
            for table, person in _iter_personal_columns():
                rows = [
                    _export_row(row, person)
                    for row in self._iter_user_rows(connection, table, person, tenant, user)
                ]
                if rows:
                    found[table.name] = rows
        return found

    def erase_user(self, tenant: Tenant, user: str) -> int:
        """Erase every row about a person, or the person in a row that others need; how many there were."""
        erased = 0
        with self._database.write() as connection:
            for table, person in _iter_personal_columns():
                for row in self._iter_user_rows(connection, table, person, tenant, user):
                    this = and_(*(column == row._mapping[column.name] for column in table.primary_key))
                    if person.exclusive_flag is not None and not row._mapping[person.exclusive_flag]:
                        connection.execute(update(table).where(this).values({person.column: None}))
                    else:
                        connection.execute(delete(table).where(this))
                    erased += 1
            connection.execute(
                delete(UNANSWERED_TERMS).where(
                    tenant_condition(UNANSWERED_TERMS, tenant), below_threshold_condition()
                )
            )
        return erased

    def erase_tenant(self, tenant: Tenant) -> None:
        """Erase every row of a workspace, as after an uninstall."""
        with self._database.write() as connection:
            for table in METADATA.tables.values():
                connection.execute(delete(table).where(tenant_condition(table, tenant)))

    def _iter_user_rows(
        self, connection: Connection, table: Table, personal_column: PersonalColumn, tenant: Tenant, user: str
    ) -> Iterator[Row[Any]]:
        # In one order, always: an export is read page by page, by the numbers of its lines.
        wanted = select(table).where(tenant_condition(table, tenant)).order_by(*table.primary_key)
        if personal_column.pseudonymized_with is None:
            yield from connection.execute(wanted.where(table.c[personal_column.column] == user)).all()
            return
        for row in connection.execute(wanted).all():
            parts = (
                table.name,
                tenant.platform,
                tenant.workspace,
                user,
                row._mapping[personal_column.pseudonymized_with],
            )
            if row._mapping[personal_column.column] in self._pseudonymizer.all_pseudonyms(row.window, *parts):
                yield row


def _iter_personal_columns() -> Iterator[tuple[Table, PersonalColumn]]:
    for table in METADATA.tables.values():
        for person in table.info["people"]:
            yield table, person


def _export_row(row: Row[Any], personal_column: PersonalColumn) -> dict[str, Any]:
    """A row as its person may read it: masks say nothing to anybody."""
    left_out = {"platform", "workspace"} | (
        {personal_column.column} if personal_column.pseudonymized_with else set()
    )
    return {name: value for name, value in row._mapping.items() if name not in left_out}
