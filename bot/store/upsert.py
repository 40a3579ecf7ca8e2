"""`INSERT … ON CONFLICT`: the same statement on both databases, under two names in SQLAlchemy."""

from __future__ import annotations

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Insert = sqlite.Insert | postgresql.Insert


def build_insert(table: Table, connection: Connection) -> Insert:
    """Build an insert that can say what happens when the row exists."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)
