"""Money that is needed: the cheapest lots and accounts, and the amount after tax."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from optimizer.errors import ContradictoryOrders
from optimizer.household import read_household
from optimizer.problem import Problem
from optimizer.questions.withdraw import withdraw, withdrawal_question
from optimizer.rebalance import rebalance
from tests.random_households import random_household

FOLDER = Path(__file__).resolve().parents[3] / "examples" / "year_end"
TODAY = date(2026, 11, 20)
CLOSE = Decimal("0.06")


def household(**more: Any) -> Problem:
    """One fund, ten lots at rising gains, an IRA, flat rates of 24 and 15 %, no price on later years."""
    lots = [
        {
            "id": f"gain {n}",
            "account": "joint",
            "symbol": "VTI",
            "shares": 10,
            "acquired": TODAY - timedelta(days=800 + n),
            "cost_basis": 1000 - 90 * n,
        }
        for n in range(10)
    ]
    lots.append({"id": "ira", "account": "ira", "symbol": "VTI", "shares": 500})
    parts: dict[str, Any] = {
        "as_of": TODAY,
        "taxpayer": {"year": 2026, "filing_status": "single", "rates": {"ordinary": 0.24, "long_term": 0.15}},
        "owners": [{"id": "ann", "birth_date": date(1980, 5, 1)}],
        "accounts": [{"id": "joint", "kind": "taxable"}, {"id": "ira", "kind": "traditional_ira", "owner": "ann"}],
        "securities": [{"symbol": "VTI", "price": 100, "exposures": {"stocks": 1}}],
        "segments": [
            {"id": "stocks", "target": 1, "trigger": {"lower": 0, "upper": 1}, "destination": {"lower": 0, "upper": 1}},
        ],
        "lots": lots,
        "outlook": {"untaxed_probability": 1, "retirement_rate": 0, "carryforward_value": 0},
    }
    return Problem.from_parts({**parts, **more})


def test_raising_cash_sells_the_lots_of_least_gain_first() -> None:
    """With one rate and nothing else at stake the order by gain per dollar is the optimum, in closed form."""
    answer = withdraw(household(), Decimal(4500), sources=("joint",))
    assert [(sale.lot, sale.proceeds) for sale in answer.plan.sales] == [
        ("gain 4", Decimal(500)),
        ("gain 3", Decimal(1000)),
        ("gain 2", Decimal(1000)),
        ("gain 1", Decimal(1000)),
        ("gain 0", Decimal(1000)),
    ]
    assert answer.added_tax == Decimal("0.15") * (90 + 180 + 270 + 180)


def test_an_ira_before_59_and_a_half_is_grossed_up_by_tax_and_penalty() -> None:
    """Of a dollar 24 cents are tax and 10 cents penalty: 6,600 after tax is 10,000 before it."""
    answer = withdraw(household(), Decimal(6600), net=True, sources=("ira",))
    assert abs(answer.before_tax - 10_000) < Decimal("0.10")
    assert abs(answer.added_tax - 3_400) < Decimal("0.10")


def test_the_runner_up_is_what_the_other_account_costs_more() -> None:
    """2,000 from the lots of least gain owe 13.50; from the IRA, before 59 and a half, 680 and the rest is the difference."""
    answer = withdraw(household(), Decimal(2000))
    assert answer.added_tax == Decimal("13.50")
    assert answer.runner_up == "ira"
    assert answer.runner_up_costs is not None
    assert abs(answer.runner_up_costs - Decimal("666.50")) < Decimal("0.02")
    assert answer.next_lot == f"VTI bought {TODAY - timedelta(days=802)} in joint"
    assert abs((answer.next_lot_costs or 0) - Decimal("0.15") * 180) < Decimal("27.01")


@pytest.mark.parametrize("amount", [Decimal(3000), Decimal(40_000)])
def test_an_amount_after_tax_is_left_and_a_dollar_less_would_not_be(amount: Decimal) -> None:
    """The household ends with what it asked for, by the ledger's tax, and takes no dollar more than that needs."""
    problem = read_household(FOLDER)
    answer = withdraw(problem, amount, net=True)
    tax = answer.plan.tax
    assert answer.after_tax == answer.before_tax - (tax.with_plan.total - tax.without_plan.total)
    assert amount <= answer.after_tax < amount + CLOSE
    less = rebalance(withdrawal_question(problem, answer.before_tax - 1, tuple(r.account for r in answer.sources)), compare=False)
    assert answer.before_tax - 1 - (less.tax.with_plan.total - less.tax.without_plan.total) < amount


def test_other_sources_never_cost_less() -> None:
    """Fewer sources are a narrower question."""
    answer = withdraw(read_household(FOLDER), Decimal(40_000))
    more = [cost for row in answer.sources for cost in (row.without_it_costs, row.alone_costs) if cost is not None]
    assert len(more) == 6
    assert min(more) >= 0


@pytest.mark.parametrize("seed", range(3))
def test_random_withdrawals_leave_in_full_and_sell_no_more_than_leaves(seed: int) -> None:
    """Nothing is bought, and what is sold beyond the money that leaves is what the wash-sale rule takes along."""
    problem = random_household(seed)
    try:
        answer = withdraw(problem, Decimal(7000), net=True)
    except ContradictoryOrders:
        return
    assert abs(answer.after_tax - 7000) < 1
    assert answer.plan.buys == ()
    assert sum(sale.proceeds for sale in answer.plan.sales) <= (answer.plan.scope.max_sales or 0) + 2
    assert answer.plan.certificate.status == "optimal"


def test_another_source_never_makes_the_money_dearer() -> None:
    """Cash in a taxed account does not have to be taken because less would then be sold."""
    problem = read_household(FOLDER)
    alone = withdraw(problem, Decimal(40_000), sources=("her-roth",))
    both = withdraw(problem, Decimal(40_000), sources=("her-roth", "his-ira"))
    assert both.cost <= alone.cost + Decimal("0.01")
    for row in both.sources:
        assert row.without_it_costs is None or row.without_it_costs >= 0
        assert row.alone_costs is None or row.alone_costs >= 0


def test_a_withdrawal_in_whole_shares_is_taxed_as_its_shares_are_and_sells_nothing_elsewhere() -> None:
    """4,550 of an account in whole shares of 100: 46 of them, the four lots of least gain and six shares of the fifth.

    50 of cash stay; the gain is 0 + 90 + 180 + 270 dollars a lot and 6 shares at 36, taxed at 15 %. Beside
    it stands an account with a loss, which no order takes anything from and which stays as it is.
    """
    asked = household()
    accounts = [each.model_dump() | {"share_step": 1} for each in asked.accounts] + [
        {"id": "beside", "kind": "taxable", "share_step": 1, "cash": 900}
    ]
    losing = {"id": "loss", "account": "beside", "symbol": "VTI", "shares": 20, "acquired": date(2024, 1, 5), "cost_basis": 3000}
    problem = household(accounts=accounts, lots=[*(lot.model_dump() for lot in asked.lots), losing])
    answer = withdraw(problem, Decimal(4550), sources=("joint",))
    assert {sale.account for sale in answer.plan.sales} == {"joint"}
    assert sum(sale.shares for sale in answer.plan.sales) == 46
    assert answer.added_tax == Decimal("0.15") * (0 + 90 + 180 + 270 + 6 * 36)
    assert abs(answer.plan.tax.difference) < Decimal("0.01")
