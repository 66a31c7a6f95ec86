"""A book's store: an SQLite file or a PostgreSQL database, written by many workers at once.

Every answer is written in one transaction with its place in the run, and an answer that is there already stays; only a fault
gives way to a later answer. A write whose
connection breaks is tried again until it is told: since a row has its key, writing it twice is writing it once.
"""

import json
import time
import uuid
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from lots.errors import StoreError
from lots.ledger.store.place import Place, create_file, create_schema, open_engine, place_of, told_plainly
from optimizer.batch import migrations, tables
from optimizer.batch.answer import FAULT, Answer

T = TypeVar("T")

FILE_NAME = "book.db"
WAIT_SECONDS = 60
"""How long a write waits for other writers and for a database that has gone away."""
REFUSALS = ("does not exist", "authentication", "password", "No space left", "could not translate host name")
"""What PostgreSQL says where trying again cannot help."""
LOCK = "SELECT pg_advisory_xact_lock(hashtext('bandwise book tables ' || current_schema()))"


@dataclass(frozen=True, slots=True)
class Run:
    """One time a book was asked."""

    run_id: str
    started_at: str
    book: str
    version: str
    options: Mapping[str, Any]
    n_households: int


@dataclass(frozen=True, slots=True)
class Status:
    """How far a run is: households by what became of them, how many of their answers are older than the run, and seconds of
    work on the others so far."""

    run: Run
    counts: Mapping[str, int]
    taken_over: int
    work_seconds: float

    @property
    def done(self) -> int:
        """Households with an answer."""
        return sum(self.counts.values())


