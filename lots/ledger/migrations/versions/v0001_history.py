"""Writes, sources, declarations and events.

The tables are written out here rather than taken from :mod:`lots.ledger.store.tables`, which moves on with later steps.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

AT_COMMIT = "DEFERRED"
"""A correction may stand before the event it names, as long as both are there in the end."""


def upgrade() -> None:
    """Make the four tables."""
    op.create_table(
        "writes",
        sa.Column("write_id", sa.Integer),
        sa.Column("written_at", sa.String(32), nullable=False),
        sa.Column("writer", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("write_id", name="pk_writes"),
    )
    op.create_table(
        "sources",
        sa.Column("source_id", sa.Integer),
        sa.Column("write_id", sa.Integer, nullable=False),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64)),
        sa.PrimaryKeyConstraint("source_id", name="pk_sources"),
        sa.ForeignKeyConstraint(["write_id"], ["writes.write_id"], name="fk_sources_write_id"),
    )
    op.create_table(
        "declarations",
        sa.Column("declaration_id", sa.Integer),
        sa.Column("write_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("declaration_id", name="pk_declarations"),
        sa.ForeignKeyConstraint(["write_id"], ["writes.write_id"], name="fk_declarations_write_id"),
        sa.CheckConstraint("kind IN ('account', 'security')", name="ck_declarations_kind_is_known"),
    )
    _create_events()


def _create_events() -> None:
    op.create_table(
        "events",
        sa.Column("number", sa.Integer),
        sa.Column("write_id", sa.Integer, nullable=False),
        sa.Column("event_id", sa.Text, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("date", sa.Date, nullable=False),
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("replaces", sa.Text),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("source_id", sa.Integer),
        sa.Column("source_row", sa.Integer),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("occurrence", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_events"),
        sa.ForeignKeyConstraint(["write_id"], ["writes.write_id"], name="fk_events_write_id"),
        sa.ForeignKeyConstraint(
            ["replaces"], ["events.event_id"], name="fk_events_replaces", deferrable=True, initially=AT_COMMIT
        ),
        sa.ForeignKeyConstraint(["source_id"], ["sources.source_id"], name="fk_events_source_id"),
        sa.UniqueConstraint("event_id", name="uq_events_event_id"),
        sa.UniqueConstraint("replaces", name="uq_events_replaces"),
        sa.UniqueConstraint("content_hash", "occurrence", name="uq_events_content_hash"),
        sa.CheckConstraint("occurrence >= 1", name="ck_events_occurrence_counts_from_one"),
    )
