"""Events and declarations as rows of the tables, and back."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

import sqlalchemy as sa

from lots.accounts import Account
from lots.errors import InputError, StoreError
from lots.events import Source
from lots.events.codec import decode, encode, kind_name, kind_named
from lots.ledger.store.merge import Kept
from lots.ledger.store.place import Place
from lots.ledger.store.tables import declarations, events, sources, writes
from lots.securities import Security

Declared = TypeVar("Declared", Account, Security)

_READER = json.JSONDecoder(parse_float=Decimal)
_WRITER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
BATCH = 5_000
"""Rows handed to the database at once."""


@dataclass(frozen=True, slots=True)
class Write:
    """One acknowledged write: its number, when it was made (UTC, ISO text), and by whom."""

    write_id: int
    written_at: str
    writer: str


def read_events(connection: sa.Connection, place: Place) -> list[Kept]:
    """Every event ever kept, corrected ones included, in the order of arrival."""
    names = ("event_id", "kind", "facts", "source_id", "source_row", "content_hash", "occurrence")
    query = sa.select(*(events.c[name] for name in names)).order_by(events.c.number)
    files = {row.source_id: row for row in connection.execute(sa.select(sources))}
    found = []
    for event_id, kind, facts, source_id, row, digest, occurrence in connection.execute(query):
        plain = _READER.decode(facts)
        if source_id is not None:
            plain["source"] = {"file": files[source_id].file, "row": row, "sha256": files[source_id].sha256}
        try:
            event = decode(kind_named(kind), plain)
        except InputError as error:
            raise StoreError(f"{place}, event {event_id!r}: {error} Run the version that wrote it.") from None
        found.append(Kept(event, digest, occurrence))
    return found


def read_declared(connection: sa.Connection, kind: type[Declared]) -> dict[str, Declared]:
    """What the household says of its accounts or securities, by name; the last word holds."""
    query = sa.select(declarations.c.name, declarations.c.facts).where(declarations.c.kind == kind.__name__.lower())
    found: dict[str, Declared] = {}
    for name, facts in connection.execute(query.order_by(declarations.c.declaration_id)):
        found[name] = decode(kind, _READER.decode(facts))
    return found


def read_writes(connection: sa.Connection) -> list[Write]:
    """Every write, the first one first."""
    return [Write(*row) for row in connection.execute(sa.select(writes).order_by(writes.c.write_id))]


def add_write(connection: sa.Connection, written_at: str, writer: str) -> int:
    """Open a write and return its number."""
    number = _next(connection, writes.c.write_id)
    connection.execute(writes.insert(), {"write_id": number, "written_at": written_at, "writer": writer})
    return number


def add_events(connection: sa.Connection, write_id: int, new: Sequence[Kept]) -> None:
    """Add events with the files they come from."""
    files = _add_sources(connection, write_id, (each.event.source for each in new))
    first = _next(connection, events.c.number)
    for start in range(0, len(new), BATCH):
        rows = [_event_row(first + start + at, write_id, each, files) for at, each in enumerate(new[start : start + BATCH])]
        connection.execute(events.insert(), rows)


def add_declared(connection: sa.Connection, write_id: int, records: Iterable[tuple[str, Account | Security]]) -> None:
    """Add what the household says now; earlier words stay on record."""
    first = _next(connection, declarations.c.declaration_id)
    rows = [
        {
            "declaration_id": first + at,
            "write_id": write_id,
            "kind": type(record).__name__.lower(),
            "name": name,
            "facts": _WRITER.encode(encode(record)),
        }
        for at, (name, record) in enumerate(records)
    ]
    if rows:
        connection.execute(declarations.insert(), rows)


def _event_row(number: int, write_id: int, kept: Kept, files: dict[tuple[str, str | None], int]) -> dict[str, object]:
    event = kept.event
    facts = encode(event)
    facts.pop("source", None)
    return {
        "number": number,
        "write_id": write_id,
        "event_id": event.event_id,
        "kind": kind_name(type(event)),
        "date": event.date,
        "account_id": event.account_id,
        "replaces": event.replaces,
        "facts": _WRITER.encode(facts),
        "source_id": files[(event.source.file, event.source.sha256)] if event.source else None,
        "source_row": event.source.row if event.source else None,
        "content_hash": kept.content_hash,
        "occurrence": kept.occurrence,
    }


def _add_sources(connection: sa.Connection, write_id: int, found: Iterable[Source | None]) -> dict[tuple[str, str | None], int]:
    keys = dict.fromkeys((source.file, source.sha256) for source in found if source)
    first = _next(connection, sources.c.source_id)
    numbers = {key: first + at for at, key in enumerate(keys)}
    rows = [
        {"source_id": number, "write_id": write_id, "file": file, "sha256": digest} for (file, digest), number in numbers.items()
    ]
    if rows:
        connection.execute(sources.insert(), rows)
    return numbers


def _next(connection: sa.Connection, column: "sa.Column[int]") -> int:
    """The next number; only the one writer asks, so nobody else can take it, and a write undone leaves no hole."""
    return (connection.execute(sa.select(sa.func.max(column))).scalar() or 0) + 1
