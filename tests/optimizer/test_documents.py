"""The two documents as an outsider meets them: their schema, their numbers, their faults."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from optimizer.documents import Document
from optimizer.errors import InputFaults
from optimizer.plan import Plan
from optimizer.problem import Problem
from tests.random_households import random_household


def _nodes(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for value in schema.values():
            yield from _nodes(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _nodes(value)


@pytest.mark.parametrize("document", [Problem, Plan])
def test_every_number_of_a_schema_states_its_unit(document: type[Document]) -> None:
    """A dollar taken for a thousand, or a fraction for a per cent, is the error nobody sees."""
    numbers = [node for node in _nodes(document.schema_parts()) if node.get("type") in ("number", "integer")]
    assert len(numbers) > 20
    assert [node for node in numbers if "unit" not in node] == []


@pytest.mark.parametrize("document", [Problem, Plan])
def test_every_default_has_the_type_its_schema_states(document: type[Document]) -> None:
    """A schema whose own defaults break it cannot be used to check anything."""
    defaults = [node["default"] for node in _nodes(document.schema_parts()) if node.get("type") == "number" and "default" in node]
    assert [value for value in defaults if not isinstance(value, int | float)] == []


def test_a_problem_survives_the_journey_through_json() -> None:
    """What a batch job or a bug report carries must be the same question."""
    problem = random_household(5)
    again = Problem.from_json(problem.to_json())
    assert again == problem
    assert again.digest() == problem.digest()


def test_a_number_means_its_decimal_text() -> None:
    """A tenth read as the nearest binary float would lose a cent in ten trillion, and a cent is a cent."""
    raw = json.loads(random_household(5).to_json())
    raw["lots"][0]["shares"] = 0.1
    assert Problem.from_parts(raw).lots[0].shares == Decimal("0.1")


@pytest.mark.parametrize("value", [True, "1_000", "ten", "1e400", None, [], float("nan"), float("inf")])
def test_what_is_no_number_is_a_fault_at_its_place(value: object) -> None:
    """Guessing what was meant is how a portfolio is sold by mistake."""
    raw = random_household(5).model_dump()
    raw["lots"][0]["shares"] = value
    with pytest.raises(InputFaults) as caught:
        Problem.from_parts(raw)
    assert {fault.path[:3] for fault in caught.value.faults} == {("lots", 0, "shares")}


def test_every_fault_is_collected() -> None:
    """Whoever mends a file wants the whole list, not one line a run."""
    raw = random_household(5).model_dump()
    raw["lots"][0]["shares"], raw["accounts"][0]["kind"], raw["surprise"] = -1, "piggy bank", 1
    with pytest.raises(InputFaults) as caught:
        Problem.from_parts(raw)
    assert len(caught.value.faults) == 3
