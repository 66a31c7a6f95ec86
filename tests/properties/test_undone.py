"""The bound in money holds for every plan that leaves no more outside its bands, whatever the price of a band is."""

import random
from decimal import Decimal

import pytest

from lots.units import ZERO
from optimizer.errors import ContradictoryOrders
from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.rebalance import rebalance
from tests.random_households import random_household

CENT = Decimal("0.01")
ROUNDED = Decimal(2)
"""Dollars that rounding to thousandths of shares may move."""


def hemmed_in(seed: int) -> Problem:
    """A household that may trade too little for its bands."""
    problem = random_household(seed)
    share = Decimal(random.Random(seed).choice(["0.02", "0.05", "0.4"]))
    wishes = problem.wishes.model_copy(update={"max_turnover_share": share})
    return problem.model_copy(update={"wishes": wishes})


def otherwise(problem: Problem, rng: random.Random) -> Problem:
    """The same question with some lots kept, every plan of which is a plan of the question itself."""
    kept = {lot.id for lot in problem.lots if rng.random() < 0.15} | set(problem.wishes.keep_lots)
    return problem.model_copy(update={"wishes": problem.wishes.model_copy(update={"keep_lots": tuple(sorted(kept))})})


def planned(problem: Problem) -> Plan | None:
    """The plan, or None where the orders collide."""
    try:
        return rebalance(problem, compare=False)
    except ContradictoryOrders:
        return None


def test_no_other_plan_that_leaves_no_more_outside_costs_less_money() -> None:
    """Objective and bound are one sum; taken apart, each part is stated as it is and the bound of the money still holds."""
    missed, compared = 0, 0
    for seed in range(20):
        problem, rng = hemmed_in(seed), random.Random(seed)
        plan = planned(problem)
        if plan is None:
            continue
        proof, outside = plan.certificate, sum((row.breach for row in plan.bands), ZERO)
        missed += proof.undone.outside > 1
        assert proof.undone_rounded.priced == plan.cost.breach + plan.cost.idle_cash
        assert outside == pytest.approx(proof.undone_rounded.outside, abs=Decimal("0.05"))
        for _ in range(2):
            other = planned(otherwise(problem, rng))
            if other is not None and other.certificate.undone.priced <= proof.undone.priced + CENT:
                compared += 1
                assert other.money >= proof.bound - proof.undone.priced - ROUNDED
    assert missed >= 8
    assert compared >= 8
