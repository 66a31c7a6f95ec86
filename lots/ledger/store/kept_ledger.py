"""A household's history, kept.

A write is all or nothing: the lock is taken, the incoming events are compared with those kept, the whole history is
folded again, and only a history that folds is committed. Returning from :meth:`LedgerStore.append` is the
acknowledgement; until then nothing of it can be seen by anybody.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import sqlalchemy as sa

from lots.accounts import Account
from lots.errors import StoreError
from lots.events import Event, Void
from lots.ledger.book import Book, fold
from lots.ledger.order import effective
from lots.ledger.store import rows
from lots.ledger.store.merge import merge
from lots.ledger.store.place import Place, create_file, create_schema, open_engine, place_of, told_plainly
from lots.ledger.store.rows import Declared
from lots.ledger.store.tables import SCHEMA_VERSION
from lots.ledger.store.turns import turn, writer_name
from lots.ledger.store.versions import migrate, version_in
from lots.lot import TaxLot
from lots.securities import Security

WAIT_SECONDS = 30
"""How long a writer waits for its turn unless told otherwise; a large import takes seconds."""


@dataclass(frozen=True, slots=True)
class History:
    """Everything a ledger holds at one moment."""

    events: tuple[Event, ...]
    accounts: tuple[Account, ...]
    securities: tuple[Security, ...]

    def book(self, day: date | None = None) -> Book:
        """Fold the history, up to the end of `day` if one is given; corrections known today are applied either way."""
        return fold(self.events if day is None else _until(self.events, day), self.accounts, self.securities)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a write came to, once it is safe.

    Parameters
    ----------
    added, known : number of events by file that are new, and that the ledger had already; "" stands for no file.
    renamed_lots : lots whose name was taken, with the name the ledger gave them.
    event_ids : what every incoming event is called in the ledger, new or known.
    history : everything the ledger holds now.
    """

    added: Mapping[str, int]
    known: Mapping[str, int]
    renamed_lots: Mapping[str, str]
    event_ids: frozenset[str]
    history: History

    @property
    def is_empty(self) -> bool:
        """Whether the ledger is as it was."""
        return not any(self.added.values())


