"""`INSERT … ON CONFLICT`, which both databases know under the same words and SQLAlchemy under two names."""

from __future__ import annotations

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Insert = sqlite.Insert | postgresql.Insert


def build_insert(table: Table, connection: Connection) -> Insert:
    """An insert that can say what happens when the row is there."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)
