"""The tables. Each lists in `info["people"]` the columns that hold a person, so that no row is missed, and names
in `info["privacy"]` the sentence of `/career privacy` that tells people about it.

Rows are erased in the order of the tables; see `personal_data`.
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

from bot.domain.tenant import Tenant
from bot.domain.tips.subscription import DEFAULT_SUBSCRIPTION_ID

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
        pseudonymized_with: the column that went into the hash; None where the column holds the user's id.
        hash_scope: the first part of what is hashed; it outlives a rename of the table.
        exclusive_flag: the column that says whether the row is the person's alone; a row that others need too
            is kept, without the person.
    """

    column: str
    pseudonymized_with: str | None = None
    hash_scope: str = ""
    exclusive_flag: str | None = None


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, aware and in UTC on both sides; SQLite itself has no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Refuse a moment without a zone, which the database would take for another one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment must have a zone, got {value.isoformat()}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Return the moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _tenant_columns() -> tuple[Column[str], Column[str]]:
    """The two columns that keep tenants apart, first in every table's key."""
    return Column("platform", Text, primary_key=True), Column("workspace", Text, primary_key=True)


def _outbox_columns() -> tuple[Column[Any], ...]:
    """What every outbox row holds; see `bot.domain.outbox`."""
    return (
        Column("state", Text, nullable=False),
        Column("claim_token", Text, nullable=False),
        Column("due_at", UtcDateTime),
        Column("send_started_at", UtcDateTime),
        Column("attempts", Integer, nullable=False, default=0),
        Column("reason", Text, nullable=False),
        Column("platform_message_id", Text),
        Column("updated_at", UtcDateTime, nullable=False),
    )


def _partial_index(name: str, *columns: str, where: str) -> Index:
    """Build an index of the rows that a query may find; rows that are over are not in it."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


def tenant_condition(table: Table, tenant: Tenant) -> ColumnElement[bool]:
    """Return the condition that a row is this tenant's."""
    return and_(table.c.platform == tenant.platform, table.c.workspace == tenant.workspace)


def decode_tenant(row: Row[Any]) -> Tenant:
    """Return whose row this is."""
    return Tenant(row.platform, row.workspace)


_CHANNEL_KEY = ("platform", "workspace", "channel")

PROCESSED_MESSAGES = Table(
    "processed_messages",
    METADATA,
    *_tenant_columns(),
    Column("key", Text, primary_key=True),
    Column("seen_at", UtcDateTime, nullable=False),
    Index(None, "seen_at"),
    info={"privacy": "privacy.seen", "people": ()},
)
"""Messages and mentions that were answered, for a day: several events bring the same one."""

VOTES = Table(
    "votes",
    METADATA,
    *_tenant_columns(),
    Column("period", Integer, primary_key=True),
    Column("card", Text, primary_key=True),
    Column("voter_hash", Text, primary_key=True),
    Column("helpful", Boolean, nullable=False),
    info={
        "privacy": "privacy.votes",
        "people": (PersonalColumn("voter_hash", pseudonymized_with="card", hash_scope="votes"),),
    },
)
"""Whether a card helped: one row a voter, card and 90-day period."""

UNANSWERED_HITS = Table(
    "unanswered_hits",
    METADATA,
    *_tenant_columns(),
    Column("period", Integer, primary_key=True),
    Column("term", Text, primary_key=True),
    Column("person_hash", Text, primary_key=True),
    info={
        "privacy": "privacy.gaps",
        "people": (PersonalColumn("person_hash", pseudonymized_with="term", hash_scope="gap_marks"),),
    },
    # Without row ids rows lie in the order of their hashes; otherwise neighbours would reveal a question.
    sqlite_with_rowid=False,
)
"""That somebody asked with a term and got no answer: hashes of both."""

UNANSWERED_TERMS = Table(
    "unanswered_terms",
    METADATA,
    *_tenant_columns(),
    Column("period", Integer, primary_key=True),
    Column("term", Text, primary_key=True),
    Column("text", Text, nullable=False),
    info={"privacy": "privacy.gaps", "people": ()},
    sqlite_with_rowid=False,
)
"""The terms that five people used, readable: one stem, or two with a space between."""

