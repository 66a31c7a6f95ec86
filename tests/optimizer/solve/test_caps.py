"""A limit on gains or income is a limit after rounding too: a cent over an edge costs the whole step behind it."""

from decimal import Decimal

import pytest

from optimizer.errors import ContradictoryOrders
from optimizer.problem import Problem
from optimizer.rebalance import rebalance
from tests.random_households import random_household


def _capped(problem: Problem, cap: Decimal) -> Problem:
    return problem.model_copy(update={"wishes": problem.wishes.model_copy(update={"max_net_gain": cap})})


@pytest.mark.parametrize("seed", range(40))
def test_the_net_gain_of_a_plan_in_shares_stays_under_its_limit(seed: int) -> None:
    """Rounding sales up to have the money for a withdrawal must not carry the year over the edge it was to stay under."""
    problem = random_household(seed)
    try:
        free = rebalance(problem, compare=False).tax.with_plan
        cap = (free.short + free.long) - Decimal("750.25")
        held = rebalance(_capped(problem, cap), compare=False).tax.with_plan
    except ContradictoryOrders:
        return
    assert held.short + held.long <= cap + Decimal("0.01")
