"""Plans within a tracking error against whole enumeration: every name sold or bought, every tax case, another solver."""

from datetime import date
from itertools import product

import cvxpy as cp
import numpy as np
import pytest

from lots.dates import is_long_term
from optimizer.model.blocks.costs import FEWER_TRADES
from optimizer.problem import Problem
from optimizer.rebalance import rebalance
from tests.index_files import File, covariance_of, index_file, index_problem, tracking_error, trades_of

LOSS_LIMIT = 3000.0
RATES = 0.408, 0.238


def least_cost(file: File, limit: float, short_gain: float) -> float:
    """The least tax and trading cost by enumeration of signs and tax cases, each a conic program written anew."""
    price = {s["symbol"]: s["price"] for s in file["securities"]}
    symbols = list(price)
    owner = np.array([symbols.index(lot["symbol"]) for lot in file["lots"]])
    value = np.array([lot["shares"] * price[lot["symbol"]] for lot in file["lots"]])
    gain = np.array([1 - lot["basis_per_share"] / price[lot["symbol"]] for lot in file["lots"]])
    is_long = np.array([is_long_term(_day(lot["acquired"]), _day(file["as_of"])) for lot in file["lots"]])
    total = float(value.sum()) + file["cash"]
    target = np.array([s["target_weight"] for s in file["securities"]]) * total
    root = np.linalg.cholesky(covariance_of(file)).T
    sum_up = (owner[None, :] == np.arange(len(symbols))[:, None]).astype(float)
    sold, bought, is_sold = (
        cp.Variable(len(value), nonneg=True),
        cp.Variable(len(symbols), nonneg=True),
        cp.Parameter(len(symbols)),
    )
    short = short_gain + (gain * ~is_long) @ sold
    long = (gain * is_long) @ sold
    traded = cp.sum(sold) + cp.sum(bought)
    cost = 3e-4 * traded
    idle = file["cash"] + cp.sum(sold) - cp.sum(bought) - cost
    rules = [
        sold <= cp.multiply(value, (sum_up.T @ is_sold)),
        bought <= total * (1 - is_sold),
        idle >= 0,
        cp.norm(root @ (sum_up @ (value - sold) + bought - target)) <= limit * total,
    ]
    ordinary, lower = RATES
    no_long = cp.maximum(ordinary * (short + long), -LOSS_LIMIT * ordinary)
    some_long = cp.maximum(lower * (short + long), 0) + (ordinary - lower) * cp.pos(short)
    programs = [cp.Problem(cp.Minimize(tax + cost + FEWER_TRADES * traded + idle), rules) for tax in (no_long, some_long)]
    best = np.inf
    for signs in product((0.0, 1.0), repeat=len(symbols)):
        is_sold.value = np.array(signs)
        for program in programs:
            found = program.solve(solver=cp.CLARABEL)
            best = min(best, float(found) if found is not None else np.inf)
    return best


def _day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(("seed", "short_gain"), [(1, 0.0), (2, 30_000.0), (3, 90_000.0)])
def test_a_plan_within_a_tracking_error_is_the_best_of_all_signs_and_cases(seed: int, short_gain: float) -> None:
    """With large gains to shelter, losses are worth a purchase foregone, and the wash rule decides the plan."""
    file = index_file(5, 2, seed, factors=2)
    limit = 0.4 * tracking_error(file, [])
    expected = least_cost(file, limit, short_gain)
    plan = rebalance(problem(file, short_gain, limit), compare=False)
    certificate = plan.certificate
    assert float(certificate.bound) <= expected + 0.01
    assert float(certificate.objective) == pytest.approx(expected, abs=0.05)
    assert float(certificate.gap) < 0.05
    assert float(plan.cost.total) == pytest.approx(expected, abs=2.0)


def problem(file: File, short_gain: float, limit: float) -> Problem:
    """The file's question with a limit on tracking error."""
    return index_problem(file, short_gain=short_gain, max_tracking_error=limit)


def test_plans_keep_the_limit_and_state_it() -> None:
    """After rounding, worked out from the trades alone."""
    file = index_file(40, 3, 9)
    limit = 0.25 * tracking_error(file, [])
    for step in ("0.0001", "1"):
        plan = rebalance(index_problem(file, share_step=step, max_tracking_error=limit), compare=False)
        assert plan.tracking is not None
        found = tracking_error(file, trades_of(plan))
        assert found <= limit
        assert float(plan.tracking.error_after or 0) == pytest.approx(found, abs=1e-7)
        assert not {row.symbol for row in plan.sales} & {row.symbol for row in plan.buys}
        assert all(row.after >= 0 for row in plan.cash)
        assert abs(plan.tax.difference) < 1 or step == "1"
