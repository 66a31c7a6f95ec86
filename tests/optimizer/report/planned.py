"""The example's household with its plan, made once, and a hostile copy of both."""

from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from optimizer.documents import Document
from optimizer.household import read_household
from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.rebalance import rebalance

AnyDocument = TypeVar("AnyDocument", bound=Document)

EXAMPLE = Path(__file__).parents[3] / "examples" / "year_end"

PAYLOAD = "=<img src=x onerror=alert(1)></script>{{7*7}}'\"&\t\u202e"
"""A formula, a tag, the end of a script, a template's braces, quotes, a tab and a sign that turns the text around."""

WORDS = {
    *("household", "name", "segment", "parent", "note", "account", "symbol", "lot", "reason", "id", "owner", "into", "sources"),
    *("symbols", "paid_by", "identical_group", "menu", "solver", "notes", "version", "how", "form", "number"),
    *("runner_up", "wish", "sentence", "rule"),
}
"""Names of the fields whose text comes from a household's file, or could."""


@cache
def example() -> tuple[Plan, Problem]:
    """The plan of the example and its question."""
    problem = read_household(EXAMPLE)
    return rebalance(problem), problem


@cache
def hostile() -> tuple[Plan, Problem]:
    """The same with an attack in front of every text."""
    plan, problem = example()
    return attacked(plan, PAYLOAD), attacked(problem, PAYLOAD)


def attacked(document: AnyDocument, payload: str) -> AnyDocument:
    """A document with an attack in front of every text."""
    return type(document).from_parts(_attacked(document.model_dump(mode="json"), payload))


def _attacked(part: Any, payload: str, name: str = "") -> Any:
    if isinstance(part, dict):
        keys = {key: payload + key if name == "exposures" else key for key in part}
        return {keys[key]: _attacked(value, payload, key) for key, value in part.items()}
    if isinstance(part, list):
        return [_attacked(value, payload, name) for value in part]
    return payload + part if isinstance(part, str) and name in WORDS else part
