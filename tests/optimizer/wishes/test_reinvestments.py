"""Reinvested dividends are purchases: switched off beside a harvest, or counted as shares that wash."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from lots.wash.window import blocked_until
from optimizer.check import faults_of
from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.rebalance import rebalance
from optimizer.report.reinvesting import reinvestment_lines
from tests.wish_households import AS_OF, household, lot

TARGETS = {"red": 0.5, "blue": 0.5}
LAST = blocked_until(AS_OF)


def plan(problem: Problem) -> Plan:
    """The plan without the comparison."""
    return rebalance(problem, compare=False)


def harvester(*reinvestments: dict[str, Any], **parts: Any) -> Problem:
    """1,000 shares of basis 3 at a price of 1, worth selling: 2,000 of loss at 40 per cent save 800."""
    accounts = [{"id": "joint", "kind": "taxable"}, {"id": "ira", "kind": "traditional_ira", "owner": "she"}]
    lots = [
        lot("old", "RED", 1000, 3000),
        lot("blue", "BLUE", 900, 500),
        lot("shelter", "BLUE2", 100, 100, account="ira"),
    ]
    return household(lots, TARGETS, **({"accounts": accounts, "reinvestments": reinvestments} | parts))


def test_a_harvest_counts_on_the_reinvestment_being_off_and_says_where_and_until_when() -> None:
    """Every account counts, the IRA first of all; a fund that is not sold at a loss may go on."""
    answer = plan(harvester({"account": "joint"}, {"account": "ira", "symbols": ["RED", "BLUE"]}))
    assert answer.tax.with_plan.total == -800
    assert [(row.account, row.symbol, row.until, row.shares) for row in answer.reinvestments] == [
        ("joint", "RED", LAST, None),
        ("ira", "RED", LAST, None),
    ]
    assert any(line.startswith("Switch reinvestment of RED off in ira until") for line in reinvestment_lines(answer))


def test_a_dividend_after_the_window_may_be_reinvested() -> None:
    """The day after the last one of the window is free."""
    named = {"account": "joint", "symbols": ["RED"]}
    assert plan(harvester(named | {"next_pay": LAST})).reinvestments
    assert not plan(harvester(named | {"next_pay": LAST + timedelta(1)})).reinvestments


@pytest.mark.parametrize(("account", "saved"), [("joint", "792.00"), ("ira", "792.00")])
def test_what_cannot_be_switched_off_washes_share_for_share(account: str, saved: str) -> None:
    """A dividend of 10 buys 10 shares, which wash 20 of the loss of 2,000: 1,980 at 40 per cent are 792."""
    fixed = {"account": account, "symbols": ["RED"], "amount": 10, "can_be_switched_off": False}
    for day in (None, LAST, AS_OF):
        answer = plan(harvester(fixed | {"next_pay": day}))
        assert answer.tax.with_plan.total == -Decimal(saved)
        assert (answer.tax.difference, answer.certificate.status) == (0, "optimal")
        (row,) = answer.reinvestments
        assert (row.shares, row.until) == (10, day or LAST)
    assert plan(harvester(fixed | {"next_pay": LAST + timedelta(1)})).tax.with_plan.total == -800


def test_a_washed_loss_counts_later_in_a_taxable_account_and_never_in_an_ira() -> None:
    """At 20 per cent later and a full chance of it, 20 dollars of loss that move into a basis are worth 4."""
    outlook = {"untaxed_probability": 0, "discount_rate": 0, "location_years": 0, "carryforward_value": 0}
    fixed = {"symbols": ["RED"], "amount": 10, "can_be_switched_off": False}
    here, gone = (plan(harvester(fixed | {"account": name}, outlook=outlook)).cost.future_tax for name in ("joint", "ira"))
    assert gone - here == pytest.approx(Decimal(4), abs=Decimal("0.01"))


def test_a_loss_of_last_week_has_the_reinvestment_off_until_its_own_window_ends() -> None:
    """Sold on the thirteenth, the ban ends a week earlier than one of today would."""
    sold = AS_OF - timedelta(7)
    losses = [{"account": "joint", "symbol": "BLUE", "sold": sold, "shares": 5, "loss": 10}]
    answer = plan(harvester({"account": "joint", "symbols": ["BLUE"]}, loss_sales=losses))
    assert [(row.symbol, row.until) for row in answer.reinvestments] == [("BLUE", blocked_until(sold))]


def test_dividends_of_what_stood_above_its_band_are_better_pooled() -> None:
    """Gains everywhere, so no ban; stocks of 70 per cent against 50 get no more of themselves while the lever is on."""
    lots = [lot("red", "RED", 700, 100), lot("blue", "BLUE", 300, 100)]
    pays = [{"account": "joint"}]
    answer = plan(household(lots, TARGETS, reinvestments=pays))
    assert [(row.symbol, row.until) for row in answer.reinvestments] == [("RED", None)]
    blind = household(lots, TARGETS, reinvestments=pays, levers=["withdrawals", "location", "harvesting", "donations"])
    assert plan(blind).reinvestments == ()


@pytest.mark.parametrize(
    ("row", "path"),
    [
        ({"next_pay": AS_OF - timedelta(1)}, ("reinvestments", 0, "next_pay")),
        ({"can_be_switched_off": False, "symbols": ["RED"]}, ("reinvestments", 0, "amount")),
        ({"amount": 10}, ("reinvestments", 0, "amount")),
        ({"symbols": ["RED", "RED"]}, ("reinvestments", 0, "symbols", 1)),
        ({"symbols": ["PINK"]}, ("reinvestments", 0, "symbols", 0)),
        ({"account": "attic"}, ("reinvestments", 0, "account")),
    ],
)
def test_what_cannot_be_counted_is_a_fault(row: dict[str, Any], path: tuple[str | int, ...]) -> None:
    """A day that is past, an amount nobody knows, a fund named twice."""
    assert [fault.path for fault in faults_of(harvester({"account": "joint"} | row))] == [path]


def test_days_are_days_of_the_calendar() -> None:
    """The window is the law's, not a number here."""
    assert date(2026, 12, 20) == LAST
