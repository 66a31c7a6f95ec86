"""The door of the ledger: what a document may say and how it is refused."""

import json
import random
from copy import deepcopy
from datetime import date
from decimal import Decimal

import pytest

from lots.errors import InputError
from lots.events import KINDS
from lots.ledger.answer import replay
from lots.ledger.document import ENTRIES, read, schema

DOCUMENT = {
    "accounts": [{"account_id": "a", "kind": "taxable"}],
    "events": [
        {"event": "buy", "date": "2026-01-05", "account_id": "a", "symbol": "X", "shares": 10, "cost": 100.10, "lot_id": "l1"},
        {"event": "buy", "date": "2026-01-05", "account_id": "a", "symbol": "X", "shares": 10, "cost": 90, "lot_id": "l2"},
        {"event": "sell", "date": "2026-01-05", "account_id": "a", "symbol": "X", "shares": 5, "proceeds": 30},
        {"event": "sell", "date": "2026-01-05", "account_id": "a", "symbol": "X", "shares": 5, "proceeds": 30},
        {"event": "sell", "date": "2026-01-05", "account_id": "a", "symbol": "X", "shares": 5, "proceeds": 60},
    ],
}


def test_a_number_is_read_as_it_is_written() -> None:
    """100.10 is not a binary float on its way in."""
    first = read(json.dumps(DOCUMENT)).events[0]
    assert first.cost == Decimal("100.1")  # type: ignore[attr-defined]
    small = '{"accounts": [], "events": [{"event": "fee", "date": "2026-01-05", "account_id": "a", "amount": 0.1}]}'
    assert read(small).events[0].amount == Decimal("0.1")  # type: ignore[attr-defined]


def test_events_without_ids_are_named_by_what_they_say_so_that_their_order_is_irrelevant() -> None:
    """Two equal sales of a day are two facts, and shuffling the file changes nothing."""
    expected = replay(read(json.dumps(DOCUMENT)))
    assert len(expected["disposals"]) == 3
    for seed in range(10):
        shuffled = deepcopy(DOCUMENT)
        random.Random(seed).shuffle(shuffled["events"])
        assert replay(read(json.dumps(shuffled))) == expected


def test_the_schema_knows_every_kind_of_event_and_explains_every_field() -> None:
    """An outsider has nothing else to go by."""
    assert len(ENTRIES) == len(KINDS)
    for name, entry in schema()["$defs"].items():
        for field, told in entry.get("properties", {}).items():
            assert told.get("description"), f"{name}.{field}"


def test_every_fault_is_told_with_its_place() -> None:
    """One round of corrections, not one per fault."""
    bad = deepcopy(DOCUMENT)
    bad["events"][0] |= {"shares": "ten"}
    bad["events"][1] |= {"colour": "red"}
    del bad["events"][2]["symbol"]
    with pytest.raises(InputError) as refusal:
        read(json.dumps(bad), "mine.json")
    lines = str(refusal.value).splitlines()
    assert [line.split(": ")[:2] for line in lines] == [
        ["mine.json", "events.0.shares"],
        ["mine.json", "events.1.colour"],
        ["mine.json", "events.2.symbol"],
    ]


def test_an_event_that_cannot_be_is_refused_with_its_row() -> None:
    """A negative count passes the types and fails the sense."""
    bad = deepcopy(DOCUMENT)
    bad["events"][1]["shares"] = -3
    with pytest.raises(InputError, match=r"mine.json, row 2: shares is -3; expected more than zero"):
        read(json.dumps(bad), "mine.json")


def test_a_document_may_say_through_when_an_account_is_known() -> None:
    """An account without trades is quiet or unknown, and only the user can tell."""
    told = deepcopy(DOCUMENT) | {"as_of": "2026-04-01"}
    told["accounts"] = [*told["accounts"], {"account_id": "ira", "kind": "roth_ira"}]  # type: ignore[misc]
    states = {each["state"] for each in replay(read(json.dumps(told)))["wash_states"]}
    assert states == {"washed", "unknown: account not loaded (ira)"}
    told["accounts"][1]["loaded_until"] = "2026-04-01"  # type: ignore[index]
    assert {each["state"] for each in replay(read(json.dumps(told)))["wash_states"]} == {"washed", "clear"}
    assert read(json.dumps(told)).loaded_until["ira"] == date(2026, 4, 1)
