"""The tables. Each says in its `info` which column holds a person, so that nobody's rows are forgotten.

`info["person"]` is the column with the platform's user id, or None when no row is about a person.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Column, DateTime, Dialect, Index, MetaData, Table, Text
from sqlalchemy.types import TypeDecorator

METADATA = MetaData(
    naming_convention={  # a constraint that has a name can be changed by a migration
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A moment, aware and in UTC on both sides; SQLite itself knows no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Refuse a moment without a zone before it becomes a wrong one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment has a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """As UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _community() -> tuple[Column[str], Column[str]]:
    """The two columns that keep communities apart, first in every table's key."""
    return Column("platform", Text, primary_key=True), Column("workspace", Text, primary_key=True)


SEEN_MESSAGES = Table(
    "seen_messages",
    METADATA,
    *_community(),
    Column("key", Text, primary_key=True),
    Column("seen_at", Moment, nullable=False),
    Index(None, "seen_at"),
    info={"person": None},
)
"""Messages and mentions that were answered, for a day: the same one comes again under several events."""
