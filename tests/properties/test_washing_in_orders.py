"""Shares bought lately in a shelter wash the earliest lots sold at a loss, orders chosen or not; a limit counts the rest."""

from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.rebalance import rebalance


def household(seed: int) -> dict[str, Any]:
    """Lots at a loss whose earliest lose most, some of the fund bought lately in an IRA that stays, and a limit on sales."""
    rng = Random(seed)
    price, far = rng.randint(40, 90), rng.randint(100, 200)
    lots = []
    for n, (year, ratio) in enumerate(((2021, 1.2), (2023, 1.1), (2025, 1.04))):
        shares = rng.randint(40, 120)
        basis = round(shares * price * ratio * rng.uniform(1, 1.02), 2)
        day = date(year, rng.randint(1, 10), 3)
        lots.append({"id": f"M{n}", "account": "joint", "symbol": "MINE", "shares": shares, "acquired": day, "cost_basis": basis})
    kept = rng.randint(10, 70)
    lots += [
        {"id": "R", "account": "ira", "symbol": "MINE", "shares": kept, "acquired": date(2026, 11, 3), "cost_basis": 100},
        {"id": "G", "account": "joint", "symbol": "FAR", "shares": 200, "acquired": date(2020, 1, 2), "cost_basis": 9_000},
    ]
    band = {"lower": 0.4, "upper": 0.6}
    return {
        "as_of": date(2026, 11, 20),
        "taxpayer": {
            "year": 2026,
            "filing_status": "mfj",
            "rates": {"ordinary": 0.3, "long_term": 0.2},
            "gains": {"short": 1_200},
        },
        "owners": [{"id": "he", "birth_date": date(1960, 5, 1)}],
        "accounts": [
            {
                "id": "joint",
                "kind": "taxable",
                "cash": 100,
                "max_sold": rng.randint(9_000, 15_000),
                "ticket_fee": rng.choice([0, 5]),
            },
            {"id": "ira", "kind": "traditional_ira", "owner": "he", "cash": 50},
        ],
        "securities": [
            {"symbol": "MINE", "price": price, "exposures": {"near": 1}, "half_spread": 1},
            {"symbol": "TWIN", "price": 31.5, "exposures": {"near": 1}, "half_spread": 1},
            {"symbol": "FAR", "price": far, "exposures": {"far": 1}, "half_spread": 1},
        ],
        "segments": [{"id": name, "target": 0.5, "trigger": band, "destination": band} for name in ("near", "far")],
        "lots": lots,
        "wishes": {
            "min_holding_days": 60,
            "max_net_gain": rng.choice([800, 1_000]),
            "min_trade": rng.choice([200, 1_500]),
            "max_orders": rng.choice([None, 4, 8]),
        },
    }


def _net(plan: Plan) -> Decimal:
    return plan.tax.with_plan.short + plan.tax.with_plan.long


@pytest.mark.parametrize("seed", range(16))
def test_what_is_washed_is_the_ledgers_order_when_orders_are_chosen(seed: int) -> None:
    """The ledger washes the earliest lot, which loses most here; a plan that counts on another one breaks its limit on gains."""
    raw = household(seed)
    problem = Problem.from_parts(raw)
    plan = rebalance(problem, compare=False)
    assert abs(plan.tax.difference) <= 1, plan.tax.difference
    assert problem.wishes.max_net_gain is not None
    assert _net(plan) <= problem.wishes.max_net_gain + Decimal("0.01")


@pytest.mark.parametrize("wish", [{"min_trade": 100}, {"max_orders": 12}])
def test_orders_are_chosen_where_nothing_may_be_bought(wish: dict[str, Any]) -> None:
    """Without one purchase to choose the plan still sells; and a household that may do neither has a plan, too."""
    raw = household(0)
    raw["accounts"][0]["ticket_fee"], raw["wishes"] = 5, wish | {"do_not_buy": ["MINE", "TWIN", "FAR"]}
    plan = rebalance(Problem.from_parts(raw), compare=False)
    assert plan.sales
    assert not plan.buys
    raw["wishes"]["do_not_sell"] = ["MINE", "TWIN", "FAR"]
    still = rebalance(Problem.from_parts(raw), compare=False)
    assert (still.sales, still.buys, still.certificate.status) == ((), (), "optimal")


def test_the_households_tried_are_washed_and_bound() -> None:
    """Some of these plans wash a loss, and some would gain more than they may without the limit."""
    washed = bound = 0
    for seed in range(16):
        raw = household(seed)
        plan = rebalance(Problem.from_parts(raw), compare=False)
        washed += any(sale.disallowed_loss for sale in plan.sales)
        raw["wishes"]["max_net_gain"] = None
        free = rebalance(Problem.from_parts(raw), compare=False)
        bound += _net(free) > _net(plan) + 1
    assert washed >= 8, washed
    assert bound >= 1, bound
