"""The two documents as an outsider meets them: their schema, their numbers, their faults."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from optimizer.documents import Document
from optimizer.errors import Fault, InputFaults
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


PYTHONS_WORDS = re.compile(r"dict|tuple|None|Decimal|instance|Problem|Facts|integer|string|boolean|True|False|validation|class")


@pytest.mark.parametrize("wrong", [None, True, 3, -5, 1.5, "x", "", [], {}, [None], {"a": 1}, "x" * 300, 10**60])
def test_no_fault_speaks_of_the_language_we_are_written_in(wrong: object) -> None:
    """Whoever writes a document from another program knows objects, lists and null."""
    raw = json.loads(random_household(5).to_json())
    told = [fault for path in _paths(raw, ()) for fault in _faults(_replaced(raw, path, wrong))]
    assert len(told) > 10
    assert [fault for fault in told if PYTHONS_WORDS.search(f"{fault.found} {fault.expected}")] == []


def _paths(part: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """Every place of a document, of lists the first entry alone."""
    yield path
    entries = part.items() if isinstance(part, dict) else enumerate(part[:1]) if isinstance(part, list) else ()
    for key, below in entries:
        yield from _paths(below, (*path, key))


def _replaced(part: Any, path: tuple[Any, ...], wrong: object) -> Any:
    """The document with something else at a place."""
    if not path:
        return wrong
    copy = part.copy()
    copy[path[0]] = _replaced(part[path[0]], path[1:], wrong)
    return copy


def _faults(raw: object) -> tuple[Fault, ...]:
    try:
        Problem.from_json(json.dumps(raw))
    except InputFaults as refusal:
        return refusal.faults
    return ()


def test_a_name_that_stands_twice_is_a_fault_at_its_place() -> None:
    """Most readers keep the last value without a word; here two prices are one too many."""
    text = random_household(5).to_json().replace('"price":', '"price": 1, "price":', 1)
    with pytest.raises(InputFaults) as caught:
        Problem.from_json(text)
    (fault,) = caught.value.faults
    assert (fault.path, fault.found) == (("securities", 0, "price"), "the name 'price' more than once")


def test_a_fault_that_only_follows_from_another_is_left_out() -> None:
    """A list whose one entry is wrong is not also empty."""
    raw = random_household(5).model_dump()
    raw["accounts"] = [{**raw["accounts"][0], "kind": "piggy bank"}]
    with pytest.raises(InputFaults) as caught:
        Problem.from_parts(raw)
    assert [fault.path for fault in caught.value.faults] == [("accounts", 0, "kind")]


@pytest.mark.parametrize("text", ["9" * 5000, "[1e99999999999999999999]", "[" * 900 + "]" * 900, "NaN"])
def test_what_no_number_can_hold_is_a_fault(text: str) -> None:
    """A hostile document must end in a message like any other."""
    with pytest.raises(InputFaults):
        Problem.from_json(text)


def test_every_fault_is_collected() -> None:
    """Whoever mends a file wants the whole list, not one line a run."""
    raw = random_household(5).model_dump()
    raw["lots"][0]["shares"], raw["accounts"][0]["kind"], raw["surprise"] = -1, "piggy bank", 1
    with pytest.raises(InputFaults) as caught:
        Problem.from_parts(raw)
    assert len(caught.value.faults) == 3
