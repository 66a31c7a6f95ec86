"""Places a ledger can be kept in: a new SQLite file, or a new database of a real PostgreSQL server."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
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


def server_programs() -> Path | None:
    """The folder of PostgreSQL's programs, on the path or where Debian puts them."""
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "initdb").exists() and (place / "postgres").exists()), None)


def wait_until_ready(folder: Path, process: "subprocess.Popen[bytes]") -> None:
    """Wait until the server lets somebody in."""
    import psycopg

    while True:
        assert process.poll() is None, (folder / "log").read_text()
        try:
            psycopg.connect(f"host={folder} user=bandwise dbname=postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return


@pytest.fixture(scope="session")
def server() -> Iterator[Path]:
    """A PostgreSQL server of our own, reachable by a socket in the folder; skipped where it is not installed."""
    pytest.importorskip("psycopg", reason="psycopg is not installed; pip install 'bandwise[postgres]'")
    programs = server_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed; on Debian: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="bandwise-postgres-"))  # pytest keeps its own folders for its own user
    user: dict[str, str | int] = {}
    if os.geteuid() == 0:  # the server refuses to run as root
        user = {"user": "nobody", "group": "nogroup"}
        shutil.chown(folder, "nobody", "nogroup")
    run = {"check": True, "capture_output": True, "cwd": folder, **user}
    subprocess.run([programs / "initdb", "-D", folder / "data", "-U", "bandwise", "-A", "trust", "-E", "UTF8"], **run)  # type: ignore[call-overload]
    settings = ("listen_addresses=", f"unix_socket_directories={folder}", "fsync=off")
    command = [programs / "postgres", "-D", folder / "data", *(word for each in settings for word in ("-c", each))]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, **user)  # type: ignore[call-overload]
        try:
            wait_until_ready(folder, process)
            yield folder
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)
            shutil.rmtree(folder)


@pytest.fixture
def postgres(server: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an empty database."""
    import psycopg

    name = "ledger_" + str(abs(hash(request.node.nodeid)))
    with psycopg.connect(f"host={server} user=bandwise dbname=postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
        yield f"postgresql://bandwise@/{name}?host={server}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[arg-type]


@pytest.fixture(params=["sqlite", "postgres"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty place, of each kind in turn."""
    return str(tmp_path) if request.param == "sqlite" else str(request.getfixturevalue("postgres"))
