"""Families answered one by one at shared prices: the same optimum as branching alone finds, and bounds no plan goes below."""

import numpy as np
import pytest

from optimizer.model.assemble import Model
from optimizer.problem import Problem
from optimizer.rebalance import prepare, rebalance
from optimizer.solve import branch
from optimizer.solve.chain import Optimum, optimum_of
from optimizer.solve.family_blocks import FamilyBlocks, family_blocks_of
from optimizer.solve.solvers import solve
from optimizer.solve.wash_questions import settled_by
from tests.large_households import large_household


def optimum(problem: Problem) -> tuple[Model, Optimum]:
    model = prepare(problem)
    found = optimum_of(model, frozenset(problem.levers))
    assert found is not None
    return model, found


@pytest.mark.parametrize("seed", range(10))
def test_families_and_branching_alone_find_the_same(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether or not families are priced, the plan costs the same and no bound lies above it."""
    problem = large_household(90, seed, n_segments=4, funds_each=3, lately=0.08)
    _, priced = optimum(problem)
    monkeypatch.setattr(branch, "family_blocks_of", lambda model: None)
    monkeypatch.setattr(branch, "FEW", 1_000)
    _, branched = optimum(problem)
    assert priced.objective == pytest.approx(branched.objective, abs=0.05)
    assert priced.bound <= branched.objective + 0.01
    assert priced.gap < 0.02


def test_a_bound_at_the_prices_of_any_plan_is_a_bound() -> None:
    """At the prices of the best plan or of any other no bound lies above the optimum; at the best it beats the relaxation's."""
    better = 0
    for seed in range(6):
        problem = large_household(120, seed, n_segments=5, funds_each=3, lately=0.05)
        model, best = optimum(problem)
        blocks = family_blocks_of(model)
        assert isinstance(blocks, FamilyBlocks)
        levers, number = frozenset(problem.levers), int(np.argmin([case.solved.objective for case in best.cases]))
        optimum_of_case = best.cases[number].solved
        assert optimum_of_case.amounts is not None
        exact = settled_by(model, optimum_of_case.amounts)
        model.choose(model.cases[number], levers)
        relaxed = solve(model).bound
        worse = {n: state for n, state in exact.states.items() if n % 3}
        for settled in (exact.states, worse, {}):
            model.choose(model.cases[number], levers)
            model.decide(settled, exact.cuts if settled is exact.states else {})
            plan, answer = solve(model), blocks.session.answer
            assert answer is not None
            model.decide({})
            within = 0.0 if settled is exact.states else 1e6
            savings = [each.saving for each in blocks.best_answers(answer, blocks.session.numbers(), 1e-4, within)]
            bound = plan.bound - sum(savings)
            assert bound <= optimum_of_case.objective + 0.01
            if settled is exact.states:
                assert min(savings) >= 0
                better += bound > (relaxed + optimum_of_case.objective) / 2
    assert better >= 4, better


def test_thousands_of_lots_are_proven() -> None:
    """A large household ends with a gap under a hundredth of a per cent of its cost."""
    plan = rebalance(large_household(6_000, 3, lately=0.0), compare=False)
    proof = plan.certificate
    assert proof.ended_by in ("proof", "tolerance")
    assert float(proof.gap) <= 1e-4 * abs(float(proof.objective))
