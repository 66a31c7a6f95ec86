"""Cases in a preparer's words, each with its source: what happened and what the law makes of it.

A case is data: accounts and symbols it does not name are filled in below, and of what comes out only the fields it states are
compared, but every disposal, lot or donation must be stated.
"""

import json
import tomllib
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from lots.errors import LotsError
from lots.ledger.answer import replay
from lots.ledger.document import ENTRIES, take_in

CASES = Path(__file__).parents[2] / "cases"
ROOMS = ("wash", "holding", "relief", "corporate_actions")
HOUSEHOLD = (
    {"account_id": "joint", "kind": "taxable"},
    {"account_id": "spouse", "kind": "taxable", "owner_id": "spouse"},
    {"account_id": "ira", "kind": "traditional_ira", "owner_id": "self"},
    {"account_id": "roth", "kind": "roth_ira", "owner_id": "self"},
    {"account_id": "401k", "kind": "401k", "owner_id": "self"},
)
COMPARED = {
    "disposals": "disposals",
    "lots": "open_lots",
    "donations": "donations",
    "incomes": "incomes",
    "states": "wash_states",
}
EVIDENCE = {"gold", "silver", "baseline"}


def _load() -> list[Any]:
    found = []
    for room in ROOMS:
        for path in sorted((CASES / room).glob("*.toml")):
            for case in tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)["case"]:
                found.append(pytest.param(case, id=f"{room}/{path.stem}: {case['story'][:60]}"))
    return found


def _document(case: dict[str, Any]) -> dict[str, Any]:
    events = []
    for given in case["events"]:
        columns = ENTRIES[given["event"]].model_fields
        blanks = {"account_id": "joint"} | ({"symbol": "X"} if "symbol" in columns else {})
        if given["event"] in ("cash_income", "roth_conversion"):
            blanks.pop("symbol", None)
        events.append({**blanks, **given})
    used = {event["account_id"] for event in events} | {event.get("to_account_id") for event in events}
    accounts = case.get("accounts") or [each for each in HOUSEHOLD if each["account_id"] in used]
    document = {"accounts": accounts, "securities": case.get("securities", []), "events": events}
    return document | {name: case[name] for name in ("rules", "as_of") if name in case}


def _matched(stated: dict[str, Any], found: dict[str, Any]) -> bool:
    return all(_same(value, found[name]) for name, value in stated.items())


def _same(stated: Any, found: Any) -> bool:
    if isinstance(stated, int | Decimal) and not isinstance(stated, bool):
        return Decimal(stated) == Decimal(found)
    return bool(str(stated) == str(found))


@pytest.mark.parametrize("case", _load())
def test_the_ledger_agrees_with_the_case(case: dict[str, Any]) -> None:
    """A preparer can read the case, look up its source, and see that the ledger says the same."""
    assert case["evidence"] in EVIDENCE
    assert case["source"]
    expected = case["expected"]
    if "error" in expected:
        with pytest.raises(LotsError) as refusal:
            replay(take_in(_document(case)))
        assert expected["error"] in str(refusal.value)
        return
    answer = replay(take_in(_document(case)))
    for name, column in COMPARED.items():
        if name not in expected:
            continue
        found = answer[column]
        assert len(found) == len(expected[name]), json.dumps(found, indent=1)
        for stated, each in zip(expected[name], found, strict=True):
            assert _matched(stated, each), f"stated {stated}\nfound {json.dumps(each, indent=1)}"
    for account, amount in expected.get("cash", {}).items():
        assert Decimal(answer["cash"][account]) == amount


def test_there_are_enough_cases_and_none_is_told_twice() -> None:
    """A case that is a copy of another says nothing new."""
    stories = Counter(param.values[0]["story"] for param in _load())
    assert len(stories) >= 60
    assert [story for story, times in stories.items() if times > 1] == []
