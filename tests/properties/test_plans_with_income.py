"""What holds for every plan on a whole return, tried on random households across statuses, brackets and years."""

import random
from decimal import Decimal
from itertools import pairwise

import pytest

from lots.law import load_law
from optimizer.errors import ContradictoryOrders
from optimizer.model.assemble import assemble
from optimizer.model.own_year import least_return
from optimizer.problem import Lever
from optimizer.rebalance import rebalance
from optimizer.solve.branch import solve_with_wash_rule
from optimizer.solve.chain import optimum_of
from tests.random_incomes import random_income

PLANS, BATCHES = 240, 12
CENT = Decimal("0.01")


@pytest.mark.parametrize("batch", range(BATCHES))
def test_solver_and_return_agree_on_every_plan(batch: int) -> None:
    """The plan's tax is the law's whole return of what the ledger says; the model knew it to the dollar, and proved its plan."""
    planned = gaps = 0
    for seed in range(batch, PLANS, BATCHES):
        problem = random_income(seed)
        try:
            plan = rebalance(problem, compare=False)
        except ContradictoryOrders:
            continue
        planned += 1
        tax = plan.tax.with_plan
        assert abs(plan.tax.difference) <= 1, seed
        if plan.certificate.status == "gap":  # losses that the ledger gives to a sheltered account, and nothing else
            assert 1 < plan.certificate.gap <= -plan.certificate.bound * Decimal("0.07"), seed
            gaps += 1
        assert abs(plan.certificate.rounding) <= 5, seed
        assert tax.total == tax.other_tax + tax.gains_tax + tax.withdrawal_tax + tax.penalty - tax.deduction_saves
        law = load_law(problem.taxpayer.year)
        assert plan.tax.without_plan.total == least_return(problem.taxpayer.filer(), law).exact_total.quantize(CENT)
    assert planned > 10
    assert gaps <= 2


@pytest.mark.parametrize("seed", range(12))
def test_a_case_that_is_ruled_out_holds_no_better_plan(seed: int) -> None:
    """Most cases are never solved; solving every one of them finds nothing better."""
    model = assemble(random_income(seed))
    levers = frozenset(Lever)
    optimum = optimum_of(model, levers)
    found = []
    for case in model.cases:
        model.choose(case, levers)
        found.append(solve_with_wash_rule(model).objective)
    assert optimum is not None
    assert abs(min(found) - optimum.objective) < 0.01


@pytest.mark.parametrize("seed", range(20))
def test_adding_a_lever_never_raises_cost(seed: int) -> None:
    """A lever only takes bounds away, whatever the schedule."""
    model = assemble(random_income(seed))
    order = random.Random(seed).sample(list(Lever), len(Lever))
    costs = []
    for count in range(len(order) + 1):
        optimum = optimum_of(model, frozenset(order[:count]))
        costs.append(float("inf") if optimum is None else optimum.objective)
    assert all(after <= before + 0.01 for before, after in pairwise(costs)), (order, costs)


@pytest.mark.parametrize("seed", range(16))
def test_what_a_wider_question_told_changes_no_optimum(seed: int) -> None:
    """A ladder hands prices and bounds down from rung to rung; each rung costs and is bounded as if nothing had been known."""
    model = assemble(random_income(seed))
    order = random.Random(seed).sample(list(Lever), len(Lever))
    wider = optimum_of(model, frozenset(order))
    for count in reversed(range(len(order))):
        if wider is None:
            break
        alone, told = (optimum_of(model, frozenset(order[:count]), wider=known) for known in (None, wider))
        assert (alone is None) == (told is None)
        if alone is not None and told is not None:
            assert abs(alone.objective - told.objective) < 0.01
            assert told.gap <= 0.01
            assert told.bound >= wider.bound - 0.01
        wider = told
