"""One writer at a time: taking a turn, waiting for one, and saying who has it.

The database's own lock decides, so a killed writer blocks nobody. The note beside an SQLite file only tells who that
was; a note left behind by a killed process is overwritten by the next writer and misleads nobody meanwhile, for it is
read only when the lock is held.
"""

import getpass
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from lots.errors import BusyError
from lots.ledger.store.place import WRITES, Place, told_plainly

KEY = "hashtext('bandwise ledger ' || current_schema())"
"""The advisory lock of PostgreSQL that stands for one ledger."""
HOLDER = f"""
SELECT activity.application_name, activity.xact_start
FROM pg_locks AS held JOIN pg_stat_activity AS activity USING (pid)
WHERE held.locktype = 'advisory' AND held.granted AND held.database = (SELECT oid FROM pg_database
WHERE datname = current_database()) AND (held.classid::bigint << 32 | held.objid::bigint) = {KEY}::bigint
"""


def writer_name(command: str) -> str:
    """Who this process is to others: the command, the process and the machine."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        user = "somebody"
    return f"{command}, process {os.getpid()} of {user} on {socket.gethostname()}"


@contextmanager
def turn(engine: sa.Engine, place: Place, writer: str, wait_seconds: int) -> Iterator[sa.Connection]:
    """Hold the only write transaction; commit at the end, or leave no trace if anything is raised.

    Raises
    ------
    BusyError
        If another writer has not finished after `wait_seconds`; the message names it.
    """
    with told_plainly(place), engine.connect().execution_options(**{WRITES: True}) as connection:
        _take(connection, place, wait_seconds)
        note = _note_of(place)
        try:
            _leave_note(note, writer)
            yield connection
        finally:  # before the lock is given back, or the note removed would be the next writer's
            if note:
                note.unlink(missing_ok=True)
        connection.commit()


def _take(connection: sa.Connection, place: Place, wait_seconds: int) -> None:
    try:
        connection.begin()
        if place.file is None:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {wait_seconds * 1000}")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({KEY})")
            connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
    except sa.exc.OperationalError as error:
        if not _is_held(error):
            raise
        connection.rollback()
        raise BusyError(
            f"{place}: {_holder(connection, place)} is writing to the ledger and has not finished within "
            f"{wait_seconds} s; nothing was written, try again when it is done."
        ) from None


def _is_held(error: sa.exc.OperationalError) -> bool:
    return "database is locked" in str(error.orig) or type(error.orig).__name__ == "LockNotAvailable"


def _holder(connection: sa.Connection, place: Place) -> str:
    if place.file is not None:
        note = _note_of(place)
        try:
            return (note.read_text(encoding="utf-8").strip() if note else "") or "another program"
        except OSError:
            return "another program"
    row = connection.exec_driver_sql(HOLDER).first()
    return f"{row[0] or 'another program'} (since {row[1]:%Y-%m-%d %H:%M:%S %Z})" if row else "another program"


def _note_of(place: Place) -> Path | None:
    return place.file.with_name(f"{place.file.name}-writer") if place.file else None


def _leave_note(note: Path | None, writer: str) -> None:
    if note:
        note.write_text(f"{writer} (since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC)\n", encoding="utf-8")
