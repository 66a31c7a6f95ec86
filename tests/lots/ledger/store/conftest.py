"""Places a ledger can be kept in: a new SQLite file, or a new database of a real PostgreSQL server."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from lots.accounts import Account, AccountKind
from lots.events import Buy, Source

ROOT = Path(__file__).resolve().parents[4]
JOINT = Account("joint", AccountKind.TAXABLE)

Python = Callable[..., "subprocess.Popen[str]"]
MakeBuy = Callable[..., Buy]


@pytest.fixture
def joint() -> Account:
    """The account the tests trade in."""
    return JOINT


@pytest.fixture
def buy() -> MakeBuy:
    """Make a purchase of 10 shares; `row` gives it its id, its lot and its place in `file`."""

    def make(row: int, cost: str = "1000", file: str | None = "a.csv", lot: str | None = None) -> Buy:
        return Buy(
            date=date(2026, 1, 5),
            account_id="joint",
            event_id=f"{file}:{row}",
            symbol="VTI",
            shares=Decimal(10),
            cost=Decimal(cost),
            lot_id=lot or f"lot {row}",
            source=Source(file, row, "0" * 64) if file else None,
        )

    return make


@pytest.fixture
def python() -> Iterator[Python]:
    """Start another Python process of this project; whatever still runs at the end of the test is killed."""
    started: list[subprocess.Popen[str]] = []

    def start(script: str, *words: object) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-c", script, *map(str, words)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture(params=["sqlite", "postgres"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty place, of each kind in turn."""
    return str(tmp_path) if request.param == "sqlite" else str(request.getfixturevalue("postgres"))
