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

from optimizer.batch import open_book, open_book_store, plan_book, tables
from optimizer.batch.store import BookStore
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
    """SIGKILL for the run's own process, at random instants; the command is given again until it ends by itself."""
    chance, where = random.Random(9), str(tmp_path / "book.db")
    for _ in range(KILLS):
        process = start(folder, where)
        orphans = []
        deadline = time.monotonic() + chance.uniform(0.2, 4.0)
        while time.monotonic() < deadline and process.poll() is None:
            orphans = workers_of(process) or orphans
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        process.wait()
        for orphan in orphans:  # they end by themselves when they notice; the test does not wait for that
            if orphan.is_running():
                orphan.kill()
    assert start(folder, where).wait() == 0
    holds_each_once(open_book_store(where), expected)


def test_a_run_loses_workers_and_goes_on(folder: Path, expected: dict[str, str | None], tmp_path: Path) -> None:
    """SIGKILL for one worker or both, at random instants; the run itself ends well."""
    chance, where = random.Random(3), str(tmp_path / "book.db")
    process, killed, since = start(folder, where), 0, 0
    while process.poll() is None:
        time.sleep(chance.uniform(0.02, 0.6))
        found, since = workers_of(process), since + 1
        if found and killed < KILLS and since > 4:
            chance.choice(found).kill()
            killed, since = killed + 1, 0
    assert process.returncode == 0
    assert killed
    holds_each_once(open_book_store(where), expected)


def test_a_run_whose_database_throws_it_out_goes_on(
    folder: Path, expected: dict[str, str | None], postgres: str, server: Path
) -> None:
    """Every connection to the database is cut at random instants; each write is tried again until it is told."""
    import psycopg

    chance, process, cuts = random.Random(4), start(folder, postgres), 0
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'bandwise%'"
    while process.poll() is None:
        with psycopg.connect(f"host={server} user=bandwise dbname=postgres", autocommit=True) as connection:
            cuts += len(connection.execute(cut).fetchall())
        time.sleep(chance.uniform(0.01, 0.12))
    assert process.returncode == 0
    assert cuts
    holds_each_once(open_book_store(postgres), expected)
