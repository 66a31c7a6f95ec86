"""The tables of a kept ledger, the same for SQLite and PostgreSQL.

Every fact stands in `facts` as JSON without a float (:mod:`lots.events.codec`); the columns beside it exist for the
database's own work: order, uniqueness, reference. A row is never changed and never deleted; triggers refuse both.
"""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Integer, MetaData, String, Table, Text, UniqueConstraint

SCHEMA_VERSION = "0002"
"""The last numbered migration; a test keeps it true."""

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

writes = Table(
    "writes",
    metadata,
    Column("write_id", Integer, primary_key=True),
    Column("written_at", String(32), nullable=False),
    Column("writer", Text, nullable=False),
)
"""One row for each transaction that was acknowledged: when, and which program on which machine."""

sources = Table(
    "sources",
    metadata,
    Column("source_id", Integer, primary_key=True),
    Column("write_id", ForeignKey("writes.write_id"), nullable=False),
    Column("file", Text, nullable=False),
    Column("sha256", String(64)),
)
"""One row for each file that brought something new."""

declarations = Table(
    "declarations",
    metadata,
    Column("declaration_id", Integer, primary_key=True),
    Column("write_id", ForeignKey("writes.write_id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("name", Text, nullable=False),
    Column("facts", Text, nullable=False),
    CheckConstraint("kind IN ('account', 'security')", name="kind_is_known"),
)
"""What the household says of its accounts and securities; of several rows with one name the last one holds."""

events = Table(
    "events",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("write_id", ForeignKey("writes.write_id"), nullable=False),
    Column("event_id", Text, nullable=False, unique=True),
    Column("kind", String(40), nullable=False),
    Column("date", Date, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("replaces", Text, ForeignKey("events.event_id", deferrable=True, initially="DEFERRED"), unique=True),
    Column("facts", Text, nullable=False),
    Column("source_id", ForeignKey("sources.source_id")),
    Column("source_row", Integer),
    Column("content_hash", String(64), nullable=False),
    Column("occurrence", Integer, nullable=False),
    UniqueConstraint("content_hash", "occurrence"),
    CheckConstraint("occurrence >= 1", name="occurrence_counts_from_one"),
)
"""One row for each event, in the order of arrival. `occurrence` counts events that say the same."""
