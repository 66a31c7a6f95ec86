"""What the example shows off is there: every lever saves, the plan is proven, and the ledger agrees."""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from optimizer.household import read_household
from optimizer.plan import Plan
from optimizer.problem import Lever
from optimizer.rebalance import rebalance

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "year_end"


@pytest.fixture(scope="module")
def plan() -> Plan:
    """The plan a reader gets from the first command they try."""
    return rebalance(read_household(FOLDER))


def test_every_lever_saves_tax_and_money_in_its_turn(plan: Plan) -> None:
    """A lever that saves nothing here would look as if it did nothing anywhere."""
    assert plan.comparison is not None
    ladder = plan.comparison.ladder
    assert [row.lever for row in ladder] == [None, *Lever]
    assert [row.lever for row in ladder[1:] if row.saved <= 0] == []
    assert [after.lever for before, after in pairwise(ladder) if after.tax >= before.tax] == []


def test_the_usual_rule_costs_more_than_no_lever_at_all(plan: Plan) -> None:
    """Even the plan without levers picks its lots; the rule most people follow does not."""
    assert plan.comparison is not None
    assert plan.comparison.usual_rule.tax > plan.comparison.ladder[0].tax > plan.comparison.ladder[-1].tax


def test_the_three_segments_come_back_and_no_other_leaves(plan: Plan) -> None:
    """Bands come before dollars."""
    was = {row.segment: row.was for row in plan.bands if row.was != "inside"}
    assert was == {"technology": "above", "communication": "above", "energy": "below"}
    assert [row.segment for row in plan.bands if row.breach > 0] == []


def test_the_plan_is_proven_and_the_ledger_agrees(plan: Plan) -> None:
    """The proof is good to the cent; a dollar between solver and ledger would be a bug."""
    assert plan.certificate.status == "optimal"
    assert plan.certificate.gap < Decimal("0.01")
    assert abs(plan.tax.difference) < 1


def test_the_plan_waits_for_lots_four_weeks_from_long_term(plan: Plan) -> None:
    """Selling a gain four weeks too early is the first thing a reader would look for."""
    assert [sale.lot for sale in plan.sales if sale.acquired and date(2025, 12, 1) <= sale.acquired <= date(2025, 12, 31)] == []


def test_the_gift_is_the_lot_of_the_largest_gain(plan: Plan) -> None:
    """A share given away takes its gain with it; the promise is kept in full, to one share's rounding."""
    assert [(gift.symbol, gift.acquired) for gift in plan.gifts] == [("XLK", date(2017, 3, 14))]
    assert [flow for flow in plan.flows if flow.kind == "cash gift"] == []


def test_the_banned_fund_is_not_bought_and_its_second_choice_is(plan: Plan) -> None:
    """Energy has to grow and XLE was sold at a loss two weeks ago."""
    bought = {buy.symbol for buy in plan.buys}
    assert "VDE" in bought
    assert "XLE" not in bought
