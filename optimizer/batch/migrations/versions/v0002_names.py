"""What each household is called in its own document."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the name; answers given before have none."""
    op.add_column("book_results", sa.Column("name", sa.Text))
