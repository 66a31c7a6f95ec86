"""Whatever the described JSON allows, and what it does not, is answered without a fault of the program."""

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from starlette.testclient import TestClient

from optimizer.web.app import create_app
from optimizer.web.desk import Desk
from optimizer.web.guard import Secrets
from tests.optimizer.web.conftest import EXAMPLE, ORIGIN
from tests.optimizer.web.test_journey import LOTS

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed; pip install 'bandwise[test]'")
SLOW = ("/api/simulate", "/api/year-end", "/api/frontier", "/api/explain")
"""Long answers, which have tests of their own; what is drawn for them would be minutes of work."""


def test_no_request_is_answered_with_a_fault_of_the_program(client: TestClient, secrets: Secrets) -> None:
    """A status of 500 or more would be a bug that a stranger can cause."""
    headers = {"authorization": f"Bearer {secrets.token}", "host": "127.0.0.1:8765"}
    described = schemathesis.openapi.from_asgi("/openapi.json", client.app, headers=headers).exclude(path=list(SLOW))
    asked = 0
    for operation in (found.ok() for found in described.get_all_operations()):

        @settings(
            max_examples=8,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def ask(case: "schemathesis.Case") -> None:
            nonlocal asked
            answer = case.call(headers=headers)
            asked += 1
            assert answer.status_code < 500, (case.method, case.path, answer.text)
            assert answer.status_code != 421

        ask()
    assert asked > 40


def test_the_description_names_its_documents_and_nothing_outside(client: TestClient) -> None:
    """Programs read it to know the units; it is served from here."""
    described = client.get("/openapi.json").json()
    assert {"Problem-Input", "Plan", "JobDocument", "RefusalDocument"} <= described["components"]["schemas"].keys()
    assert "US dollars" in str(described["components"]["schemas"]["Plan"])
    assert client.get("/docs").status_code == 404


def test_statements_lots_and_wishes_go_the_same_way_as_on_the_pages(tmp_path: Path, secrets: Secrets) -> None:
    """Sent, looked at, kept whole; refused with every row; and the lots show what the draft wishes."""
    folder = shutil.copytree(EXAMPLE, tmp_path / "household")
    token = {"authorization": f"Bearer {secrets.token}"}
    with TestClient(create_app(Desk(folder), secrets), base_url=ORIGIN, headers=token) as client:
        draft = client.get("/api/draft").json()
        first = client.get("/api/lots", params={"sort": "gain", "per_page": 1}).json()["lots"][0]
        draft["wishes"]["keep_lots"] = [first["lot"]]
        assert client.put("/api/draft", json=draft).status_code == 200
        shown = client.get("/api/lots", params={"sort": "gain", "per_page": 1}).json()
        assert (shown["lots"][0]["is_kept"], shown["lots"][0]["fate"], shown["pages"]) == (True, "keep", shown["count"])
        bad = client.post("/api/statements", files=[("files", ("a.csv", LOTS + b"joint,VOO,yesterday,ten,4000\n"))])
        refused = client.get(f"/api/statements/{bad.json()['name']}")
        assert refused.status_code == 422
        assert any("row 3" in each["place"] for each in refused.json()["faults"])
        assert client.delete(f"/api/statements/{bad.json()['name']}").status_code == 204
        sent = client.post("/api/statements", files=[("files", ("../b.csv", LOTS))], data={"accounts": ["joint"]})
        place = f"/api/statements/{sent.json()['name']}"
        seen = client.get(place).json()
        assert (seen["new_events"], seen["is_kept"], seen["files"][0]["name"]) == (1, False, "b.csv")
        assert list(folder.glob("ledger*")) == []
        assert client.post(f"{place}/keep").json()["is_kept"] is True
        assert client.get(place).status_code == 404
        assert list(folder.glob("ledger*"))
        assert client.get("/api/book").status_code == 404
