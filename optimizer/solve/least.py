"""The least that has to be sold so that every order is carried out, whatever bands and tax would like."""

from dataclasses import replace

import cvxpy as cp

from optimizer.model.assemble import Model
from optimizer.problem import Lever
from optimizer.solve.branch import solve_with_wash_rule

DRAWN = 1.001
"""Dollars sold that a dollar drawn from a sheltered account counts like."""


def least_sales(model: Model, levers: frozenset[Lever]) -> float | None:
    """Dollars of sales that a plan cannot do without, wash-sale rule kept; None when the orders contradict each other.

    The cash of taxable accounts is used first. A dollar out of a sheltered account counts like a dollar sold and a trace more,
    for to draw on the cash there is no better than a sale elsewhere. The program is the household's own with another objective;
    its constraints depend on the case of the tax only where a wish limits tax or income, and then the least of all cases counts.
    """
    axes, trades = model.axes, model.trades
    sheltered = (~axes.account_is_taxable[axes.withdrawals.account]).astype(float)
    goal = cp.sum(trades.sold) + DRAWN * (sheltered @ trades.withdrawn)
    asked = replace(model, tracking=None, program=cp.Problem(cp.Minimize(goal), [each.constraint for each in model.constraints]))
    wishes = model.problem.wishes
    limited = wishes.max_gains_tax is not None or wishes.max_agi is not None
    found = []
    for case in model.cases if limited else model.cases[:1]:
        asked.choose(case, levers)
        solved = solve_with_wash_rule(asked)
        if solved.amounts is not None:
            found.append((solved.objective, float(solved.amounts.sold.sum())))
    return min(found)[1] if found else None


def least_net_gain(model: Model, levers: frozenset[Lever]) -> float | None:
    """Dollars of net gain in the year that no plan can go below; None when the orders contradict each other."""
    goal = model.year.z[0] + model.year.z[1]
    asked = replace(model, tracking=None, program=cp.Problem(cp.Minimize(goal), [each.constraint for each in model.constraints]))
    asked.choose(model.cases[0], levers)
    solved = solve_with_wash_rule(asked)
    return None if solved.amounts is None else solved.objective
