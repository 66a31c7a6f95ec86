"""Events as plain values and back."""

import json
from dataclasses import MISSING, fields
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lots.accounts import Account, AccountKind
from lots.errors import InputError
from lots.events import KINDS, Buy, Event, LotPick, Sell, Source
from lots.events.codec import content_hash, decode, encode, kind_name, kind_named, kinds

KEPT_NAMES = {
    "buy",
    "cash_income",
    "cash_merger",
    "cash_transfer",
    "closed_lot",
    "contribution",
    "donate",
    "fee",
    "gift_received",
    "inherited",
    "open_cash",
    "open_lot",
    "reinvested_income",
    "return_of_capital",
    "roth_conversion",
    "sell",
    "spin_off",
    "split",
    "stated_cash",
    "stated_shares",
    "stock_merger",
    "symbol_change",
    "transfer",
    "void",
    "withdrawal",
}


def plain_value(kind: Any) -> Any:
    """Some value of a field's type, never the one a field has by default."""
    kind = next((each for each in get_args(kind) if each is not type(None)), kind) if type(None) in get_args(kind) else kind
    values = {str: "x", int: 3, bool: True, Decimal: Decimal("0.50"), date: date(2024, 2, 29)}
    if kind in values:
        return values[kind]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return list(kind)[-1]
    if kind is Source:
        return Source("schwab.csv", 7, "ab")
    assert kind == tuple[LotPick, ...], f"a field of type {kind} needs a value here"
    return (LotPick("a", Decimal("0.25")), LotPick("b~1", Decimal("0.25")))


def whole_event(kind: type[Event]) -> Event:
    """An event of a kind with every field filled in."""
    values = {each.name: plain_value(each.type) for each in fields(kind)}
    return kind(**values | {name: Decimal("1.50") for name in ("cost_basis", "fair_market_value") if name in values})


@pytest.mark.parametrize("kind", KINDS, ids=kind_name)
def test_every_kind_of_event_comes_back_as_it_was(kind: type[Event]) -> None:
    """A new kind of event is kept without a line of code; a field of a new type fails here, not in a user's ledger."""
    event = whole_event(kind)
    assert decode(kind, json.loads(json.dumps(encode(event)), parse_float=Decimal)) == event


def test_the_names_of_kinds_never_change() -> None:
    """A renamed class would make every event kept under the old name unreadable. Names may be added here, never changed."""
    assert set(kinds()) >= KEPT_NAMES


def test_what_a_field_says_by_default_is_left_out() -> None:
    """A field added later with a default must not change the content of older events."""
    event = Buy(date=date(2026, 1, 2), account_id="j", event_id="1", symbol="VTI", shares=Decimal(1), cost=Decimal(9), lot_id="a")
    optional = {each.name for each in fields(Buy) if each.default is not MISSING}
    assert optional & set(encode(event)) == set()


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=10**20), st.integers(0, 12))
def test_a_decimal_comes_back_digit_for_digit_and_hashes_by_value(amount: Decimal, zeros: int) -> None:
    """Cents are lost where a number passes through a float; 10 and 10.00 are one content, 10 and 10.01 are two."""
    account = whole_event(Sell)
    first = Sell(**{**{f.name: getattr(account, f.name) for f in fields(Sell)}, "proceeds": amount})
    written = decode(Sell, encode(first))
    assert str(written.proceeds) == str(amount)
    padded = Decimal(f"{amount:f}" + ("" if "." in f"{amount:f}" else ".") + "0" * zeros)
    second = Sell(**{**{f.name: getattr(account, f.name) for f in fields(Sell)}, "proceeds": padded})
    assert content_hash(second) == content_hash(first)
    third = Sell(**{**{f.name: getattr(account, f.name) for f in fields(Sell)}, "proceeds": padded + Decimal("0.01")})
    assert content_hash(third) != content_hash(first)


@pytest.mark.parametrize("field", [f.name for f in fields(Sell) if f.name not in ("event_id", "source")])
def test_the_content_is_every_field_but_names_and_source(field: str) -> None:
    """A field left out of the content would make two different sales one."""
    event = whole_event(Sell)
    other: Any = {
        "date": date(2024, 3, 1),
        "shares": Decimal("0.75"),
        "picks": (LotPick("c", Decimal("0.5")),),
        "proceeds": Decimal(8),
        "fees": Decimal(1),
    }.get(field, "other")
    values = {f.name: getattr(event, f.name) for f in fields(Sell)} | {field: other}
    if field == "shares":
        values["picks"] = ()
    assert content_hash(Sell(**values)) != content_hash(event)


def test_the_name_of_a_lot_and_its_row_are_no_content() -> None:
    """Overlapping files number the same purchase differently."""
    one = whole_event(Buy)
    values = {f.name: getattr(one, f.name) for f in fields(Buy)}
    assert content_hash(Buy(**{**values, "event_id": "2", "lot_id": "other", "source": None})) == content_hash(one)


def test_accounts_are_written_the_same_way() -> None:
    """The store keeps what the household declares in the same form."""
    account = Account("ira", AccountKind.ROTH_IRA, "ann", "Ann's Roth", "hifo")
    assert decode(Account, encode(account)) == account


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"shares": 1}, "decimal as text"),
        ({"shares": "many"}, "not a Sell"),
        ({"date": "2026-13-01"}, "month must be"),
        ({"picks": [{"lot_id": "a"}]}, "shares"),
        ({"colour": "red"}, "newer version"),
        ({"symbol": 3}, "expected str"),
    ],
)
def test_a_damaged_record_is_refused(change: dict[str, Any], message: str) -> None:
    """A record that reads as something it is not would become a wrong tax."""
    with pytest.raises(InputError, match=message):
        decode(Sell, encode(whole_event(Sell)) | change)


def test_an_unknown_kind_is_named() -> None:
    """A ledger written by a later version says so."""
    with pytest.raises(InputError, match=r"'moon_landing'.*newer version"):
        kind_named("moon_landing")
