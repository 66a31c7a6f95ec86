"""The cheapest way out of orders that collide: by how much each of them would have to give way, all others kept."""

import cvxpy as cp
import numpy as np

from optimizer.errors import SolverFailure
from optimizer.model.assemble import Model
from optimizer.model.blocks.year_return import YearReturn
from optimizer.problem import Lever
from optimizer.solve.settled_wash import SECONDS, SettledWash


def least_relaxation(model: Model, order: str, levers: frozenset[Lever]) -> float | None:
    """The fewest dollars by which an order has to be missed so that all others can be carried out; None where none suffice.

    Every constraint behind the order gets a slack, and the slacks together are made least; what the tax is does not matter, so
    of a whole return any case serves. The wash-sale rule is kept: its groups are settled by a program of whole flags, and the
    dollars are those of the program without flags that holds each group as it was settled.
    """
    model.pull(levers)
    if isinstance(model.year, YearReturn):
        model.year.choose(model.cases[0])
    slacks: list[cp.Expression] = []
    rules: list[cp.Constraint] = []
    for each in model.constraints:
        if each.order != order:
            rules.append(each.constraint)
            continue
        left, right = each.constraint.args[0], each.constraint.args[1]
        difference = left - right
        slack = cp.Variable(difference.shape, nonneg=True)
        slacks.append(cp.sum(slack))
        rules.append(difference <= slack)
        if isinstance(each.constraint, cp.constraints.Equality):
            rules.append(-difference <= slack)
    if not slacks:
        return None
    missed = cp.Minimize(cp.sum(cp.hstack(slacks)))
    if model.wash_axis and model.tracking is None:
        wash = SettledWash(model)
        if _least(cp.Problem(missed, rules + wash.rules)) is None:
            return None
        wash.decide(model)
    least = _least(cp.Problem(missed, rules))
    model.decide({})
    return least


def _least(program: cp.Problem) -> float | None:
    """The least of a program, or the best that was found in the time allowed; None where nothing was."""
    try:
        program.solve(solver=cp.HIGHS, time_limit=SECONDS)
    except cp.SolverError as error:
        raise SolverFailure(f"The solver stopped without an answer: {error}") from error
    found = program.status in (cp.OPTIMAL, cp.OPTIMAL_INACCURATE, cp.USER_LIMIT) and program.value is not None
    return float(program.value) if found and np.isfinite(program.value) else None
