"""The audit finds what does not hold and names the event that broke it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings

from lots.accounts import Account, AccountKind
from lots.events import (
    Buy,
    ClosedLot,
    Contribution,
    Event,
    ReturnOfCapital,
    RothConversion,
    Sell,
    SpinOff,
    Split,
    StatedCash,
    StatedShares,
    StockMerger,
    SymbolChange,
    Void,
)
from lots.ledger import trades
from lots.ledger.check import audit
from tests.properties.histories import ACCOUNTS, SECURITIES, histories

D = Decimal
HOUSE = (
    Account("joint", AccountKind.TAXABLE),
    Account("ira", AccountKind.TRADITIONAL_IRA),
    Account("roth", AccountKind.ROTH_IRA),
)


def at(day: int, name: str) -> dict[str, object]:
    return {"date": date(2024, 1, 1 + day), "account_id": "joint", "event_id": name}


def full_history() -> list[Event]:
    buy = {"symbol": "X", "shares": D(100)}
    return [
        Contribution(**at(0, "money"), amount=D(5000)),
        Buy(**at(1, "b1"), **buy, cost=D(1000), lot_id="a", fees=D("4.95")),
        Buy(**at(2, "b2"), **buy, cost=D(1400), lot_id="b"),
        Sell(**at(3, "s1"), symbol="X", shares=D(60), proceeds=D(500), fees=D(1)),
        ReturnOfCapital(**at(4, "roc"), symbol="X", amount=D("33.33")),
        Split(**at(5, "split"), symbol="X", new_shares=D(1), old_shares=D(3), cash_in_lieu=D(9)),
        SpinOff(**at(6, "spin"), symbol="X", new_symbol="S", new_shares=D(1), old_shares=D(2), basis_fraction=D("0.3")),
        StockMerger(
            **at(7, "merger"),
            symbol="X",
            new_symbol="N",
            new_shares=D(2),
            old_shares=D(1),
            boot=D(100),
            fair_market_value=D(3000),
        ),
        SymbolChange(**at(8, "name"), symbol="N", new_symbol="NN"),
        Contribution(**{**at(1, "m2"), "account_id": "ira"}, amount=D(900)),
        Buy(**{**at(2, "b3"), "account_id": "ira"}, **buy, cost=D(900), lot_id="i"),
        RothConversion(**{**at(9, "conv"), "account_id": "ira"}, to_account_id="roth", symbol="X", shares=D(40), amount=D(700)),
    ]


def test_a_history_with_every_kind_of_action_is_clean() -> None:
    """An audit that cries wolf is switched off."""
    assert audit(full_history(), HOUSE).findings == ()


@settings(max_examples=60, deadline=None)
@given(histories())
def test_random_histories_conserve_shares_cash_and_basis(events: list[Event]) -> None:
    """The totals are added up without lots, so agreement is not by construction."""
    found = audit(events, ACCOUNTS, SECURITIES)
    assert [each for each in found.findings if each.invariant != "cash not negative"] == []


def test_a_statement_that_does_not_hold_names_the_events_since_the_last_that_did() -> None:
    """Searching a year of events for one wrong row is what the audit saves."""
    stated = [
        StatedShares(**at(2, "st1"), symbol="X", shares=D(200)),
        StatedShares(**at(4, "st2"), symbol="X", shares=D(150), cost_basis=D(1)),
        StatedCash(**at(4, "st3"), amount=D(1)),
    ]
    messages = [each.message for each in audit([*full_history(), *stated], HOUSE).findings]
    assert len(messages) == 3
    assert "says 150 for X shares" in messages[0]
    assert "come to 140" in messages[0]
    assert "since the statement of 2024-01-03, which holds: s1, roc" in messages[0]


def test_an_audit_names_the_event_a_broken_rule_lost_shares_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """The invariant has been seen to fail, and the halving search to find the culprit."""
    from lots.ledger import book

    def forgetful(state: object, event: Buy) -> None:
        if event.event_id != "b2":
            trades.buy(state, event)  # type: ignore[arg-type]

    monkeypatch.setitem(book._APPLY, Buy, forgetful)
    found = audit(full_history()[:4], HOUSE)
    assert [(each.invariant, each.event_id) for each in found.findings] == [
        ("shares conserved", "b2"),
        ("cash conserved", "b2"),
        ("cost basis conserved", "b2"),
    ]


def test_a_history_that_cannot_be_folded_is_a_finding_and_not_a_crash() -> None:
    """The audit is run when something is wrong."""
    found = audit([Sell(**at(3, "s1"), symbol="X", shares=D(60), proceeds=D(500))], HOUSE)
    assert found.book is None
    assert "only 0 shares are open" in found.findings[0].message


def test_corrections_and_voids_are_audited_as_what_they_leave() -> None:
    """A corrected history is no less auditable than one told right the first time."""
    history = full_history()
    mended = Buy(**at(2, "b2x"), symbol="X", shares=D(100), cost=D(1500), lot_id="b", replaces="b2")
    twin = Contribution(**at(0, "twin"), amount=D(1))
    gone = Void(**at(0, "gone"), replaces="twin")
    assert audit([*history, mended, twin, gone], HOUSE).is_clean


def test_negative_cash_is_reported() -> None:
    """Cash below zero means a deposit that was never told."""
    bought = Buy(**at(1, "b"), symbol="X", shares=D(1), cost=D(10), lot_id="a")
    assert audit([bought], HOUSE).is_clean, "a history of lots alone says nothing about cash"
    found = audit([bought, Contribution(**at(0, "m"), amount=D(9))], HOUSE)
    assert [each.invariant for each in found.findings] == ["cash not negative"]


def test_a_reported_term_the_dates_deny_is_a_finding_until_something_explains_it() -> None:
    """The broker is followed, but a preparer must hear that the year of the gain is not what its dates give."""
    sale = ClosedLot(
        **at(20, "c"),
        symbol="X",
        shares=D(1),
        proceeds=D(9),
        cost_basis=D(5),
        acquired=date(2023, 12, 1),
        lot_id="c",
        is_long_term=True,
    )
    found = audit([sale], HOUSE)
    assert [(each.invariant, each.event_id) for each in found.findings] == [("terms follow from the dates", "c")]
    assert "reported as long-term, but held from 2023-12-01 it is short-term" in found.findings[0].message
    assert audit([replace(sale, is_inherited=True)], HOUSE).is_clean
    assert audit([replace(sale, holding_start=date(2020, 1, 1))], HOUSE).is_clean