class BookStore:
    """One book's answers; made by :func:`open_book_store`."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._engine = open_engine(place, "bandwise batch", WAIT_SECONDS)
        self._insert = postgresql.insert if place.file is None else sqlite.insert

    @property
    def url(self) -> str:
        """Where it is, with what is needed to open it again."""
        if self.place.file:
            return str(self.place.file)
        schema = {"schema": self.place.schema} if self.place.schema else {}
        return self.place.url.update_query_dict(schema).render_as_string(hide_password=False)

    # Households kept in the store ------------------------------------------------------------------------------

    def keep_problems(self, problems: Iterable[tuple[str, str]]) -> int:
        """Keep problem documents by household name, in place of what was kept before; returns how many."""
        count = 0
        for chunk in _in_chunks(problems, 200):
            rows = [{"name": name, "problem": text} for name, text in chunk]
            statement = self._insert(tables.households)
            upsert = statement.on_conflict_do_update(index_elements=["name"], set_={"problem": statement.excluded.problem})
            self._write(partial(_execute, upsert, rows))
            count += len(rows)
        return count

    def kept_names(self) -> list[str]:
        """Names of the households kept here, in order."""
        query = sa.select(tables.households.c.name).order_by(tables.households.c.name)
        return self._read(lambda connection: list(connection.execute(query).scalars()))

    def kept_problem(self, name: str) -> str:
        """One household's document."""
        query = sa.select(tables.households.c.problem).where(tables.households.c.name == name)
        found = self._read(lambda connection: connection.execute(query).scalar())
        if found is None:
            raise StoreError(f"{self.place}: no household {name!r} is kept here.")
        return str(found)

    # Runs and answers ------------------------------------------------------------------------------------------

    def begin(self, book: str, version: str, options: Mapping[str, Any], n_households: int) -> Run:
        """Note the start of a run."""
        run = Run(str(uuid.uuid4()), _now(), book, version, options, n_households)
        row = {**asdict(run), "options": json.dumps(options, sort_keys=True)}
        self._write(partial(_execute, self._insert(tables.runs).on_conflict_do_nothing(), [row]))
        return run

    def keys_of(self, households: Sequence[str]) -> set[tuple[str, str]]:
        """Household and key of every answer that is there; a fault is none, for what was wrong may be mended by now."""
        r = tables.results.c
        query = sa.select(r.household, r.key).where(r.household.in_(households), r.status != FAULT)
        return self._read(lambda connection: {(str(name), str(key)) for name, key in connection.execute(query)})

    def write(self, run_id: str, answers: Iterable[Answer], known: Iterable[tuple[str, str]] = ()) -> None:
        """Add answers to the store and to a run, and take answers that are there over into it, all in one transaction.

        Parameters
        ----------
        known : household and key of each answer that is there already.
        """
        now = _now()
        rows = [_row(answer, now) for answer in answers]
        links = [{"run_id": run_id, "household": row["household"], "key": row["key"]} for row in rows]
        links += [{"run_id": run_id, "household": household, "key": key} for household, key in known]

        def add(connection: sa.Connection) -> None:
            if rows:
                statement = self._insert(tables.results)
                news = {column.name: statement.excluded[column.name] for column in tables.results.c if not column.primary_key}
                connection.execute(
                    statement.on_conflict_do_update(
                        index_elements=["household", "key"], set_=news, where=tables.results.c.status == FAULT
                    ),
                    rows,
                )
            if links:
                connection.execute(self._insert(tables.run_results).on_conflict_do_nothing(), links)

        self._write(add)

    def done_in(self, run_id: str) -> set[str]:
        """Names of the households that have their answer in a run."""
        query = sa.select(tables.run_results.c.household).where(tables.run_results.c.run_id == run_id)
        return self._read(lambda connection: set(connection.execute(query).scalars()))

    def count_in(self, run_id: str) -> int:
        """How many households have their answer in a run."""
        query = sa.select(sa.func.count()).where(tables.run_results.c.run_id == run_id)
        return int(self._read(lambda connection: connection.execute(query).scalar()) or 0)

    def runs(self) -> list[Run]:
        """Every run, the newest first."""
        query = sa.select(tables.runs).order_by(tables.runs.c.started_at.desc(), tables.runs.c.run_id)
        return [_run(row) for row in self._read(lambda connection: connection.execute(query).mappings().all())]

    def run(self, run_id: str | None = None) -> Run:
        """A run by its id or the beginning of it; the newest when left out.

        Raises
        ------
        StoreError
            If there is none, or several begin so.
        """
        found = [run for run in self.runs() if run_id is None or run.run_id.startswith(run_id)]
        if not found or (run_id is not None and len(found) > 1):
            what = "no run yet; `bandwise batch DIR` makes one" if run_id is None else f"{len(found)} runs begin with {run_id!r}"
            raise StoreError(f"{self.place}: {what}.")
        return found[0]

    def status(self, run_id: str | None = None) -> Status:
        """How far a run is."""
        run, r, link = self.run(run_id), tables.results.c, tables.run_results.c
        older = (r.made_at < sa.literal(run.started_at)).label("older")
        query = (
            sa.select(r.status, older, sa.func.count(), sa.func.sum(r.milliseconds))
            .select_from(tables.run_results.join(tables.results, sa.and_(r.household == link.household, r.key == link.key)))
            .where(link.run_id == run.run_id)
            .group_by(r.status, sa.literal_column("older"))
        )
        rows = self._read(lambda connection: connection.execute(query).all())
        counts: dict[str, int] = {}
        for state, _, count, _ in rows:
            counts[str(state)] = counts.get(str(state), 0) + int(count)
        taken_over = sum(int(count) for _, is_older, count, _ in rows if is_older)
        return Status(run, counts, taken_over, sum(float(ms or 0) for _, is_older, _, ms in rows if not is_older) / 1000)

    def answers(self, run_id: str, *, with_plans: bool = False, order: str = "household") -> Iterator[Answer]:
        """The answers of a run, a few at a time from the database; plans only when asked for."""
        link = tables.run_results.c
        columns = [c for c in tables.results.c if with_plans or c.name != "plan"]
        r = tables.results.c
        query = (
            sa.select(*columns)
            .select_from(tables.run_results.join(tables.results, sa.and_(r.household == link.household, r.key == link.key)))
            .where(link.run_id == run_id)
            .order_by(r[order], r.household)
        )
        with told_plainly(self.place), self._engine.connect().execution_options(yield_per=200) as connection:
            for row in connection.execute(query).mappings():
                yield _answer(row)

    def answer(self, run_id: str, household: str) -> Answer:
        """One household's answer in a run, its plan included.

        Parameters
        ----------
        household : its folder or file in the book, or what its own document calls it.

        Raises
        ------
        StoreError
            If the run has no answer for it, or several households are called so.
        """
        link, r = tables.run_results.c, tables.results.c
        in_run = (
            sa.select(tables.results)
            .select_from(tables.run_results.join(tables.results, sa.and_(r.household == link.household, r.key == link.key)))
            .where(link.run_id == run_id)
        )
        path = Path(household)
        by_key = in_run.where(r.household.in_({household, path.name, path.stem if path.suffix == ".json" else path.name}))
        for query in (by_key, in_run.where(r.name == household)):
            rows = self._read(lambda connection, query=query: connection.execute(query.limit(3)).mappings().all())  # type: ignore[misc]
            if len(rows) > 1:
                several = ", ".join(repr(row["household"]) for row in rows[:2])
                raise StoreError(f"{self.place}: several households are {household!r}, such as {several}; give one of these.")
            if rows:
                return _answer(rows[0])
        raise StoreError(
            f"{self.place}: the run has no answer for {household!r}; `bandwise batch results {self.place}` lists those it has."
        )

    # Connections -----------------------------------------------------------------------------------------------

    def prepare(self, *, create: bool) -> None:
        """Make the tables, or bring them to this version."""

        def migrate(connection: sa.Connection) -> None:
            if self.place.file is None:
                connection.exec_driver_sql(LOCK)
            if sa.inspect(connection).has_table(tables.VERSION_TABLE):
                found = connection.execute(sa.text(f"SELECT version_num FROM {tables.VERSION_TABLE}")).scalar()
                if found == tables.SCHEMA_VERSION:
                    return
                if found is not None and str(found) > tables.SCHEMA_VERSION:
                    raise StoreError(f"{self.place}: written by a newer version of Bandwise; `pip install --upgrade bandwise`.")
            from alembic import command
            from alembic.config import Config

            config = Config()
            config.set_main_option("script_location", str(Path(migrations.__path__[0])).replace("%", "%%"))
            config.set_main_option("path_separator", "os")
            config.attributes.update(connection=connection, version_table=tables.VERSION_TABLE)
            command.upgrade(config, "head")

        if create:
            create_schema(self.place, self._engine)
        self._write(migrate)

    def _read(self, ask: Callable[[sa.Connection], T]) -> T:
        return self._again(lambda: self._in_transaction(ask, writing=False))

    def _write(self, change: Callable[[sa.Connection], T]) -> T:
        return self._again(lambda: self._in_transaction(change, writing=True))

    def _in_transaction(self, act: Callable[[sa.Connection], T], *, writing: bool) -> T:
        with self._engine.connect().execution_options(bandwise_writes=writing) as connection, connection.begin():
            return act(connection)

    def _may_pass(self, error: sa.exc.DBAPIError) -> bool:
        """Whether trying again can help: a file that others write to, or a database that has gone away or is starting."""
        said = str(error.orig)
        if self.place.file is not None:
            return "locked" in said or "busy" in said
        return not any(words in said for words in REFUSALS)

    def _again(self, attempt: Callable[[], T]) -> T:
        """Try until it works, as long as what fails is the way to the database and not what is asked of it."""
        deadline, pause = time.monotonic() + WAIT_SECONDS, 0.05
        while True:
            try:
                return attempt()
            except (sa.exc.OperationalError, sa.exc.InterfaceError) as error:
                if time.monotonic() > deadline or not self._may_pass(error):
                    with told_plainly(self.place):
                        raise
                time.sleep(pause)
                pause = min(2.0, 2 * pause)
            except sa.exc.DBAPIError:
                with told_plainly(self.place):
                    raise


