"""Steps taken after rounding leave every account's cash at or above nothing, however many they are."""

from dataclasses import replace

import pytest

from lots.units import to_float
from optimizer.rebalance import prepare, rebalance, solved
from optimizer.solve.nearer import nearer
from optimizer.solve.off_benchmark import change_of
from optimizer.solve.rounding import closing_cash
from tests.index_files import index_file, index_problem, tracking_error

FILE = index_file(40, 2, 3)


@pytest.mark.parametrize("step", ["0.0001", "0.1", "1"])
def test_sales_made_in_steps_pay_for_what_they_cost(step: str) -> None:
    """A thousand steps towards a limit far out of reach sell more, and each sale costs its spread."""
    limit = 0.25 * tracking_error(FILE, [])
    model = prepare(index_problem(FILE, share_step=step, max_tracking_error=limit))
    orders = solved(model).orders
    assert model.tracking is not None
    stepped = nearer(replace(model, tracking=replace(model.tracking, budget=limit / 10)), orders)
    assert min(closing_cash(model.problem, stepped)) >= 0
    before, after = (model.tracking.error(change_of(model, each)) for each in (orders, stepped))
    assert after < before
    sold = [sum(to_float(sale.shares) for sale in each.sales) for each in (orders, stepped)]
    assert sold[0] != sold[1]


def test_spare_cash_of_many_steps_is_counted_to_the_cent() -> None:
    """Every order is rounded to the cent: hundreds of them, each grown once, must not overdraw the account together."""
    for seed in range(3, 7):
        file = index_file(120, 2, seed)
        plan = rebalance(index_problem(file, max_tracking_error=0.1 * tracking_error(file, [])), compare=False)
        assert all(0 <= row.after < 1 for row in plan.cash)
