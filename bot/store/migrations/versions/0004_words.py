"""What owners have to know, as rows; and indexes that hold only what is still to be sent."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables import UtcDateTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("tip_deliveries", sa.Column("begun_at", UtcDateTime))
    op.execute("UPDATE tip_deliveries SET begun_at = at WHERE state = 'sending'")
    op.execute("UPDATE tip_deliveries SET claim = '' WHERE state IN ('sent', 'skipped', 'failed')")
    op.create_table(
        "tip_words",
        *(sa.Column(name, sa.Text, nullable=False) for name in ("platform", "workspace", "channel")),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("mark", sa.Text, nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("direct", sa.Boolean, nullable=False),
        sa.Column("person", sa.Text),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("slot", UtcDateTime, nullable=False),
        sa.Column("since", UtcDateTime, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("claim", sa.Text, nullable=False),
        sa.Column("due_at", UtcDateTime),
        sa.Column("begun_at", UtcDateTime),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("message", sa.Text),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint(
            "platform", "workspace", "channel", "kind", "mark", "turn", name="pk_tip_words"
        ),
    )
    op.drop_index("ix_tip_subscriptions_next_due_at", "tip_subscriptions")
    op.drop_index("ix_tip_deliveries_due_at", "tip_deliveries")
    place = ("platform", "workspace", "channel")
    _index("tip_subscriptions", "due", "platform", "next_due_at", where="next_due_at IS NOT NULL")
    _index("tip_deliveries", "round", *place, "round", where="tip IS NOT NULL")
    for table in ("tip_deliveries", "tip_words"):
        _index(table, "due", "platform", "due_at", where="due_at IS NOT NULL")
        _index(table, "claim", "claim", where="claim != ''")


def _index(table: str, name: str, *columns: str, where: str) -> None:
    some = sa.text(where)
    op.create_index(f"ix_{table}_{name}", table, columns, sqlite_where=some, postgresql_where=some)
