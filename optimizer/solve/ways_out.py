"""The cheapest way out of orders that collide: by how much each of them would have to give way, all others kept."""

import cvxpy as cp

from optimizer.errors import SolverFailure
from optimizer.model.assemble import Model
from optimizer.model.blocks.year_return import YearReturn
from optimizer.problem import Lever


def least_relaxation(model: Model, order: str, levers: frozenset[Lever]) -> float | None:
    """The fewest dollars by which an order has to be missed so that all others can be carried out; None where none suffice.

    Every constraint behind the order gets a slack, and the slacks together are made least; what the tax is does not matter, so
    of a whole return any case serves.
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
    program = cp.Problem(cp.Minimize(cp.sum(cp.hstack(slacks))), rules)
    try:
        program.solve(solver=cp.HIGHS)
    except cp.SolverError as error:
        raise SolverFailure(f"The solver stopped without an answer: {error}") from error
    return float(program.value) if program.status == cp.OPTIMAL else None
