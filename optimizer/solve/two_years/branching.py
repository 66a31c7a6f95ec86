"""Wash groups of both years branched on together, as :mod:`optimizer.solve.branch` does for one.

A group of one date is at odds where that date sells it at a loss and the group is bought, or kept that was bought lately, on that
date or on the other date within the window.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from time import monotonic

import cvxpy as cp
import numpy as np

from optimizer.model.axes import Vector
from optimizer.model.blocks.strict_wash import StrictAxis
from optimizer.model.two_years.parts import Half
from optimizer.model.two_years.program import TwoYears
from optimizer.solve.branch import CLEAN, TOLERANCE
from optimizer.solve.session import session_of
from optimizer.solve.solvers import Amounts


@dataclass(frozen=True)
class Found:
    """What is known of one pair of cases, dollars; without amounts where no plan exists."""

    status: str
    objective: float
    bound: float
    december: Amounts | None = None
    january: Amounts | None = None


def solve_with_wash_rule(
    model: TwoYears, cutoff: float, time_limit_seconds: float | None, at_root: Callable[[Found], None]
) -> Found:
    """Solve the program as its parameters stand, every wash group of both years settled.

    A bound at or above `cutoff` ends the search without a plan; `at_root` is called while the duals of the program without any
    branch stand.
    """
    started, order = monotonic(), count()
    best: Found | None = None
    root = _branch(model, {})
    if root.december is None:
        return root
    at_root(root)
    open_branches: list[tuple[float, int, dict[int, bool], Found]] = [(root.objective, next(order), {}, root)]
    while open_branches:
        bound, _, flags, found = heapq.heappop(open_branches)
        if bound >= min(cutoff, np.inf if best is None else best.objective - TOLERANCE):
            return Found("cut off", np.inf, bound) if best is None else replace(best, bound=min(bound, best.objective))
        if time_limit_seconds is not None and best is not None and monotonic() - started > time_limit_seconds:
            return replace(best, status="time limit", bound=min(bound, best.objective))
        group = _most_at_odds(model, flags, found)
        if group is None:
            best = found if best is None or found.objective < best.objective else best
            continue
        for harvested in (True, False):
            settled = {**flags, group: harvested}
            child = _branch(model, settled)
            if child.december is not None:
                heapq.heappush(open_branches, (max(bound, child.objective), next(order), settled, child))
    return Found("infeasible", np.inf, np.inf) if best is None else best


def _branch(model: TwoYears, flags: dict[int, bool]) -> Found:
    model.decide(flags)
    session = session_of(model.program, model.costs)
    assert session is not None, "both years are linear in every case"
    answer = session.solve()
    if answer.status != cp.OPTIMAL:
        return Found("infeasible", np.inf, np.inf)
    session.write_back()
    both = tuple(_amounts(half, session.costs()) for half in (model.december, model.january))
    return Found(answer.status, answer.objective, answer.objective, *both)


def _amounts(half: Half, costs: dict[str, float]) -> Amounts:
    trades = half.trades
    return Amounts(
        sold=_values(trades.sold),
        given=_values(trades.given),
        bought=_values(trades.bought),
        contributed=_values(trades.contributed),
        withdrawn=_values(trades.withdrawn),
        cash_given=_values(trades.cash_given),
        washed=np.zeros(0),
        z=np.asarray(half.year.z.value, dtype=float),
        costs=costs,
    )


def _values(variable: cp.Variable) -> Vector:
    if variable.size == 0:
        return np.zeros(0)
    found: Vector = np.maximum(np.asarray(variable.value, dtype=float), 0.0)
    return found


def _most_at_odds(model: TwoYears, flags: dict[int, bool], found: Found) -> int | None:
    """The undecided group with most dollars both sold at a loss and bought or kept; None when every group obeys the rule."""
    assert found.december is not None
    assert found.january is not None
    sides = ((model.december, found.december, found.january), (model.january, found.january, found.december))
    gone = found.december.sold + _given(model.december, found.december)
    worst, position, place = 0.0, None, 0
    for half, own, other in sides:
        left = half.axes.lots.value - (gone if half is model.december else gone + own.sold)
        for group, across in zip(half.groups, half.across, strict=True):
            odds = 0.0 if place in flags else _odds(group, own, left, float(other.bought[across].sum()))
            if odds > worst:
                worst, position = odds, place
            place += 1
    return position


def _given(half: Half, amounts: Amounts) -> Vector:
    given = np.zeros(half.axes.n_lots)
    np.add.at(given, half.axes.gifts.lot, amounts.given)
    return given


def _odds(group: StrictAxis, own: Amounts, left: Vector, across: float) -> float:
    """Dollars both sold at a loss and bought or kept; `across` is bought on the other date within the window."""
    sold = float(own.sold[group.losing].sum())
    if sold <= CLEAN:
        return 0.0
    if group.has_stuck_shares:
        return sold
    against = float(own.bought[group.buys].sum()) + float(left[group.recent].sum()) + across
    return min(sold, against) if against > CLEAN else 0.0
