"""Votes on cards, and the questions that no card answered."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def _community() -> tuple[sa.Column[str], sa.Column[str]]:
    return sa.Column("platform", sa.Text, nullable=False), sa.Column("workspace", sa.Text, nullable=False)


def upgrade() -> None:
    op.create_table(
        "votes",
        *_community(),
        sa.Column("window", sa.Integer, nullable=False),
        sa.Column("card", sa.Text, nullable=False),
        sa.Column("voter", sa.Text, nullable=False),
        sa.Column("helpful", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("platform", "workspace", "window", "card", "voter", name="pk_votes"),
    )
    op.create_table(
        "gap_marks",
        *_community(),
        sa.Column("window", sa.Integer, nullable=False),
        sa.Column("term", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("platform", "workspace", "window", "term", "person", name="pk_gap_marks"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "gap_texts",
        *_community(),
        sa.Column("window", sa.Integer, nullable=False),
        sa.Column("term", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("platform", "workspace", "window", "term", name="pk_gap_texts"),
        sqlite_with_rowid=False,
    )
