"""A bare document is judged beyond its shape, every fault at its path, all of them at once."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from optimizer.check import faults_of
from optimizer.household import read_household
from optimizer.problem import Problem

SOUND = Path(__file__).parents[1] / "cases" / "household_errors" / "sound"
Parts = dict[str, Any]


@pytest.fixture(scope="module")
def text() -> str:
    """The sound household as a bare document."""
    return read_household(SOUND).to_json()


def judged(text: str, *edits: Callable[[Parts], object]) -> list[tuple[str, str]]:
    """Path and finding of every fault of the document after the edits."""
    parts = json.loads(text)
    for edit in edits:
        edit(parts)
    return [("/".join(map(str, fault.path)), fault.found) for fault in faults_of(Problem.from_json(json.dumps(parts)))]


def put(path: str, value: object) -> Callable[[Parts], object]:
    """An edit that puts a value at a path."""

    def edit(parts: Parts) -> None:
        at: Any = parts
        *above, last = (int(key) if key.isdigit() else key for key in path.split("/"))
        for key in above:
            at = at[key]
        at[last] = value

    return edit


def test_a_sound_document_has_no_fault(text: str) -> None:
    """Every case below is about its edit alone."""
    assert judged(text) == []


def again(collection: str) -> Callable[[Parts], object]:
    """An edit that repeats the first part of a collection at its end."""
    return lambda parts: parts[collection].append(parts[collection][0])


CASES = [
    (again("accounts"), "accounts/3/id", "the id 'joint', which stands in accounts already"),
    (again("securities"), "securities/4/symbol", "the symbol 'XLK', which stands in securities already"),
    (again("lots"), "lots/5/id", "the id 'VTI-joint-20190314-1', which stands in lots already"),
    (again("owners"), "owners/1/id", "the id 'anna', which stands in owners already"),
    (put("levers", ["income", "income"]), "levers/1", "income a second time"),
    (put("accounts/1/owner", "ana"), "accounts/1/owner", "the unknown owner 'ana'"),
    (put("accounts/2/menu", ["VTI", "VTX"]), "accounts/2/menu/1", "the unknown symbol 'VTX'"),
    (put("lots/4/account", "plam"), "lots/4/account", "the unknown account 'plam'"),
    (put("wishes/do_not_sell", ["VTX"]), "wishes/do_not_sell/0", "the unknown symbol 'VTX'"),
    (put("wishes/keep_lots", ["7"]), "wishes/keep_lots/0", "the unknown lot '7'"),
    (put("income", [{"account": "joint", "amount": 1, "paid_by": "VTX"}]), "income/0/paid_by", "the unknown symbol 'VTX'"),
    (put("donations/0/sources", ["bank"]), "donations/0/sources/0", "the unknown account 'bank'"),
    (put("segments/3/target", 0.39), "segments", "targets that sum to 99 % over the 3 segments without parts"),
    (put("segments/3/target", 0.400002), "segments", "targets that sum to 100.0002 % over the 3 segments without parts"),
    (put("segments/0/target", 0.61), "segments/0/target", "a target of 61 % for 'stocks'"),
    (put("securities/1/exposures", {"energy": 0.5}), "securities/1/exposures", "exposures of VTI that sum to 50 %"),
    (put("segments/3/destination", {"lower": 0.3, "upper": 0.5}), "segments/3/destination", "a destination of 30 % to 50 %"),
    (put("segments/3/destination", {"lower": 0.41, "upper": 0.45}), "segments/3/destination", "a destination of 41 % to 45 %"),
    (
        put("lots/2/holding_start", "2021-09-21"),
        "lots/2/holding_start",
        "a holding period from 2021-09-21, after the shares were acquired",
    ),
    (put("lots/0/cost_basis", None), "lots/0/cost_basis", "no cost basis for VTI in the taxable account 'joint'"),
    (put("contributions/0/into", ["plan"]), "contributions/0/into/0", "'plan', a 401k account without contribution_room"),
    (put("accounts/0/cash", 1e300), "accounts/0/cash", "1E+300"),
    (put("accounts/0/cash", 1e-300), "accounts/0/cash", "1E-300"),
]


@pytest.mark.parametrize(("edit", "path", "found"), CASES, ids=[f"{path}: {found}" for _, path, found in CASES])
def test_a_fault_is_told_at_its_path(text: str, edit: Callable[[Parts], object], path: str, found: str) -> None:
    """A program that made the document needs the path, a person the words."""
    assert judged(text, edit) == [(path, found)]


def test_weights_may_miss_their_sum_by_less_than_a_ten_thousandth_of_a_per_cent(text: str) -> None:
    """Three thirds written with seven digits are a whole."""
    assert judged(text, put("segments/3/target", 0.4000009)) == []


def test_faults_of_every_kind_are_told_together(text: str) -> None:
    """Mending one at a time is what people give up over."""
    edits = (
        put("lots/0/symbol", "VTX"),
        put("accounts/1/owner", "ana"),
        put("segments/3/target", 0.39),
        put("lots/1/acquired", "2027-01-01"),
    )
    paths = {path for path, _ in judged(text, *edits)}
    assert paths == {"lots/0/symbol", "accounts/1/owner", "segments", "lots/1/acquired"}


def test_a_trigger_that_misses_its_target_is_told_with_its_destination(text: str) -> None:
    """Such a segment would call for trades for ever."""
    edits = (put("segments/3/trigger", {"lower": 0.5, "upper": 0.6}), put("segments/3/destination", {"lower": 0.5, "upper": 0.6}))
    assert [path for path, _ in judged(text, *edits)] == ["segments/3/destination", "segments/3/trigger"]


def test_a_household_without_anything_is_told(text: str) -> None:
    """A weight of nothing is no number."""
    edits = (put("lots", []), put("accounts/0/cash", 0), put("contributions", []), put("wishes", {}))
    assert judged(text, *edits) == [("accounts", "no lots, no cash and no contribution")]


def test_numbers_beyond_all_bounds_are_faults_and_no_overflow(text: str) -> None:
    """A document from elsewhere may hold anything that is a number."""
    parts = json.loads(text)
    parts["accounts"][0]["cash"] = "HUGE"
    parts["contributions"][0]["amount"] = "HUGE"
    huge = json.dumps(parts).replace('"HUGE"', "1e999999999")
    assert [fault.path[-1] for fault in faults_of(Problem.from_json(huge))] == ["cash", "amount"]
