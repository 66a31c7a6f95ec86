"""The planner on a copy of the example, asked in this process; its work is done in processes of its own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from optimizer.web.app import create_app
from optimizer.web.desk import Desk
from optimizer.web.guard import Secrets, hosts_of
from tests.optimizer.web.windows import address, at, browser

__all__ = ["address", "at", "browser"]

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "year_end"
PORT = 8765
ORIGIN = f"http://127.0.0.1:{PORT}"


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example's files in a folder that may be written to."""
    place = tmp_path_factory.mktemp("household") / "year_end"
    return Path(shutil.copytree(EXAMPLE, place))


@pytest.fixture(scope="session")
def secrets() -> Secrets:
    """The secrets of one start."""
    return Secrets(hosts_of(PORT))


@pytest.fixture(scope="session")
def started(folder: Path, secrets: Secrets) -> Iterator[TestClient]:
    """One planner for all tests, so that the solver loads once."""
    with TestClient(create_app(Desk(folder), secrets), base_url=ORIGIN, follow_redirects=False) as client:
        yield client


@pytest.fixture
def client(started: TestClient, secrets: Secrets) -> Iterator[TestClient]:
    """A browser with the session, and without a draft; it says where its requests come from, as browsers do."""
    started.cookies.clear()
    started.cookies.set(secrets.cookie, secrets.session)
    started.headers["origin"] = ORIGIN
    started.app.state.desk.drop()  # type: ignore[attr-defined]
    yield started
    started.app.state.desk.drop()  # type: ignore[attr-defined]
