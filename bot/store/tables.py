"""The tables. Each says in `info["people"]` which columns hold a person, so that no row is missed.

Their order is that in which rows are erased; see `people`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Dialect,
    Index,
    Integer,
    MetaData,
    Row,
    Table,
    Text,
    and_,
    text,
)
from sqlalchemy.types import TypeDecorator

from bot.store.tenant import Tenant

METADATA = MetaData(
    naming_convention={  # a constraint that has a name can be changed by a migration
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


@dataclass(frozen=True, slots=True)
class PersonalColumn:
    """A column that holds a person.

    Attributes:
        masked_with: the column that the mask was made with; None where the user's id stands as it is.
        alone: the column that says whether the row is the person's alone; a row that others need too stays,
            without the person.
    """

    column: str
    pseudonymized_with: str | None = None
    exclusive_flag: str | None = None


class UtcDateTime(TypeDecorator[datetime]):
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


def _tenant_columns() -> tuple[Column[str], Column[str]]:
    """The two columns that keep communities apart, first in every table's key."""
    return Column("platform", Text, primary_key=True), Column("workspace", Text, primary_key=True)


def _outbox_columns() -> tuple[Column[Any], ...]:
    """What every row holds that is a message to send; see `outbox`."""
    return (
        Column("state", Text, nullable=False),
        Column("claim", Text, nullable=False),
        Column("due_at", UtcDateTime),
        Column("begun_at", UtcDateTime),
        Column("reason", Text, nullable=False),
        Column("message", Text),
        Column("at", UtcDateTime, nullable=False),
    )


def _partial_index(name: str, *columns: str, where: str) -> Index:
    """An index of those rows only that a question may find; what is over and done with is not among them."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


def tenant_condition(table: Table, tenant: Tenant) -> ColumnElement[bool]:
    """The condition that a row is this community's."""
    return and_(table.c.platform == tenant.platform, table.c.workspace == tenant.workspace)


def decode_tenant(row: Row[Any]) -> Tenant:
    """Whose row this is."""
    return Tenant(row.platform, row.workspace)


_CHANNEL_KEY = ("platform", "workspace", "channel")

PROCESSED_MESSAGES = Table(
    "seen_messages",
    METADATA,
    *_tenant_columns(),
    Column("key", Text, primary_key=True),
    Column("seen_at", UtcDateTime, nullable=False),
    Index(None, "seen_at"),
    info={"people": ()},
)
"""Messages and mentions that were answered, for a day: the same one comes again under several events."""

VOTES = Table(
    "votes",
    METADATA,
    *_tenant_columns(),
    Column("window", Integer, primary_key=True),
    Column("card", Text, primary_key=True),
    Column("voter", Text, primary_key=True),
    Column("helpful", Boolean, nullable=False),
    info={"people": (PersonalColumn("voter", pseudonymized_with="card"),)},
)
"""Whether a card helped: one row a voter, card and 90-day window."""

UNANSWERED_HITS = Table(
    "gap_marks",
    METADATA,
    *_tenant_columns(),
    Column("window", Integer, primary_key=True),
    Column("term", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    info={"people": (PersonalColumn("person", pseudonymized_with="term"),)},
    # Without row ids rows lie in the order of their hashes; else neighbours would tell a question's words.
    sqlite_with_rowid=False,
)
"""That somebody brought a term in vain: masks of both."""

UNANSWERED_TERMS = Table(
    "gap_texts",
    METADATA,
    *_tenant_columns(),
    Column("window", Integer, primary_key=True),
    Column("term", Text, primary_key=True),
    Column("text", Text, nullable=False),
    info={"people": ()},
    sqlite_with_rowid=False,
)
"""The terms that five people brought, readable: one stem, or two with a space between."""

TIP_SUBSCRIPTIONS = Table(
    "tip_subscriptions",
    METADATA,
    *_tenant_columns(),
    Column("channel", Text, primary_key=True),
    Column("direct", Boolean, nullable=False),
    Column("owner", Text),
    Column("days", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("since", Date, nullable=False),
    Column("tags", Text, nullable=False),
    Column("next_due_at", UtcDateTime),
    Column("paused", Text, nullable=False),
    Column("until", Date),
    Column("round", Integer, nullable=False),
    _partial_index("ix_tip_subscriptions_due", "platform", "next_due_at", where="next_due_at IS NOT NULL"),
    info={"people": (PersonalColumn("owner", exclusive_flag="direct"),)},
)
"""Who gets tips: a channel, or a person by direct message (then `channel` is the person)."""

TIP_DELIVERIES = Table(
    "tip_deliveries",
    METADATA,
    *_tenant_columns(),
    Column("channel", Text, primary_key=True),
    Column("slot", UtcDateTime, primary_key=True),
    Column("tip", Text),
    Column("round", Integer, nullable=False),
    *_outbox_columns(),
    _partial_index("ix_tip_deliveries_due", "platform", "due_at", where="due_at IS NOT NULL"),
    _partial_index("ix_tip_deliveries_claim", "claim", where="claim != ''"),
    _partial_index("ix_tip_deliveries_round", *_CHANNEL_KEY, "round", where="tip IS NOT NULL"),
    info={"people": (PersonalColumn("channel"),)},
)
"""One row a subscription and slot. A person's id is a channel too."""

TIP_NOTIFICATIONS = Table(
    "tip_words",
    METADATA,
    *_tenant_columns(),
    Column("channel", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("mark", Text, primary_key=True),
    Column("turn", Integer, primary_key=True),
    Column("direct", Boolean, nullable=False),
    Column("person", Text),
    Column("why", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("slot", UtcDateTime, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    *_outbox_columns(),
    _partial_index("ix_tip_words_due", "platform", "due_at", where="due_at IS NOT NULL"),
    _partial_index("ix_tip_words_claim", "claim", where="claim != ''"),
    info={"people": (PersonalColumn("person", exclusive_flag="direct"),)},
)
"""What a person has to know of the tips of `channel`, once; the next turn is the next person's, when one
cannot be reached."""

TIP_ADMINS = Table(
    "tip_admins",
    METADATA,
    *_tenant_columns(),
    Column("person", Text, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    info={"people": (PersonalColumn("person"),)},
)
"""Who set tips up, to be told when the owner cannot."""
