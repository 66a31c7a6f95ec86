"""A run killed at any instant goes on where it was: every household ends exactly once, with the same plan."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
import sqlalchemy as sa

from optimizer.batch import Entry, Options, open_book, open_book_store, plan_book, tables
from optimizer.batch.run import _one_by_one
from optimizer.batch.store import BookStore
from optimizer.problem import Problem
from tests.random_books import write_book

ROOT = Path(__file__).resolve().parents[3]
HOUSEHOLDS = 16
RUN = """
import sys
from optimizer.batch import open_book, open_book_store, plan_book
print("ready", flush=True)
plan_book(open_book(sys.argv[1]), open_book_store(sys.argv[2], create=True), workers=2)
"""
KILLS = int(os.environ.get("BANDWISE_KILLS", "3"))
"""Kills in a test of the suite; the fifty of a thorough run are asked for by this variable."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A book."""
    write_book(tmp_path / "households", HOUSEHOLDS)
    return tmp_path / "households"


@pytest.fixture
def expected(folder: Path, tmp_path: Path) -> dict[str, str | None]:
    """What a run that nobody disturbs answers."""
    store = open_book_store(tmp_path / "expected.db", create=True)
    plan_book(open_book(folder), store, workers=1)
    return plans(store)


def plans(store: BookStore) -> dict[str, str | None]:
    return {answer.household: answer.plan for answer in store.answers(store.run().run_id, with_plans=True)}


def start(folder: Path, where: str) -> "subprocess.Popen[str]":
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LOKY_MAX_CPU_COUNT": "2"}
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, str(folder), where], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def holds_each_once(store: BookStore, expected: dict[str, str | None]) -> None:
    """One link and one answer for each household, each as expected."""
    assert plans(store) == expected
    with store._engine.connect() as connection:
        rows = connection.execute(sa.select(tables.results.c.household)).scalars().all()
    assert sorted(rows) == sorted(expected)


def workers_of(process: "subprocess.Popen[str]") -> list[psutil.Process]:
    """The worker processes of a run, the loky tracker left out."""
    try:
        children = psutil.Process(process.pid).children(recursive=True)
        return [child for child in children if "LokyProcess" in " ".join(child.cmdline())]
    except psutil.Error:
        return []


def test_a_parent_killed_again_and_again_ends_with_every_household_once(
    folder: Path, expected: dict[str, str | None], tmp_path: Path
) -> None:
    """SIGKILL for the run's own process, at random instants; a book that is done is checked and begun anew in another store."""
    chance, killed, books = random.Random(9), 0, 0
    while killed < KILLS:
        where = str(tmp_path / f"{books}.db")
        process, orphans = start(folder, where), []
        deadline = time.monotonic() + chance.uniform(0.2, 4.0)
        while time.monotonic() < deadline and process.poll() is None:
            orphans = workers_of(process) or orphans
            time.sleep(0.05)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            process.wait()
            killed += 1
        else:
            holds_each_once(open_book_store(where), expected)
            books += 1
        for orphan in orphans:  # they end by themselves when they notice; the test does not wait for that
            if orphan.is_running():
                orphan.kill()
    where = str(tmp_path / f"{books}.db")
    assert start(folder, where).wait() == 0
    holds_each_once(open_book_store(where), expected)


def test_the_workers_of_a_killed_run_end_with_it(folder: Path, tmp_path: Path) -> None:
    """Left behind they would hold memory, and the pipe that somebody reads the run's page from, for minutes or for good."""
    where = str(tmp_path / "book.db")
    process = start(folder, where)
    while not Path(where).exists() or not open_book_store(where).runs() or not open_book_store(where).status().done:
        assert process.poll() is None
        time.sleep(0.02)
    orphans = workers_of(process)
    process.kill()
    process.wait()
    gone, alive = psutil.wait_procs(orphans, timeout=30)
    for orphan in alive:  # a worker that had no work yet
        orphan.kill()
    assert gone


def test_a_run_loses_workers_and_goes_on(folder: Path, expected: dict[str, str | None], tmp_path: Path) -> None:
    """SIGKILL for a worker, at random instants; the run itself ends well."""
    chance, killed, books = random.Random(3), 0, 0
    while killed < KILLS:
        where, books = str(tmp_path / f"{books}.db"), books + 1
        process = start(folder, where)
        while process.poll() is None:
            time.sleep(chance.uniform(0.1, 3.0))
            found = workers_of(process)
            if found and killed < KILLS:
                chance.choice(found).kill()
                killed += 1
        assert process.returncode == 0
        holds_each_once(open_book_store(where), expected)


class Deadly(Entry):
    """A household that takes its worker along, as one does that makes the solver crash."""

    __slots__ = ()

    def read(self, store: BookStore) -> Problem:
        """End the process without a word."""
        os._exit(1)


def test_a_household_that_kills_its_worker_is_a_row(tmp_path: Path) -> None:
    """Told apart from a worker that somebody else killed: it dies at work on this one, each time."""
    store = open_book_store(tmp_path / "book.db", create=True)
    one, other = Deadly("one", str(tmp_path)), Deadly("other", str(tmp_path))
    run = store.begin("book", "version", {}, 2)
    assert _one_by_one([one, other], store, run, Options()) == [other]
    assert [(each.household, each.fault) for each in store.answers(run.run_id)] == [
        ("one", "the process that worked on it died 3 times, as one does that is out of memory")
    ]


def test_a_run_whose_database_throws_it_out_goes_on(
    folder: Path, expected: dict[str, str | None], postgres: str, server: Path
) -> None:
    """Every connection to the database is cut at random instants; each write is tried again until it is told."""
    import psycopg

    chance, cuts, books = random.Random(4), 0, 0
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'bandwise%'"
    with psycopg.connect(f"host={server} user=bandwise dbname=postgres", autocommit=True) as connection:
        while cuts < KILLS:
            database, books = f"cut_{books}", books + 1
            connection.execute(f"CREATE DATABASE {database}")  # type: ignore[arg-type]
            process = start(folder, f"postgresql://bandwise@/{database}?host={server}")
            while process.poll() is None:
                cuts += len(connection.execute(cut).fetchall())
                time.sleep(chance.uniform(0.01, 0.12))
            assert process.returncode == 0
            holds_each_once(open_book_store(f"postgresql://bandwise@/{database}?host={server}"), expected)
            connection.execute(f"DROP DATABASE {database} WITH (FORCE)")  # type: ignore[arg-type]
