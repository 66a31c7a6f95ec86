"""Large households against the optimality conditions: feasible, prices of the right sign, nothing paid for what is left over.

Every case of the tax is checked with nothing settled, which is its bound, and with its plan's wash groups settled, which is its
plan. The conditions are worked out from the arrays of the program alone, so a wrong answer of the solver would show.
"""

from pathlib import Path

import pytest

from optimizer.household import read_household
from optimizer.model.assemble import assemble
from optimizer.problem import Lever, Problem
from optimizer.solve.branch import Settled, settled_by
from optimizer.solve.chain import optimum_of
from optimizer.solve.session import session_of
from optimizer.solve.solvers import solve
from tests.large_households import large_household
from tests.oracles.optimality import conditions

EXAMPLE = Path(__file__).parents[2] / "examples" / "year_end"
LEVERS = frozenset(Lever)
SECONDS = 2.0
"""The search may end before its proof: whichever plan it settles on, the settled program has to be solved to its optimum."""


def households() -> dict[str, Problem]:
    """The example, and seeded households of 600 and 2,000 lots."""
    return {"example": read_household(EXAMPLE), "600 lots": large_household(600), "2,000 lots": large_household(2_000)}


@pytest.mark.parametrize("name", ["example", "600 lots", "2,000 lots"])
def test_primal_dual_and_complementarity_hold(name: str) -> None:
    """Twenty million dollars in floating point are known to a millionth; prices are asked to be right to a billionth."""
    model = assemble(households()[name])
    optimum = optimum_of(model, LEVERS, SECONDS)
    assert optimum is not None
    session = session_of(model.program, model.costs)
    assert session is not None
    plans = 0
    for case, result in zip(model.cases, optimum.cases, strict=True):
        amounts = result.solved.amounts
        for settled in (Settled(), None if amounts is None else settled_by(model, amounts)):
            if settled is None:
                continue
            model.choose(case, LEVERS)
            model.decide(settled.states, settled.cuts, settled.families)
            solved = solve(model)
            assert solved.amounts is not None
            assert session.answer is not None
            found = conditions(session.form, session.answer.x, session.answer.dual)
            assert found.primal <= 1e-6
            assert max(found.sign, found.reduced) <= 1e-9
            assert found.unused <= 1e-6
            assert found.bound == pytest.approx(found.cost, abs=1e-4)
            assert solved.objective == pytest.approx(found.cost, abs=1e-6)
            if settled.states:
                plans += 1
                assert amounts is not None
                assert found.cost <= result.solved.objective + 0.01
                assert optimum.bound <= found.bound + 0.01
    assert plans


def test_the_conditions_know_a_wrong_answer() -> None:
    """A plan that is not the best, and prices that are not its own, break a condition each."""
    model = assemble(large_household(100))
    model.choose(model.cases[0], LEVERS)
    session = session_of(model.program, model.costs)
    assert session is not None
    model.decide(Settled().states, Settled().cuts, Settled().families)
    assert solve(model).amounts is not None
    assert session.answer is not None
    x, y = session.answer.x, session.answer.dual
    assert conditions(session.form, x * 1.01, y).primal > 1
    assert conditions(session.form, x, y * 0.9).reduced > 1e-6
    assert conditions(session.form, x, y * 0.9).bound < conditions(session.form, x, y).cost - 1
