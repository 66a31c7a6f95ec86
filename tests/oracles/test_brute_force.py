"""Two thousand tiny households against every combination of a grid of trades."""

import random
from datetime import date, timedelta

import numpy as np
import pytest

from optimizer.model.assemble import Model, assemble
from optimizer.problem import Lever, Problem
from optimizer.rebalance import plan_model
from optimizer.solve.chain import Optimum, optimum_of
from tests.oracles.brute_force import Tiny, best_on_grid, cost_of_plans

AS_OF = date(2026, 11, 20)
HOUSEHOLDS, BATCHES = 2_000, 40


def tiny_household(seed: int) -> Problem:
    """Two or three segments with one or two funds each, at most six lots, a taxable account and perhaps a Roth account."""
    rng = random.Random(seed)
    names = ["red", "green", "blue"][: rng.choice([2, 2, 3])]
    funds = [(g, which) for g in names for which in ("A", "B")][: 4 if len(names) == 2 else 3]
    if len(names) == 3:
        funds = [(g, "A") for g in names]
    accounts = [{"id": "joint", "kind": "taxable", "cash": rng.choice([0, 500])}]
    if rng.random() < 0.5:
        accounts.append({"id": "roth", "kind": "roth_ira", "owner": "she", "cash": 100, "contribution_room": 9000})
    weights = [1 / len(names)] * len(names)
    width = rng.choice([0.05, 0.2, 0.6])
    both = [a["id"] for a in accounts]
    flow = rng.choice(["none", "contribution", "withdrawal", "gift"])
    return Problem.from_parts(
        {
            "as_of": AS_OF,
            "taxpayer": {
                "year": 2026,
                "filing_status": rng.choice(["single", "mfs"]),
                "rates": {"ordinary": 0.4, "long_term": 0.2},
                "gains": {"short": rng.choice([0, 4000]), "long": rng.choice([0, -5000, 3000])},
            },
            "owners": [{"id": "she", "birth_date": date(1950, 1, 1)}],
            "accounts": accounts,
            "securities": [
                {"symbol": g + w, "price": rng.choice([10, 40]), "exposures": {g: 1}, "half_spread": rng.choice([0, 5])}
                for g, w in funds
            ],
            "segments": [
                {
                    "id": g,
                    "target": t,
                    "trigger": {"lower": t * (1 - width), "upper": t * (1 + width)},
                    "destination": {"lower": t * (1 - width / 2), "upper": t * (1 + width / 2)},
                }
                for g, t in zip(names, weights, strict=True)
            ],
            "lots": [_lot(rng, n, funds, both) for n in range(rng.randint(2, 6 if len(both) == 1 else 5))],
            "contributions": [{"amount": 800, "into": both}] if flow == "contribution" else [],
            "withdrawals": [{"amount": 700, "sources": both}] if flow == "withdrawal" else [],
            "donations": [{"amount": 600, "sources": ["joint"]}] if flow == "gift" else [],
            "outlook": {"location_years": 0, "carryforward_value": rng.choice([0, 0.1]), "drift_cost": rng.choice([0, 0.002])},
        }
    )


def _lot(rng: random.Random, number: int, funds: list[tuple[str, str]], accounts: list[str]) -> dict[str, object]:
    segment, which = rng.choice(funds)
    shares = rng.randint(20, 200)
    return {
        "id": f"L{number}",
        "account": rng.choice(accounts),
        "symbol": segment + which,
        "shares": shares,
        "cost_basis": shares * rng.choice([4, 9, 12, 30, 50]),
        "acquired": AS_OF - timedelta(rng.choice([10, 30, 31, 365, 366, 900])),
    }


def as_dollars(model: Model, optimum: Optimum) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The plan in the oracle's words: sold, bought, moved and given."""
    axes, amounts = model.axes, optimum.amounts
    bought = np.zeros((1, axes.n_accounts, axes.n_securities))
    np.add.at(bought[0], (axes.buy_account, axes.buy_security), amounts.bought)
    moved, given = np.zeros((1, axes.n_accounts)), np.zeros((1, axes.n_lots))
    np.add.at(moved[0], axes.contributions.account, amounts.contributed)
    np.add.at(moved[0], axes.withdrawals.account, -amounts.withdrawn)
    np.add.at(moved[0], axes.cash_gifts.account, -amounts.cash_given)
    np.add.at(given[0], axes.gifts.lot, amounts.given)
    return amounts.sold[None], bought, moved, given


def _is_stated(model: Model, own: float, optimum: Optimum) -> None:
    """A plan that costs more than the program counts washes a loss into a sheltered account, and its certificate says so."""
    proof = plan_model(model, False).certificate
    assert (proof.status, proof.ended_by) == ("gap", "washing")
    assert abs(float(proof.objective) - own) < 0.02
    assert abs(float(proof.gap) - (own - optimum.bound)) < 0.02


@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_combination_of_a_grid_beats_the_plan(batch: int) -> None:
    """The claim of the product on problems small enough to try everything; the plan itself is priced by the oracle too."""
    closest = np.inf
    for seed in range(batch, HOUSEHOLDS, BATCHES):
        problem = tiny_household(seed)
        model = assemble(problem)
        optimum = optimum_of(model, frozenset(Lever))
        tiny = Tiny(problem)
        if optimum is None:
            assert best_on_grid(tiny) == np.inf, (seed, "orders called contradictory, yet the grid carries them out")
            continue
        sold, bought, moved, given = as_dollars(model, optimum)
        own = float(cost_of_plans(tiny, sold.round(7), bought.round(7), moved, given)[0])
        if own > optimum.objective + 0.01:
            _is_stated(model, own, optimum)
        assert own > optimum.objective - 0.01, (seed, own, optimum.objective)
        assert optimum.gap <= 0.01, seed
        grid = best_on_grid(tiny)
        assert grid >= optimum.bound - 0.01, (seed, grid, optimum.bound)
        closest = min(closest, grid - optimum.objective)
    assert closest < 1_000, "no grid came near its plan, so the grid tests nothing"
