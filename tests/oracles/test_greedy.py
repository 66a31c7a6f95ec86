"""The closed form: with flat rates, no bands and cash to raise, lots go in the order of tax per dollar."""

import random
from datetime import date, timedelta

import numpy as np
import pytest

from optimizer.model.assemble import assemble
from optimizer.problem import Lever, Problem
from optimizer.solve.chain import optimum_of

AS_OF = date(2026, 11, 20)


def household_that_needs_cash(seed: int) -> Problem:
    """One taxable account, lots at a gain, gains to date so large that every dollar meets the same two rates."""
    rng = random.Random(seed)
    everything = {"lower": 0, "upper": 1}
    return Problem.from_parts(
        {
            "as_of": AS_OF,
            "taxpayer": {
                "year": 2026,
                "filing_status": "single",
                "rates": {"ordinary": 0.37, "long_term": 0.2},
                "gains": {"short": 10**6, "long": 10**6},
            },
            "accounts": [{"id": "joint", "kind": "taxable"}],
            "securities": [{"symbol": s, "price": 50, "exposures": {"all": 1}} for s in "ABC"],
            "segments": [{"id": "all", "target": 1, "trigger": everything, "destination": everything}],
            "lots": [
                {
                    "id": f"L{n}",
                    "account": "joint",
                    "symbol": rng.choice("ABC"),
                    "shares": rng.randint(10, 500),
                    "cost_basis": 1,
                    "acquired": AS_OF - timedelta(rng.choice([40, 300, 366, 2000])),
                }
                | {"cost_basis": rng.randint(10, 400)}
                for n in range(30)
            ],
            "withdrawals": [{"amount": rng.randint(1_000, 100_000), "sources": ["joint"]}],
            "outlook": {"location_years": 0, "drift_cost": 0, "untaxed_probability": rng.choice([0, 0.5, 1])},
        }
    )


@pytest.mark.parametrize("seed", range(30))
def test_lots_are_sold_in_the_order_of_tax_per_dollar(seed: int) -> None:
    """A preparer with a sorted list must come to the same sales; anything else would be an error of the model."""
    problem = household_that_needs_cash(seed)
    model = assemble(problem)
    optimum = optimum_of(model, frozenset(Lever))
    assert optimum is not None
    lots = model.axes.lots
    rate = np.where(lots.is_short, 0.37, 0.2) - model.prices.future_gain
    per_dollar = lots.gain_ratio * rate
    expected, left = np.zeros(len(per_dollar)), float(problem.withdrawals[0].amount)
    for lot in np.argsort(per_dollar, kind="stable"):
        expected[lot] = min(left, lots.value[lot])
        left -= expected[lot]
    assert abs(float(per_dollar @ expected) - float(per_dollar @ optimum.amounts.sold)) < 0.01
    assert abs(optimum.amounts.sold.sum() - expected.sum()) < 0.01
