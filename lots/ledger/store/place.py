"""Where a ledger is kept, and how to reach it.

A household's folder keeps its ledger in the SQLite file ``ledger.db``, or in the PostgreSQL database whose URL is the one
line of its file ``ledger.url``; a URL can also be given in the folder's place. Many households share one database by
ending the URL with ``?schema=NAME``: each has its tables and its lock in a schema of its own.
SQLite runs with a write-ahead log, so that readers and one writer do not wait for each other, and flushes to the disk
at every commit (``synchronous = FULL``): what was acknowledged survives the process, and the power, going away.
"""

import os
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from lots.errors import BusyError, StoreError

FILE_NAME = "ledger.db"
URL_NAME = "ledger.url"
SUFFIXES = (".db", ".sqlite", ".sqlite3")
"""How the name of an SQLite file ends that does not exist yet; any other name is a folder's."""
SCHEMA = re.compile(r"[a-z_][a-z0-9_]{0,62}")
WRITES = "bandwise_writes"
"""The option of a connection that is about to write."""


@dataclass(frozen=True, slots=True)
class Place:
    """One of the two kinds of place: a file, or the URL of a database."""

    file: Path | None
    url: sa.URL
    schema: str | None = None
    """Where in a database that many households share this one's tables are; the user's own place when left out."""

    @property
    def exists(self) -> bool:
        """Whether there may be a ledger to read; of a database only asking it tells."""
        return self.file is None or self.file.exists()

    def __str__(self) -> str:
        if self.file:
            return str(self.file)
        url = self.url.set(drivername="postgresql")
        return url.render_as_string(hide_password=True) + (f" (schema {self.schema})" if self.schema else "")


def place_of(where: str | Path) -> Place:
    """Read where a ledger is kept.

    Parameters
    ----------
    where : a household's folder, an SQLite file, or a URL that starts with ``postgresql://``.

    Raises
    ------
    StoreError
        If the URL is malformed or names another database system, no such folder exists, or it names two ledgers.
    """
    text = str(where)
    if "://" in text:
        return _database(text)
    path = Path(text).expanduser()
    if (path / URL_NAME).is_file():
        return _named_by(path)
    is_file = path.is_file() or path.suffix in SUFFIXES
    file = path if is_file else path / FILE_NAME
    if not file.parent.is_dir():
        raise StoreError(f"{file.parent}: there is no such folder; make it with `mkdir -p {file.parent}` or name another.")
    return Place(file, sa.URL.create("sqlite", database=str(file)))


def _named_by(folder: Path) -> Place:
    if (folder / FILE_NAME).exists():
        raise StoreError(f"{folder}: both {FILE_NAME} and {URL_NAME} are there, and only one can be its ledger; move one away.")
    text = (folder / URL_NAME).read_text(encoding="utf-8", errors="replace").strip()
    if "://" not in text or len(text.split()) != 1:
        raise StoreError(f"{folder / URL_NAME}: expected one line, a URL like postgresql://user@host/household.")
    return _database(text)


def _database(text: str) -> Place:
    try:
        url = sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError):
        raise StoreError(
            f"{text.partition('://')[0]}://…: not a URL; expected one like postgresql://user@host/database."
        ) from None
    if url.get_backend_name() not in ("postgresql", "postgres"):
        raise StoreError(
            f"{url.render_as_string(hide_password=True)}: neither an SQLite file nor a PostgreSQL database; "
            "give a path, or a URL that starts with postgresql://."
        )
    schema = url.query.get("schema")
    url = url.set(drivername="postgresql+psycopg").difference_update_query(["schema"])
    if schema is None:
        return Place(None, url)
    if not isinstance(schema, str) or not SCHEMA.fullmatch(schema):
        raise StoreError(f"{schema!r}: not a schema's name; expected small letters, digits and _, such as ?schema=smith_1.")
    return Place(None, url, schema)


def open_engine(place: Place, writer: str, wait_seconds: int) -> sa.Engine:
    """Return the way to a place.

    Parameters
    ----------
    place : where the ledger is kept.
    writer : who asks, as others see it while they wait.
    wait_seconds : how long to wait for another writer.
    """
    if place.file is not None:
        engine = sa.create_engine(place.url, poolclass=NullPool, connect_args={"timeout": wait_seconds})
        sa.event.listen(engine, "connect", lambda connection, _: _prepare_sqlite(connection, wait_seconds))
        sa.event.listen(engine, "begin", _begin_sqlite)
        return engine
    settings = {"application_name": writer[:63]}
    if place.schema:
        settings["options"] = f"-csearch_path={place.schema}"
    try:
        return sa.create_engine(place.url, poolclass=NullPool, connect_args=settings)
    except ModuleNotFoundError:
        raise StoreError(
            f"{place}: PostgreSQL needs a driver that is not installed; run `python -m pip install 'psycopg[binary]>=3.2'`."
        ) from None


def create_file(file: Path) -> None:
    """Make an empty file that only its owner may read, unless there is one; SQLite gives its companions the same rights."""
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise StoreError(f"{file}: cannot be made ({error.strerror}); choose a folder you may write to.") from None


def create_schema(place: Place, engine: sa.Engine) -> None:
    """Make the schema of a shared database that a place names, unless it is there."""
    if place.schema:
        with told_plainly(place), engine.begin() as connection:
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('bandwise schema'))")
            connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {place.schema}")


@contextmanager
def told_plainly(place: Place) -> Iterator[None]:
    """Turn what a database driver raises into a sentence with a next step."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        raise _plain(place, error) from error


def _plain(place: Place, error: sa.exc.DBAPIError) -> StoreError:
    said = " ".join(str(error.orig).split())
    if place.file is None:
        return StoreError(f"{place}: the database says: {said}. Check the URL, the server and your rights there.")
    if "locked" in said:
        return BusyError(f"{place}: another program holds it ({said}); close that program and try again.")
    if "not a database" in said or "malformed" in said:
        return StoreError(
            f"{place}: not a ledger or a book of Bandwise, or a damaged one ({said}); restore it from a copy or move it away."
        )
    return StoreError(f"{place}: cannot be read or written ({said}); check the disk's space and your rights there.")


def _prepare_sqlite(connection: Any, wait_seconds: int) -> None:
    connection.isolation_level = None  # the driver begins no transaction of its own; _begin_sqlite does
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA synchronous = FULL")
    if cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        _switch_to_log(cursor, wait_seconds)
    cursor.close()


def _switch_to_log(cursor: sqlite3.Cursor, wait_seconds: int) -> None:
    """Turn on the write-ahead log; two programs may try at once, and SQLite does not wait at this point by itself.

    A file system that cannot share memory keeps the rollback journal, which is as safe and lets nobody read meanwhile.
    """
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(1 / 100)


def _begin_sqlite(connection: sa.Connection) -> None:
    """Take the write lock at once: a reader that turned writer half-way could find its snapshot out of date."""
    is_writing = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")
