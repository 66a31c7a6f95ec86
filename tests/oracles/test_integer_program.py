"""Branching on families and cases against one integer program that a solver branches on in its own way."""

import pytest

from optimizer.model.assemble import assemble
from optimizer.problem import Lever
from optimizer.solve.chain import optimum_of
from tests.large_households import large_household
from tests.oracles.integer_program import least_over_chosen_case, least_over_whole_groups
from tests.random_households import random_household
from tests.random_incomes import random_income

LEVERS = frozenset(Lever)


@pytest.mark.parametrize("seed", range(12))
def test_interchangeable_funds_at_a_loss_are_settled_as_an_integer_program_settles_them(seed: int) -> None:
    """The hard part of the wash rule: several funds of a segment at a loss, of which one has to be bought."""
    model = assemble(large_household(120, seed, n_segments=5, funds_each=3, lately=0.0))
    optimum = optimum_of(model, LEVERS)
    assert optimum is not None
    expected = least_over_whole_groups(model, LEVERS)
    assert expected <= optimum.objective + 0.05
    if not any(group.kept for group in model.wash_axis):
        assert optimum.objective == pytest.approx(expected, abs=0.05)
    assert optimum.gap <= 0.01


@pytest.mark.parametrize("seed", range(30))
def test_the_cases_of_netting_as_binaries_find_the_same_plan(seed: int) -> None:
    """Enumerating the cases and letting a solver choose one are two ways to say the same.

    The integer program leaves open which of several lots is washed first, so where shares were bought lately it is a bound.
    """
    model = assemble(random_household(seed))
    optimum = optimum_of(model, LEVERS)
    expected = least_over_chosen_case(model, LEVERS)
    if optimum is None:
        assert expected == float("inf")
        return
    assert expected <= optimum.objective + 0.05
    if not any(group.kept for group in model.wash_axis):
        assert optimum.objective == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize("seed", range(4))
def test_every_case_of_a_whole_return_as_an_integer_program(seed: int) -> None:
    """Cases that were ruled out by a bound are solved here, each on its own."""
    model = assemble(random_income(seed))
    optimum = optimum_of(model, LEVERS)
    assert optimum is not None
    expected = least_over_whole_groups(model, LEVERS)
    assert expected <= optimum.objective + 0.05
    if not any(group.kept for group in model.wash_axis):
        assert optimum.objective == pytest.approx(expected, abs=0.05)