class LedgerStore:
    """One kept ledger; made by :func:`open_store`."""

    def __init__(self, place: Place, command: str, wait_seconds: int) -> None:
        self.place = place
        self._writer = writer_name(command)
        self._wait_seconds = wait_seconds
        self._engine = open_engine(place, self._writer, wait_seconds)

    @classmethod
    def open(cls, where: str | Path, *, create: bool = False) -> "LedgerStore":
        """Open a kept ledger, as :func:`open_store` does."""
        return open_store(where, create=create)

    def history(self) -> History:
        """Everything at one moment, even while another program writes."""
        with self._reading() as connection:
            return History(
                tuple(each.event for each in rows.read_events(connection, self.place)),
                tuple(rows.read_declared(connection, Account).values()),
                tuple(rows.read_declared(connection, Security).values()),
            )

    def events(self) -> tuple[Event, ...]:
        """Every event in the order of arrival, those that a later one corrects included."""
        return self.history().events

    def accounts(self) -> tuple[Account, ...]:
        """The accounts as the household last declared them."""
        with self._reading() as connection:
            return tuple(rows.read_declared(connection, Account).values())

    def securities(self) -> tuple[Security, ...]:
        """The securities as the household last declared them."""
        with self._reading() as connection:
            return tuple(rows.read_declared(connection, Security).values())

    def writes(self) -> tuple[rows.Write, ...]:
        """Every write that was acknowledged."""
        with self._reading() as connection:
            return tuple(rows.read_writes(connection))

    def append(
        self,
        events: Iterable[Event] | Callable[[Sequence[Event]], Iterable[Event]] = (),
        accounts: Iterable[Account] = (),
        securities: Iterable[Security] = (),
        on_step: Callable[[str], None] = lambda step: None,
    ) -> Receipt:
        """Add what is new among events, accounts and securities, in one transaction.

        Parameters
        ----------
        events : of any number of files; what the ledger has already is passed over (:mod:`lots.ledger.store.merge`). Or a
            function that chooses them, given every event the ledger has when the write has its turn.
        accounts, securities : what the household says now; it takes the place of what it said before.
        on_step : told what is being done, for those who wait.

        Raises
        ------
        LedgerError
            If the history would no longer fold; nothing of the write is kept.
        BusyError
            If another writer does not finish in time.
        StoreError
            If the place cannot be written.
        """
        with turn(self._engine, self.place, self._writer, self._wait_seconds) as connection:
            on_step("reading the ledger")
            kept = rows.read_events(connection, self.place)
            known_accounts = rows.read_declared(connection, Account)
            known_securities = rows.read_declared(connection, Security)
            declared: list[tuple[str, Account | Security]] = [
                *_changed(known_accounts, {each.account_id: each for each in accounts}),
                *_changed(known_securities, {each.symbol: each for each in securities}),
            ]
            on_step("comparing with what is there")
            there = [each.event for each in kept]
            merged = merge(kept, events(there) if callable(events) else events)
            history = History(
                (*there, *(each.event for each in merged.new)), tuple(known_accounts.values()), tuple(known_securities.values())
            )
            receipt = Receipt(merged.added, merged.known, merged.renamed_lots, frozenset(merged.event_ids), history)
            if not merged.new and not declared:
                return receipt
            on_step("folding the history")
            history.book()
            on_step("writing")
            now = datetime.now(UTC).isoformat(timespec="seconds")
            write_id = rows.add_write(connection, now, self._writer)
            rows.add_declared(connection, write_id, declared)
            rows.add_events(connection, write_id, merged.new)
        return receipt

    def make_place(self) -> None:
        """Make the schema of a shared database that the place names."""
        create_schema(self.place, self._engine)

    def prepare(self, *, is_new_welcome: bool) -> None:
        """Bring the tables to this version, making them where there is nothing yet."""
        with self._reading() as connection:
            found = version_in(connection, self.place)
        if found == SCHEMA_VERSION:
            return
        if found is None and not is_new_welcome:
            raise _nothing_at(self.place)
        with turn(self._engine, self.place, self._writer, self._wait_seconds) as connection:
            if version_in(connection, self.place) != SCHEMA_VERSION:
                migrate(connection)

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with told_plainly(self.place), self._engine.connect() as connection:
            if self.place.file is None:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection


def open_store(
    where: str | Path, *, command: str = "a program", create: bool = False, wait_seconds: int = WAIT_SECONDS
) -> LedgerStore:
    """Open a kept ledger, bringing older tables to this version.

    Parameters
    ----------
    where : a household's folder (its ``ledger.db``, or the database its ``ledger.url`` names), an SQLite file, or a
        PostgreSQL URL.
    command : what the writer is called when others wait for it, such as ``bandwise import``.
    create : whether a place that holds nothing becomes a ledger.
    wait_seconds : how long to wait for another writer.

    Raises
    ------
    StoreError
        If there is no ledger and none may be made, or the place holds something else or a newer ledger.
    """
    place = place_of(where)
    if place.file is not None:
        if create:
            create_file(place.file)
        elif not place.exists:
            raise _nothing_at(place)
    store = LedgerStore(place, command, wait_seconds)
    if create:
        store.make_place()
    store.prepare(is_new_welcome=create)
    return store


def open_lots_on(store: LedgerStore, day: date) -> Mapping[str, TaxLot]:
    """The lots of the household at the end of a day, by name."""
    return store.history().book(day).open_lots


def _until(events: Iterable[Event], day: date) -> list[Event]:
    """The events that stand and had happened by the end of a day, no longer pointing at what they corrected."""
    standing = [event for event in effective(events) if event.date <= day and not isinstance(event, Void)]
    return [event if event.replaces is None else replace(event, replaces=None) for event in standing]


def _changed(known: dict[str, Declared], said: dict[str, Declared]) -> list[tuple[str, Declared]]:
    """What is said otherwise than before; `known` takes it in."""
    news = [(name, record) for name, record in said.items() if known.get(name) != record]
    known.update(said)
    return news


def _nothing_at(place: Place) -> StoreError:
    return StoreError(f"{place}: there is no ledger yet; `bandwise import FILES --into DIR` makes one.")
