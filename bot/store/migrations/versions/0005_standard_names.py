"""Tables and columns in standard names, attempts, several subscriptions a channel."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0005"
down_revision = "0004"

_SUBSCRIPTION_KEY = ("platform", "workspace", "channel", "subscription_id")
_RENAMED_TABLES = {
    "seen_messages": "processed_messages",
    "gap_marks": "unanswered_hits",
    "gap_texts": "unanswered_terms",
    "tip_words": "tip_notifications",
}
_OUTBOX_COLUMNS = {
    "claim": "claim_token",
    "begun_at": "send_started_at",
    "message": "platform_message_id",
    "at": "updated_at",
    "slot": "scheduled_at",
}
_RENAMED_COLUMNS = {
    "votes": {"window": "period", "voter": "voter_hash"},
    "unanswered_hits": {"window": "period", "person": "person_hash"},
    "unanswered_terms": {"window": "period"},
    "tip_subscriptions": {
        "at": "local_time",
        "since": "anchor_date",
        "paused": "pause_reason",
        "until": "paused_until",
        "round": "cycle",
        "direct": "is_direct",
    },
    "tip_deliveries": {**_OUTBOX_COLUMNS, "round": "cycle"},
    "tip_notifications": {
        **_OUTBOX_COLUMNS,
        "turn": "recipient_index",
        "mark": "dedupe_key",
        "why": "detail",
        "number": "remaining",
        "person": "recipient_id",
        "direct": "is_direct",
        "since": "created_at",
    },
    "tip_admins": {"at": "last_used_at"},
}


def upgrade() -> None:
    # Indexes first: they are made anew below, under the new names.
    op.drop_index("ix_seen_messages_seen_at", "seen_messages")
    op.drop_index("ix_tip_subscriptions_due", "tip_subscriptions")
    op.drop_index("ix_tip_deliveries_round", "tip_deliveries")
    for table in ("tip_deliveries", "tip_words"):
        op.drop_index(f"ix_{table}_due", table)
        op.drop_index(f"ix_{table}_claim", table)
    for old, new in _RENAMED_TABLES.items():
        op.rename_table(old, new)
    for table, columns in _RENAMED_COLUMNS.items():
        for old, new in columns.items():
            # Both databases know this statement; alembic's own would copy every SQLite table.
            op.execute(f'ALTER TABLE {table} RENAME COLUMN "{old}" TO "{new}"')
    _add_columns()
    op.create_index("ix_processed_messages_seen_at", "processed_messages", ["seen_at"])
    _index("tip_subscriptions", "due", "platform", "next_due_at", where="next_due_at IS NOT NULL")
    _index("tip_deliveries", "cycle", *_SUBSCRIPTION_KEY[:3], "cycle", where="tip IS NOT NULL")
    for table in ("tip_deliveries", "tip_notifications"):
        _index(table, "due", "platform", "due_at", where="due_at IS NOT NULL")
        _index(table, "claim_token", "claim_token", where="claim_token != ''")


def _add_columns() -> None:
    """Add the new columns, and the subscription's id to the keys."""
    op.add_column("tip_deliveries", _subscription_id())
    op.add_column("tip_deliveries", _attempts())
    with _with_new_key("tip_subscriptions", "pk_tip_subscriptions", *_SUBSCRIPTION_KEY) as batch:
        batch.add_column(_subscription_id())
    key = (*_SUBSCRIPTION_KEY, "kind", "dedupe_key", "recipient_index")
    with _with_new_key("tip_notifications", "pk_tip_words", *key) as batch:
        batch.add_column(_subscription_id())
        batch.add_column(_attempts())
        batch.add_column(sa.Column("error_code", sa.Text, nullable=False, server_default=""))


@contextmanager
def _with_new_key(table: str, old_key: str, *columns: str) -> Iterator[BatchOperations]:
    """Change a table's primary key; SQLite copies the table for that."""
    with op.batch_alter_table(table) as batch:
        yield batch
        batch.drop_constraint(old_key, type_="primary")
        batch.create_primary_key(f"pk_{table}", list(columns))


def _subscription_id() -> sa.Column[str]:
    return sa.Column("subscription_id", sa.Text, nullable=False, server_default="default")


def _attempts() -> sa.Column[int]:
    return sa.Column("attempts", sa.Integer, nullable=False, server_default="0")


def _index(table: str, name: str, *columns: str, where: str) -> None:
    condition = sa.text(where)
    op.create_index(f"ix_{table}_{name}", table, columns, sqlite_where=condition, postgresql_where=condition)
