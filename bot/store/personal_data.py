"""Export and delete what is stored about one person, in every table.

Each table lists its personal columns, so a new table is covered by its own definition. Rows are erased in the
order in which `tables` defines the tables: subscriptions before their deliveries, so that erasing waits for a
claim that is running and then finds the rows that the claim wrote.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, Table, and_, delete, select, update

from bot.domain.tenant import Tenant
from bot.store.database import Database
from bot.store.pseudonyms import Pseudonymizer
from bot.store.tables import METADATA, UNANSWERED_TERMS, PersonalColumn, tenant_condition
from bot.store.unanswered_terms import below_threshold_condition

RowsByTable = dict[str, list[dict[str, Any]]]


class PersonalData:
    """Rows about people, in every table."""

    def __init__(self, database: Database, pseudonymizer: Pseudonymizer) -> None:
        self._database = database
        self._pseudonymizer = pseudonymizer

    def load_rows(self, tenant: Tenant, user: str) -> RowsByTable:
        """Return every row about a person by table, without the columns that all rows have."""
        rows_by_table: RowsByTable = {}
        with self._database.read() as connection:
            for table, person in _iter_personal_columns():
                rows = [
                    _export_row(row, person)
                    for row in self._iter_user_rows(connection, table, person, tenant, user)
                ]
                if rows:
                    rows_by_table[table.name] = rows
        return rows_by_table

    def erase_user(self, tenant: Tenant, user: str) -> int:
        """Erase every row about a person, or the person in a row that others need; return how many rows."""
        erased = 0
        with self._database.write() as connection:
            for table, person in _iter_personal_columns():
                for row in self._iter_user_rows(connection, table, person, tenant, user):
                    row_key = and_(*(column == row._mapping[column.name] for column in table.primary_key))
                    if person.exclusive_flag is not None and not row._mapping[person.exclusive_flag]:
                        connection.execute(update(table).where(row_key).values({person.column: None}))
                    else:
                        connection.execute(delete(table).where(row_key))
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
        # Always in one order: an export is read page by page, by line numbers.
        query = select(table).where(tenant_condition(table, tenant)).order_by(*table.primary_key)
        if personal_column.pseudonymized_with is None:
            yield from connection.execute(query.where(table.c[personal_column.column] == user)).all()
            return
        for row in connection.execute(query).all():
            parts = (
                personal_column.hash_scope,
                tenant.platform,
                tenant.workspace,
                user,
                row._mapping[personal_column.pseudonymized_with],
            )
            if row._mapping[personal_column.column] in self._pseudonymizer.all_pseudonyms(row.period, *parts):
                yield row


def _iter_personal_columns() -> Iterator[tuple[Table, PersonalColumn]]:
    for table in METADATA.tables.values():
        for person in table.info["people"]:
            yield table, person


def _export_row(row: Row[Any], personal_column: PersonalColumn) -> dict[str, Any]:
    """Return a row as its person may read it: without pseudonyms, which nobody can read."""
    hidden = {"platform", "workspace"} | (
        {personal_column.column} if personal_column.pseudonymized_with else set()
    )
    return {name: value for name, value in row._mapping.items() if name not in hidden}
