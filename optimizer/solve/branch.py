"""Branching on wash groups: sold at a loss, or bought; each branch a convex program, the least open bound the bound of all.

Most groups settle themselves, because a substitute takes the purchases or nothing is at stake; so the program is first solved
with every group undecided. Only a group that the answer both sells at a loss and buys, or keeps bought lately, is branched on,
the one with most dollars on both sides first. The branch with the least bound is opened next, which makes the first answer
that breaks no rule the best one.
"""

import heapq
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from time import monotonic

import numpy as np

from optimizer.model.assemble import Model
from optimizer.model.blocks.wash import WashAxis
from optimizer.solve.solvers import Amounts, Solved, solve

CLEAN = 1e-6
"""Dollars; less than this bought, kept or sold at a loss is the solver's rounding noise."""
TOLERANCE = 1e-3
"""Dollars; a branch that cannot beat the best plan known by this much is not opened."""


def solve_with_wash_rule(
    model: Model,
    cutoff: float = np.inf,
    time_limit_seconds: float | None = None,
    at_root: Callable[[Amounts], None] | None = None,
) -> Solved:
    """Solve the program as its parameters stand, every wash group settled.

    A bound at or above `cutoff`, the cost in dollars of a plan known already, ends the search: nothing here can beat that
    plan, and the bound is returned without a plan. When the time is up the best plan so far is returned with the least bound
    still open. `at_root` is called once the program without any branch has been solved, while its duals stand.
    """
    started, order = monotonic(), count()
    best: Solved | None = None
    root = _branch(model, {})
    if root.amounts is None:
        return root
    if at_root is not None:
        at_root(root.amounts)
    open_branches: list[tuple[float, int, dict[int, bool], Solved]] = [(root.objective, next(order), {}, root)]
    while open_branches:
        bound, _, flags, found = heapq.heappop(open_branches)
        limit = min(cutoff, np.inf if best is None else best.objective - TOLERANCE)
        if bound >= limit or found.amounts is None:
            return _closed(best, bound)
        out_of_time = time_limit_seconds is not None and monotonic() - started > time_limit_seconds
        if out_of_time and best is not None:
            return replace(best, status="time limit", bound=min(bound, best.objective))
        group = _most_at_odds(model, flags, found.amounts)
        if group is None:
            if best is None or found.objective < best.objective:
                best = found
            continue
        for harvested in (True, False):
            settled = {**flags, group: harvested}
            child = _branch(model, settled)
            if child.amounts is not None:
                heapq.heappush(open_branches, (max(bound, child.objective), next(order), settled, child))
    return Solved("infeasible", np.inf, np.inf, None) if best is None else best


def _closed(best: Solved | None, bound: float) -> Solved:
    """The search is over: no open branch can beat the plan at hand, or the cutoff where there is none."""
    if best is None:
        return Solved("cut off", np.inf, bound, None)
    return replace(best, bound=min(bound, best.objective))


def harvests(model: Model, amounts: Amounts) -> dict[int, bool]:
    """For every wash group by position, whether these amounts sell something of it at a loss."""
    return {n: float(amounts.sold[group.losing].sum()) > CLEAN for n, group in enumerate(model.wash_axis)}


def _branch(model: Model, flags: dict[int, bool]) -> Solved:
    model.decide(flags)
    return solve(model)


def _most_at_odds(model: Model, flags: dict[int, bool], amounts: Amounts) -> int | None:
    """The undecided group with most dollars both sold at a loss and bought or kept; None when every group obeys the rule."""
    worst, position = 0.0, None
    for n, group in enumerate(model.wash_axis):
        if n not in flags:
            odds = _odds(model, group, amounts)
            if odds > worst:
                worst, position = odds, n
    return position


def _odds(model: Model, group: WashAxis, amounts: Amounts) -> float:
    sold = float(amounts.sold[group.losing].sum())
    if sold <= CLEAN:
        return 0.0
    if group.has_stuck_shares:
        return sold
    kept = float((model.axes.lots.value - amounts.sold)[group.recent].sum())
    other = float(amounts.bought[group.buys].sum()) + kept
    return min(sold, other) if other > CLEAN else 0.0
