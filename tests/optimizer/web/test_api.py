"""Whatever the described JSON allows, and what it does not, is answered without a fault of the program."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from starlette.testclient import TestClient

from optimizer.web.guard import Secrets

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
