"""A search ended by its clock: the plan is a plan, and nothing costs less than the bound that is stated beside it."""

from decimal import Decimal
from itertools import pairwise
from time import monotonic

import pytest

from optimizer.errors import ContradictoryOrders, OutOfTime
from optimizer.model.assemble import Model, assemble
from optimizer.plan import Plan
from optimizer.problem import Lever
from optimizer.rebalance import plan_model
from optimizer.solve.chain import optimum_of
from optimizer.solve.session import TIME_LIMIT, session_of
from optimizer.solve.solvers import solve, solving_until
from tests.large_households import large_household
from tests.random_households import random_household
from tests.random_incomes import random_income

LEVERS = frozenset(Lever)
CENT = Decimal("0.01")
LIMITS = (0.0, 0.002, 0.005, 0.01, 0.02, 0.04)


def ended(model: Model, seconds: float) -> Plan | None:
    """The plan within a limit; None where there is none in time."""
    try:
        return plan_model(model, False, seconds)
    except OutOfTime:
        return None


@pytest.mark.parametrize("kind", ["flat rates", "whole return"])
def test_the_bound_of_a_search_cut_short_holds(kind: str) -> None:
    """No plan costs less than it, the best one neither, and the best plan found is no better than the best there is."""
    found = 0
    for seed in range(12):
        model = assemble(random_household(seed) if kind == "flat rates" else random_income(seed))
        best = optimum_of(model, LEVERS)
        for seconds in LIMITS:
            try:
                cut = optimum_of(model, LEVERS, seconds)
            except OutOfTime:
                continue
            assert (cut is None) == (best is None), seed
            if cut is None or best is None:
                continue
            found += 1
            assert cut.bound <= best.objective + 0.01, (seed, seconds)
            assert cut.objective >= best.bound - 0.01, (seed, seconds)
            assert all(case.solved.bound >= cut.bound for case in cut.cases), (seed, seconds)
    assert found > 20


def test_a_large_search_cut_short_says_so_and_its_bounds_agree() -> None:
    """Plans for more and more time: none costs less than the bound of any other."""
    model = assemble(large_household(600))
    plans = [plan for plan in (ended(model, seconds) for seconds in (0.05, 0.2, 0.6)) if plan is not None]
    proofs = [plan.certificate for plan in plans]
    assert proofs[0].status == "gap"
    for one in proofs:
        assert one.status == ("optimal" if one.gap <= CENT else "gap")
        assert one.ended_by == ("proof" if one.status == "optimal" else "time")
        assert one.time_limit is not None
        assert abs(one.objective - one.bound - one.gap) <= 2 * CENT
        assert all(one.bound <= other.objective + CENT for other in proofs)
    assert all(later.bound >= earlier.bound - 1 for earlier, later in pairwise(proofs))


def test_a_limit_spent_before_a_solve_ends_it() -> None:
    """What is left may be nothing or less; the solver is then stopped, and works as ever once the limit is gone."""
    model = assemble(large_household(600))
    model.choose(model.cases[0], LEVERS)
    with solving_until(model, monotonic() - 1):
        cut = solve(model)
    assert (cut.status, cut.amounts) == (TIME_LIMIT, None)
    session = session_of(model.program, model.costs)
    assert session is not None
    assert session.until is None
    assert solve(model).amounts is not None


def test_no_plan_in_time_is_not_called_a_contradiction() -> None:
    """Whether orders collide takes a solve to know."""
    model = assemble(large_household(600))
    with pytest.raises(OutOfTime, match="0 seconds"):
        plan_model(model, False, 0.0)


def test_a_contradiction_is_still_named_with_a_limit() -> None:
    """A limit that suffices changes nothing."""
    problem = large_household(100)
    beyond = problem.withdrawals[0].model_copy(update={"amount": Decimal(10) ** 9})
    with pytest.raises(ContradictoryOrders):
        plan_model(assemble(problem.model_copy(update={"withdrawals": (beyond,)})), False, 30.0)