def open_book_store(where: str | Path, *, create: bool = False) -> BookStore:
    """Open a book's store.

    Parameters
    ----------
    where : a folder (its `book.db`), an SQLite file, or a PostgreSQL URL.
    create : whether a place that holds nothing becomes a store.

    Raises
    ------
    StoreError
        If there is none and none may be made, or it cannot be opened.
    """
    text = str(where)
    place = place_of(text) if "://" in text else _file_place(Path(text).expanduser())
    if place.file is not None:
        if create:
            create_file(place.file)
        elif not place.file.exists():
            raise StoreError(f"{place.file}: no book was planned here yet; `bandwise batch DIR` does it.")
    store = BookStore(place)
    store.prepare(create=create)
    return store


def _execute(statement: sa.Executable, rows: list[dict[str, Any]], connection: sa.Connection) -> None:
    connection.execute(statement, rows)


def _file_place(path: Path) -> Place:
    file = path / FILE_NAME if path.is_dir() else path
    if not file.parent.is_dir():
        raise StoreError(f"{file.parent}: there is no such folder; make it with `mkdir -p {file.parent}` or name another.")
    return Place(file, sa.URL.create("sqlite", database=str(file)))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _in_chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    chunk: list[T] = []
    for item in items:
        chunk.append(item)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _row(answer: Answer, now: str) -> dict[str, Any]:
    row = asdict(replace(answer, plan=None))
    row["made_at"] = answer.made_at or now
    row["plan"] = None if answer.plan is None else zlib.compress(answer.plan.encode(), 6)
    return row


def _answer(row: sa.RowMapping) -> Answer:
    facts: dict[str, Any] = dict(row)
    packed = facts.get("plan")
    return Answer(**{**facts, "plan": None if packed is None else zlib.decompress(packed).decode()})


def _run(row: sa.RowMapping) -> Run:
    facts: dict[str, Any] = dict(row)
    return Run(**{**facts, "options": json.loads(facts["options"])})
