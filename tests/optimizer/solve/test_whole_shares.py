"""Whole shares: the plan in them against every way of spending the cash, on accounts small enough to try all."""

from datetime import date
from decimal import Decimal
from itertools import product
from random import Random

import pytest

from optimizer.problem import Problem
from optimizer.rebalance import rebalance

TARGETS = {"red": 0.5, "green": 0.3, "blue": 0.2}


def household(seed: int) -> Problem:
    """One account in whole shares with some cash, three funds, a few shares held."""
    rng = Random(seed)
    funds = [{"symbol": g, "price": round(rng.uniform(20, 200), 2), "exposures": {g: 1}} for g in TARGETS]
    return Problem.from_parts(
        {
            "as_of": date(2026, 11, 20),
            "taxpayer": {"year": 2026, "filing_status": "single", "rates": {"ordinary": 0.3, "long_term": 0.2}},
            "accounts": [{"id": "roth", "kind": "roth_ira", "cash": rng.randint(200, 900), "share_step": 1}],
            "securities": funds,
            "segments": [
                {
                    "id": g,
                    "target": t,
                    "trigger": {"lower": t * 0.7, "upper": min(1, t * 1.3)},
                    "destination": {"lower": t * 0.8, "upper": min(1, t * 1.2)},
                }
                for g, t in TARGETS.items()
            ],
            "lots": [
                {"id": g, "account": "roth", "symbol": g, "shares": rng.randint(1, 6), "acquired": date(2020, 1, 2)}
                for g in TARGETS
            ],
            "wishes": {"do_not_sell": list(TARGETS)},
            "outlook": {"drift_cost": 0.01, "location_years": 0},
        }
    )


def cost(problem: Problem, shares: tuple[int, ...]) -> float:
    """Dollars outside the bands at their price, idle cash at its own, dollars away from target at theirs."""
    prices = [float(s.price) for s in problem.securities]
    held = [float(lot.shares) * price for lot, price in zip(problem.lots, prices, strict=True)]
    cash = float(problem.accounts[0].cash)
    total = sum(held) + cash
    after = [value + count * price for value, count, price in zip(held, shares, prices, strict=True)]
    left = cash - sum(count * price for count, price in zip(shares, prices, strict=True))
    if left < 0.01:
        return float("inf")
    dollars = left
    for segment, before, value in zip(problem.segments, held, after, strict=True):
        target = float(segment.target) * total
        inside = segment.trigger.lower <= Decimal(before / total) <= segment.trigger.upper
        band = segment.trigger if inside else segment.destination
        dollars += 4 * max(0, float(band.lower) * total - value, value - float(band.upper) * total) + 0.01 * abs(value - target)
    return dollars


@pytest.mark.parametrize("seed", range(25))
def test_no_other_number_of_shares_is_better(seed: int) -> None:
    """Rounding an optimum down leaves cash idle and bands missed that one share more would cure."""
    problem = household(seed)
    plan = rebalance(problem, compare=False)
    bought = {row.symbol: row.shares for row in plan.buys}
    assert all(shares == int(shares) for shares in bought.values())
    own = cost(problem, tuple(int(bought.get(s.symbol, 0)) for s in problem.securities))
    most = [int(problem.accounts[0].cash / s.price) for s in problem.securities]
    best = min(cost(problem, counts) for counts in product(*(range(n + 1) for n in most)))
    assert own <= best + 0.05


def test_a_lot_with_an_odd_part_is_sold_in_whole_shares_or_whole() -> None:
    """Nobody can sell a third of a share where the broker trades whole ones; the odd part goes with the last share."""
    problem = household(1)
    lots = tuple(lot.model_copy(update={"shares": Decimal("5.372")}) for lot in problem.lots)
    selling = problem.model_copy(update={"lots": lots, "wishes": problem.wishes.model_copy(update={"do_not_sell": ()})})
    withdrawal = Problem.from_parts(
        selling.model_dump(exclude={"withdrawals", "owners", "accounts"})
        | {
            "owners": [{"id": "she", "birth_date": date(1950, 1, 1)}],
            "accounts": [selling.accounts[0].model_dump() | {"owner": "she"}],
            "withdrawals": [{"amount": selling.accounts[0].cash + 150, "sources": ["roth"]}],
        }
    )
    plan = rebalance(withdrawal, compare=False)
    assert plan.sales
    assert all(row.shares == int(row.shares) or row.shares == Decimal("5.372") for row in plan.sales)
