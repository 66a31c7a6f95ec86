"""Tables of earlier versions are brought along; those of later versions are refused."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from lots.accounts import Account
from lots.errors import StoreError
from lots.events import Buy
from lots.ledger.store import open_store
from lots.ledger.store.place import create_file, open_engine, place_of
from lots.ledger.store.tables import SCHEMA_VERSION, metadata
from lots.ledger.store.versions import known_versions, migrate


def tables_of_version(where: str, version: str) -> None:
    """Make the tables of an earlier version."""
    place = place_of(where)
    if place.file:
        create_file(place.file)
    with open_engine(place, "a test", 5).begin() as connection:
        migrate(connection, version)


def test_the_version_in_the_code_is_the_last_step() -> None:
    """The number is written down so that reading need not load the library of migrations."""
    assert known_versions()[-1] == SCHEMA_VERSION
    assert known_versions() == tuple(f"{number:04}" for number in range(1, len(known_versions()) + 1))


def test_the_steps_lead_to_the_tables_the_code_uses(where: str) -> None:
    """A column in the code and not in the steps works for nobody who upgrades."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    store = open_store(where, create=True)
    with open_engine(store.place, "a test", 5).begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


@pytest.mark.parametrize("version", known_versions())
def test_a_ledger_of_every_earlier_version_opens(where: str, version: str, joint: Account, buy: Callable[..., Buy]) -> None:
    """Nobody exports and imports again because the program was upgraded."""
    tables_of_version(where, version)
    open_store(where).append([buy(1)], [joint])
    assert len(open_store(where).events()) == 1
    with open_engine(place_of(where), "a test", 5).connect() as connection:
        assert connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalars().all() == [SCHEMA_VERSION]


def test_a_ledger_of_a_later_version_is_refused_with_what_to_do(where: str, buy: Callable[..., Buy]) -> None:
    """An old program that writes into new tables would damage them."""
    store = open_store(where, create=True)
    with open_engine(store.place, "a test", 5).begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0417'"))
    with pytest.raises(StoreError, match=r"version 0417.*knows versions up to 0002.*pip install --upgrade bandwise"):
        open_store(where, create=True)


def test_an_event_of_a_kind_nobody_knows_yet_is_refused_with_what_to_do(
    tmp_path: Path, joint: Account, buy: Callable[..., Buy]
) -> None:
    """A history read without the events one does not understand would give wrong lots."""
    store = open_store(tmp_path, create=True)
    store.append([buy(1)], [joint])
    with open_engine(store.place, "a test", 5).begin() as connection:
        connection.execute(sa.text("DROP TRIGGER no_update_of_events"))
        connection.execute(sa.text("UPDATE events SET kind = 'moon_landing'"))
    with pytest.raises(StoreError, match=r"event 'a\.csv:1'.*'moon_landing'.*Run the version that wrote it"):
        store.events()
