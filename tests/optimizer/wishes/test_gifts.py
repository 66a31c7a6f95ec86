"""A gift straight from an IRA is neither income nor a deduction, within the law's age and limit."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from optimizer.check import faults_of
from optimizer.errors import ContradictoryOrders
from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.rebalance import rebalance
from tests.wish_households import household, lot

TARGETS = {"red": 0.5, "blue": 0.5}
LOTS = [lot("red", "RED", 100_000, 100_000, account="ira"), lot("blue", "BLUE", 100_000, 100_000)]


def giver(amount: float, sources: list[str], **parts: Any) -> Problem:
    """A household that does not itemise, whose owner of an IRA is 76, with a gift."""
    rates = {"ordinary": 0.3, "long_term": 0.15, "deduction": 0}
    taxpayer = {"year": 2026, "filing_status": "single", "rates": rates}
    return household(LOTS, TARGETS, **({"taxpayer": taxpayer, "donations": [{"amount": amount, "sources": sources}]} | parts))


def plan(problem: Problem) -> Plan:
    """The plan without the comparison."""
    return rebalance(problem, compare=False)


def test_who_does_not_itemise_gives_from_the_ira_and_the_tax_stays() -> None:
    """Cash from the joint account would be worth nothing; pre-tax dollars given away are never taxed at 30 per cent: 3,000."""
    answer = plan(giver(10_000, ["joint", "ira"]))
    (gift,) = [row for row in answer.flows if row.kind == "cash gift"]
    assert (gift.account, gift.amount, gift.taxable) == ("ira", Decimal(10_000), 0)
    assert (answer.tax.with_plan.total, answer.tax.with_plan.deduction) == (0, 0)
    assert answer.cost.flow_tax == Decimal("-3000.00")
    assert answer.tax.difference == 0


def test_who_deducts_at_more_than_the_ira_will_cost_gives_from_the_taxable_account() -> None:
    """A deduction at 40 per cent beats a later tax of 30."""
    rates = {"ordinary": 0.4, "long_term": 0.15, "deduction": 0.4}
    taxpayer = {"year": 2026, "filing_status": "single", "rates": rates}
    outlook = {"untaxed_probability": 1, "location_years": 0, "carryforward_value": 0, "retirement_rate": 0.3}
    answer = plan(giver(10_000, ["joint", "ira"], taxpayer=taxpayer, outlook=outlook))
    assert {row.account for row in (*answer.gifts, *answer.flows)} == {"joint"}
    assert answer.tax.with_plan.deduction == 10_000


def test_the_limit_of_2026_for_one_owner_is_111_000_less_what_was_given_before() -> None:
    """Notice 2025-67. With 100,000 given, 11,000 more go straight; the rest comes from the taxable account."""
    owners = [{"id": "she", "birth_date": date(1950, 1, 1), "charitable_distributions": 100_000}]
    answer = plan(giver(20_000, ["joint", "ira"], owners=owners))
    given = {row.account: row.amount for row in answer.flows if row.kind == "cash gift"}
    assert given["ira"] == 11_000
    assert sum(row.value for row in answer.gifts) + given.get("joint", Decimal(0)) == pytest.approx(Decimal(9_000), abs=1)
    with pytest.raises(ContradictoryOrders) as refusal:
        plan(giver(20_000, ["ira"], owners=owners))
    assert any("the law's limit" in order for order in refusal.value.orders)


@pytest.mark.parametrize(("born", "fault"), [("1956-05-20", False), ("1956-05-21", True)])
def test_the_owner_has_to_have_reached_seventy_and_a_half(born: str, fault: bool) -> None:
    """Six months after the seventieth birthday: who was born on 20 May 1956 is 70 1/2 on 20 November 2026."""
    owners = [{"id": "she", "birth_date": date.fromisoformat(born)}]
    faults = faults_of(giver(1_000, ["ira"], owners=owners))
    assert bool(faults) is fault


def test_with_a_stated_income_the_return_agrees_and_adjusted_gross_income_does_not_rise() -> None:
    """The whole return of somebody of 76 with a pension: the gift changes no line of it."""
    income = {"age": 76, "pensions": 60_000}
    taxpayer = {"year": 2026, "filing_status": "single", "income": income}
    answer = plan(giver(10_000, ["ira"], taxpayer=taxpayer))
    assert answer.tax.with_plan.total == answer.tax.without_plan.total
    assert abs(answer.tax.difference) <= Decimal("0.01")