TIP_SUBSCRIPTIONS = Table(
    "tip_subscriptions",
    METADATA,
    *_tenant_columns(),
    Column("channel", Text, primary_key=True),
    Column("subscription_id", Text, primary_key=True, default=DEFAULT_SUBSCRIPTION_ID),
    Column("is_direct", Boolean, nullable=False),
    Column("owner", Text),
    Column("days", Text, nullable=False),
    Column("local_time", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("anchor_date", Date, nullable=False),
    Column("tags", Text, nullable=False),
    Column("next_due_at", UtcDateTime),
    Column("pause_reason", Text, nullable=False),
    Column("paused_until", Date),
    Column("cycle", Integer, nullable=False),
    _partial_index("ix_tip_subscriptions_due", "platform", "next_due_at", where="next_due_at IS NOT NULL"),
    info={"privacy": "privacy.tips", "people": (PersonalColumn("owner", exclusive_flag="is_direct"),)},
)
"""Who gets tips: a channel, or a person by direct message (then `channel` is the person's id)."""

TIP_DELIVERIES = Table(
    "tip_deliveries",
    METADATA,
    *_tenant_columns(),
    Column("channel", Text, primary_key=True),
    Column("scheduled_at", UtcDateTime, primary_key=True),
    Column("subscription_id", Text, nullable=False, default=DEFAULT_SUBSCRIPTION_ID),
    Column("tip", Text),
    Column("cycle", Integer, nullable=False),
    *_outbox_columns(),
    _partial_index("ix_tip_deliveries_due", "platform", "due_at", where="due_at IS NOT NULL"),
    _partial_index("ix_tip_deliveries_claim_token", "claim_token", where="claim_token != ''"),
    _partial_index("ix_tip_deliveries_cycle", *_CHANNEL_KEY, "cycle", where="tip IS NOT NULL"),
    info={"privacy": "privacy.tips", "people": (PersonalColumn("channel"),)},
)
"""One row a channel and slot: two subscriptions of a channel that are due at once post one tip. A person's id
is a channel too."""

TIP_NOTIFICATIONS = Table(
    "tip_notifications",
    METADATA,
    *_tenant_columns(),
    Column("channel", Text, primary_key=True),
    Column("subscription_id", Text, primary_key=True, default=DEFAULT_SUBSCRIPTION_ID),
    Column("kind", Text, primary_key=True),
    Column("dedupe_key", Text, primary_key=True),
    Column("recipient_index", Integer, primary_key=True),
    Column("is_direct", Boolean, nullable=False),
    Column("recipient_id", Text),
    Column("detail", Text, nullable=False),
    Column("error_code", Text, nullable=False, default=""),
    Column("remaining", Integer, nullable=False),
    Column("scheduled_at", UtcDateTime, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    *_outbox_columns(),
    _partial_index("ix_tip_notifications_due", "platform", "due_at", where="due_at IS NOT NULL"),
    _partial_index("ix_tip_notifications_claim_token", "claim_token", where="claim_token != ''"),
    info={"privacy": "privacy.tips", "people": (PersonalColumn("recipient_id", exclusive_flag="is_direct"),)},
)
"""What a person has to know about the tips of `channel`, once; the next index is the next person's, when one
cannot be reached."""

TIP_ADMINS = Table(
    "tip_admins",
    METADATA,
    *_tenant_columns(),
    Column("person", Text, primary_key=True),
    Column("last_used_at", UtcDateTime, nullable=False),
    info={"privacy": "privacy.tips", "people": (PersonalColumn("person"),)},
)
"""Who set tips up; they are notified when the owner cannot be."""


def list_privacy_keys() -> tuple[str, ...]:
    """Return the string keys that tell people what is stored, each once, in the order of the tables.

    Raises:
        KeyError: for a table that names no sentence.
    """
    return tuple(dict.fromkeys(table.info["privacy"] for table in METADATA.tables.values()))
