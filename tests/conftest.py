"""A PostgreSQL server of the tests' own, for everything that is kept in a database."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest


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
