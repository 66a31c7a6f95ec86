"""The least that has to be sold so that every order is carried out, whatever bands and tax would like."""

from dataclasses import replace

import cvxpy as cp

from optimizer.model.assemble import Model
from optimizer.problem import Lever
from optimizer.solve.branch import solve_with_wash_rule


def least_sales(model: Model, levers: frozenset[Lever]) -> float | None:
    """Dollars of sales that no plan can do without, wash-sale rule kept; None when the orders contradict each other.

    The program is the household's own with another objective. Its constraints depend on the case of the tax only where a wish
    limits tax or income; then every case is asked and the least taken.
    """
    goal = cp.Problem(cp.Minimize(cp.sum(model.trades.sold)), [each.constraint for each in model.constraints])
    asked = replace(model, program=goal)
    wishes = model.problem.wishes
    limited = wishes.max_gains_tax is not None or wishes.max_agi is not None
    found = []
    for case in model.cases if limited else model.cases[:1]:
        asked.choose(case, levers)
        solved = solve_with_wash_rule(asked)
        if solved.amounts is not None:
            found.append(max(solved.objective, 0.0))
    return min(found, default=None)
