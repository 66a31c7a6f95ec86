"""The database itself refuses to change or delete what was written.

A step of its own, so that whoever must mend a damaged file by hand can see what stands in the way.
"""

from alembic import op

revision = "0002"
down_revision = "0001"

TABLES = ("writes", "sources", "declarations", "events")
REFUSAL = "a ledger only grows: add an event that names the one it corrects"


def upgrade() -> None:
    """Put a trigger before every update and delete."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
        )
    for table in TABLES:
        for verb in ("UPDATE", "DELETE"):
            op.execute(_trigger(op.get_bind().dialect.name, table, verb))


def _trigger(dialect: str, table: str, verb: str) -> str:
    name = f"no_{verb.lower()}_of_{table}"
    if dialect == "postgresql":
        return f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    return f"CREATE TRIGGER {name} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
