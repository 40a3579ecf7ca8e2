"""Who gets tips, what is due, and whom to tell."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables import UtcDateTime

revision = "0003"
down_revision = "0002"


def _community() -> tuple[sa.Column[str], sa.Column[str]]:
    return sa.Column("platform", sa.Text, nullable=False), sa.Column("workspace", sa.Text, nullable=False)


def upgrade() -> None:
    op.create_table(
        "tip_subscriptions",
        *_community(),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("direct", sa.Boolean, nullable=False),
        sa.Column("owner", sa.Text),
        sa.Column("days", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("tags", sa.Text, nullable=False),
        sa.Column("next_due_at", UtcDateTime),
        sa.Column("paused", sa.Text, nullable=False),
        sa.Column("until", sa.Date),
        sa.Column("round", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("platform", "workspace", "channel", name="pk_tip_subscriptions"),
    )
    op.create_index("ix_tip_subscriptions_next_due_at", "tip_subscriptions", ["next_due_at"])
    op.create_table(
        "tip_deliveries",
        *_community(),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("slot", UtcDateTime, nullable=False),
        sa.Column("tip", sa.Text),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("claim", sa.Text, nullable=False),
        sa.Column("due_at", UtcDateTime),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("message", sa.Text),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("platform", "workspace", "channel", "slot", name="pk_tip_deliveries"),
    )
    op.create_index("ix_tip_deliveries_due_at", "tip_deliveries", ["due_at"])
    op.create_table(
        "tip_admins",
        *_community(),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("platform", "workspace", "person", name="pk_tip_admins"),
    )
