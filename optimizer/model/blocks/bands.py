"""Bands: every segment of the household ends inside the band it may occupy."""

import cvxpy as cp
import numpy as np
from scipy import sparse

from lots.units import to_float
from optimizer.model.axes import Axes, Vector, incidence
from optimizer.model.block import Labelled, Part
from optimizer.model.blocks.wash import WashAxis
from optimizer.model.trades import Trades
from optimizer.problem import Band, Problem

DRIFT_LIMIT = "drift limit"


def bands(
    problem: Problem,
    axes: Axes,
    trades: Trades,
    allowed: list[Band],
    before: Trades | None = None,
    waiting: cp.Expression | float = 0.0,
    groups: tuple[WashAxis, ...] = (),
) -> Part:
    """Bring each segment, over all accounts and looking through funds, into its allowed band; linear.

    Sets: segments g, parents included.
    Variables: dollars missing below and above each band; dollars away from each target; the household's value V.
    Costs: `breach`, those dollars at a price that no tax saving can outbid, so bands come before dollars and a plan always
    exists; `drift`, dollars of leaf segments away from target at the outlook's price of trading them back.
    Constraints: lower·V − below ≤ value ≤ upper·V + above, with V the household's value after flows and trading costs, what is
    set aside left out; half the dollars away from target at most a fraction of V, where the question limits drift. What was
    traded `before` counts, and so do flows that are `waiting`: dollars of orders that have not left yet.
    """
    held = incidence(axes.lots.security, axes.n_securities) @ axes.lots.value
    change, spent = trades.change, cp.sum(trades.cost_by_account)
    if before is not None:
        change, spent = change + before.change, spent + cp.sum(before.cost_by_account)
    value = axes.exposure @ held + axes.exposure @ change
    household = cp.Variable(name="household")
    below = cp.Variable(len(allowed), nonneg=True, name="below")
    above = cp.Variable(len(allowed), nonneg=True, name="above")
    away = cp.Variable(len(allowed), nonneg=True, name="away")
    parents = {segment.parent for segment in problem.segments}
    is_leaf = np.array([segment.id not in parents for segment in problem.segments], dtype=float)
    target = np.array([to_float(segment.target) for segment in problem.segments])
    lower = np.array([to_float(band.lower) for band in allowed])
    upper = np.array([to_float(band.upper) for band in allowed])
    limit = problem.scope.max_drift
    drift = [] if limit is None else [_drift_limit(is_leaf @ away, to_float(limit), household)]
    return Part(
        {
            "breach": breach_price(axes) * (cp.sum(below) + cp.sum(above)),
            "drift": to_float(problem.outlook.drift_cost) * (is_leaf @ away),
        },
        [
            Labelled("household's value", household == axes.value_after_flows + waiting - axes.set_aside - spent),
            Labelled("lower edges", value >= lower * household - below),
            Labelled("upper edges", value <= upper * household + above),
            Labelled("over target", away >= value - target * household),
            Labelled("under target", away >= target * household - value),
            *drift,
            *_bought_within(
                groups if problem.benchmark is None else (), axes, trades, upper * max(axes.value_after_flows, 0.0), above
            ),
        ],
    )


def _bought_within(groups: tuple[WashAxis, ...], axes: Axes, trades: Trades, most: Vector, above: cp.Variable) -> list[Labelled]:
    """No more of a wash group is bought than its narrowest segment may hold, and nothing where the group is sold at a loss.

    What is bought of a security is part of what the household holds of it in the end, and that is part of what its segments
    hold. The bound is worth a row because it is small: a flag a hair above 0 then no longer pays for a large purchase.
    """
    exposure = axes.exposure.tocsc()
    rows, columns, shares, room, which = list[int](), list[int](), list[float](), list[float](), list[int]()
    at = list[int]()
    for position, group in enumerate(groups):
        if not len(group.buys):
            continue
        held = exposure[:, axes.buy_security[group.buys]].toarray()
        least = held.min(axis=1)
        if not (least > 0).any():
            continue
        tight = np.where(least > 0, most / np.where(least > 0, least, 1.0), np.inf)
        segment = int(tight.argmin())
        rows += [len(which)] * len(group.buys)
        columns += group.buys.tolist()
        shares += held[segment].tolist()
        room.append(float(most[segment]))
        which.append(position)
        at.append(segment)
    if not which:
        return []
    matrix = sparse.csr_matrix((shares, (rows, columns)), (len(which), axes.n_buys))
    is_bought = 1 - trades.harvested[np.array(which)] - trades.soaked[np.array(which)]
    rule = matrix @ trades.bought <= cp.multiply(np.array(room), is_bought) + above[np.array(at)]
    return [Labelled("no more of a group is bought than its segment may hold", rule)]


def _drift_limit(away: cp.Expression, limit: float, household: cp.Variable) -> Labelled:
    """Half the dollars away from the targets at most a fraction of the household, a parameter so that it can be moved."""
    fraction = cp.Parameter(nonneg=True, value=limit, name=DRIFT_LIMIT)
    return Labelled(DRIFT_LIMIT, 0.5 * away <= fraction * household, order=f"drift at most {limit:.2%} of the household")


def breach_price(axes: Axes) -> float:
    """Dollars per dollar outside the band: more than curing it can cost.

    Curing one dollar of a segment through a security that holds a share e of it takes 1/e dollars of trades, on each of
    which tax, spread and location cost less than the dollar itself; twice that bound leaves room for both sides of a trade.
    """
    smallest = float(axes.exposure.data.min()) if axes.exposure.nnz else 1.0
    return 4.0 / max(smallest, 0.01)
