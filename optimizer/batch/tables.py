"""The tables of a book, the same for SQLite and PostgreSQL. Dollars are whole cents; nothing is stored as a float.

A result is never changed: a household asked again with another problem, program or law has another key. Which results
belong to a run is said by `run_results`, so that a run that finds an answer there already takes it over.
"""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, MetaData, String, Table, Text

SCHEMA_VERSION = "0002"
"""The last numbered migration; a test keeps it true."""
VERSION_TABLE = "book_version"

metadata = MetaData()

households = Table(
    "book_households",
    metadata,
    Column("name", Text, primary_key=True),
    Column("problem", Text, nullable=False),
)
"""Problems of a book that is kept in the store, as documents."""

runs = Table(
    "book_runs",
    metadata,
    Column("run_id", String(36), primary_key=True),
    Column("started_at", String(32), nullable=False),
    Column("book", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("options", Text, nullable=False),
    Column("n_households", Integer, nullable=False),
)
"""One row for each time a book was asked."""

results = Table(
    "book_results",
    metadata,
    Column("household", Text, primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("name", Text),
    Column("made_at", String(32), nullable=False),
    Column("milliseconds", Integer, nullable=False),
    Column("status", String(16), nullable=False),
    Column("value_cents", BigInteger),
    Column("outside_cents", BigInteger),
    Column("n_outside", Integer),
    Column("cash_to_place_cents", BigInteger),
    Column("harvestable_cents", BigInteger),
    Column("tax_without_cents", BigInteger),
    Column("tax_with_cents", BigInteger),
    Column("gap_cents", BigInteger),
    Column("n_trades", Integer),
    Column("fault", Text),
    Column("plan", LargeBinary),
)
"""One row for each answer: `household` is its folder or file in the book and `name` what its own document calls it; `status` is
planned, inside (nothing to do) or fault; `plan` is the document, compressed."""

run_results = Table(
    "book_run_results",
    metadata,
    Column("run_id", String(36), ForeignKey("book_runs.run_id"), primary_key=True),
    Column("household", Text, primary_key=True),
    Column("key", String(64), nullable=False),
)
"""Which answer each household of a run has; one each."""
