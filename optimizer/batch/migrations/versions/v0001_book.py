"""Households, runs, results, and which result belongs to which run."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the four tables."""
    op.create_table(
        "book_households",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("problem", sa.Text, nullable=False),
    )
    op.create_table(
        "book_runs",
        sa.Column("run_id", sa.String(36), primary_key=True),
        sa.Column("started_at", sa.String(32), nullable=False),
        sa.Column("book", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("options", sa.Text, nullable=False),
        sa.Column("n_households", sa.Integer, nullable=False),
    )
    dollars = [sa.Column(f"{name}_cents", sa.BigInteger) for name in DOLLARS]
    op.create_table(
        "book_results",
        sa.Column("household", sa.Text, primary_key=True),
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("made_at", sa.String(32), nullable=False),
        sa.Column("milliseconds", sa.Integer, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        *dollars,
        sa.Column("n_outside", sa.Integer),
        sa.Column("n_trades", sa.Integer),
        sa.Column("fault", sa.Text),
        sa.Column("plan", sa.LargeBinary),
    )
    op.create_table(
        "book_run_results",
        sa.Column("run_id", sa.String(36), sa.ForeignKey("book_runs.run_id"), primary_key=True),
        sa.Column("household", sa.Text, primary_key=True),
        sa.Column("key", sa.String(64), nullable=False),
    )


DOLLARS = ("value", "outside", "cash_to_place", "harvestable", "tax_without", "tax_with", "gap")
