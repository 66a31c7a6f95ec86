"""Which version of the tables a place holds, and the way from there to this one."""

from pathlib import Path

import sqlalchemy as sa

from lots.errors import StoreError
from lots.ledger import migrations
from lots.ledger.store.place import Place
from lots.ledger.store.tables import SCHEMA_VERSION

VERSION_TABLE = "alembic_version"


def version_in(connection: sa.Connection, place: Place) -> str | None:
    """Return the version of the tables; None where there is nothing yet.

    Raises
    ------
    StoreError
        If the place holds something else, or the tables of a newer version.
    """
    tables = set(sa.inspect(connection).get_table_names())
    if not tables:
        return None
    found: list[object] = []
    if {VERSION_TABLE, "events"} <= tables:
        found = list(connection.execute(sa.text(f"SELECT version_num FROM {VERSION_TABLE}")).scalars())
    if len(found) != 1:
        raise StoreError(
            f"{place}: a database of something else (its tables are {', '.join(sorted(tables)[:5])}); "
            "expected a ledger of Bandwise or an empty place, so name another."
        )
    version = str(found[0])
    if version not in known_versions():
        raise StoreError(
            f"{place}: its tables are of version {version}, and this program knows versions up to {SCHEMA_VERSION}; "
            "it was written by a newer one, so install that (`pip install --upgrade bandwise`)."
        )
    return version


def known_versions() -> tuple[str, ...]:
    """The numbers of every step there is, the first one first."""
    return tuple(sorted(path.name[1:5] for path in _folder().joinpath("versions").glob("v[0-9]*.py")))


def migrate(connection: sa.Connection, target: str = "head") -> None:
    """Take every step that is missing, in the transaction the connection is in."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_folder()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, target)


def _folder() -> Path:
    return Path(migrations.__path__[0])
