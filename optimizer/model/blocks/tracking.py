"""Tracking: how far the names of a benchmark may end from their targets, one by one, in sum, and weighed by their risk."""

from dataclasses import dataclass

import cvxpy as cp
import numpy as np
from scipy import sparse

from lots.units import to_float
from optimizer.benchmark import Benchmark
from optimizer.market.active_risk import Risk, risk_of
from optimizer.model.axes import Axes, Mask, Vector, incidence
from optimizer.model.block import Labelled, Part
from optimizer.model.blocks.bands import breach_price
from optimizer.model.blocks.sides import Sides, sides
from optimizer.model.blocks.wash import WashAxis
from optimizer.model.trades import Trades
from optimizer.problem import Problem

UNIT = 0.01
"""A tracking error of one per cent: the scale in which variance is a variable, so that its numbers are near 1."""


@dataclass(frozen=True)
class Tracking:
    """What the benchmark asks beyond linear rules: a cone over the active dollars of every security.

    The active dollars are `start` + change, and the tracking error is |root · active| / value. It is at most
    `budget` + `excess` / value, and its square at most UNIT² · `variance`. The excess is 0 unless no plan keeps the budget; it is
    then the least that leaves one, because no tax saved is worth a limit that can be kept.
    """

    risk: Risk
    start: Vector
    value: float
    budget: float | None
    variance_price: float
    change: cp.Variable
    excess: cp.Parameter | None
    variance: cp.Variable | None
    sides: Sides

    @property
    def limit(self) -> float:
        """The most tracking error in dollars, as it stands; infinite without a budget."""
        if self.budget is None or self.excess is None:
            return np.inf
        return self.budget * self.value + float(self.excess.value)

    def error(self, change: Vector) -> float:
        """Tracking error after net purchases in dollars of shape (n_securities,), a fraction a year."""
        return self.risk.tracking_error((self.start + change) / self.value)


def targets_of(problem: Problem) -> Vector:
    """Target weight of every security, 0 for one outside the benchmark."""
    assert problem.benchmark is not None
    weight = {name.symbol: to_float(name.weight) for name in problem.benchmark.constituents}
    return np.array([weight.get(security.symbol, 0.0) for security in problem.securities])


def tracking(problem: Problem, groups: tuple[WashAxis, ...], axes: Axes, trades: Trades) -> tuple[Part, Tracking | None]:
    """Hold the names near their targets; linear but for tracking error, a norm of affine functions and therefore convex.

    Sets: securities s; names, the securities of the benchmark; groups of one security that is either sold or bought.
    Variables: dollars away from each target; dollars beyond each name's band, beyond the drift and beyond the tracking error;
    yearly variance. Names that are sold or bought have their distances told apart by side.
    Costs: `off_benchmark`, dollars beyond band, drift and tracking error at the price of a breach, so that a plan always exists;
    `variance`, the benchmark's price of variance.
    Constraints: each name within its band; half the sum of distances at most the drift; and rules that every plan keeps
    anyway, where each name is either sold or bought: no more is bought than takes it to its highest weight, and no more sold
    than takes it to its lowest. They bring the bound nearer while a flag is neither 0 nor 1.

    Weights are parts of the household's value after flows and before trading costs. The cone itself is left to the solver.
    """
    benchmark = problem.benchmark
    if benchmark is None:
        return Part(), None
    held = incidence(axes.lots.security, axes.n_securities) @ axes.lots.value
    value = axes.value_after_flows
    target = targets_of(problem) * value
    active, price = held - target + trades.change, breach_price(axes)
    told_apart, rules = sides(groups, axes, trades, held - target)
    beyond = cp.Variable(axes.n_securities, nonneg=True, name="beyond_name_band")
    constraints, costs = rules, price * cp.sum(beyond)
    is_name = target > 0
    if benchmark.name_band is not None:
        width, names = to_float(benchmark.name_band) * target, np.flatnonzero(is_name)
        constraints += [
            Labelled("names at most at their bands", active[names] <= width[names] + beyond[names]),
            Labelled("names at least at their bands", active[names] >= -width[names] - beyond[names]),
        ]
    if benchmark.max_drift is not None:
        away, more = cp.Variable(axes.n_securities, nonneg=True, name="away_from_target"), cp.Variable(nonneg=True, name="more")
        limit = 2 * to_float(benchmark.max_drift) * value
        constraints += [
            Labelled("names over target", away >= active),
            Labelled("names under target", away >= -active),
            Labelled("drift", cp.sum(away) <= limit + more),
        ]
        if len(told_apart.security):
            apart = active[told_apart.security] - 2 * told_apart.if_sold
            constraints += [
                Labelled("names bought over target, sold under it", away[told_apart.security] >= apart),
                Labelled("names sold over target, bought under it", away[told_apart.security] >= -apart),
            ]
        costs += price * more
    cone = _cone(problem, benchmark, held - target, value, trades, told_apart)
    if cone is not None and cone.excess is not None:
        costs += price * cone.excess
    if benchmark.one_way:
        width = to_float(benchmark.name_band) * target if benchmark.name_band is not None else np.full(len(target), np.inf)
        constraints += _one_way(groups, axes, trades, held - target, np.where(is_name, width, np.inf), beyond)
    part = {"off_benchmark": costs}
    if cone is not None and cone.variance is not None:
        part["variance"] = cone.variance_price * UNIT**2 * cone.variance
    return Part(part, constraints), cone


def _cone(
    problem: Problem, benchmark: Benchmark, start: Vector, value: float, trades: Trades, told_apart: Sides
) -> Tracking | None:
    """The cone; None where tracking error is neither limited nor priced, because all is linear then."""
    limited, priced = benchmark.max_tracking_error is not None, bool(benchmark.variance_price)
    risk = risk_of(problem) if limited or priced else None
    if risk is None:
        return None
    return Tracking(
        risk=risk,
        start=start,
        value=value,
        budget=to_float(benchmark.max_tracking_error) if benchmark.max_tracking_error is not None else None,
        variance_price=to_float(benchmark.variance_price) if benchmark.variance_price else 0.0,
        change=trades.change,
        excess=cp.Parameter(nonneg=True, value=0.0, name="beyond_tracking_error") if limited else None,
        variance=cp.Variable(nonneg=True, name="variance") if priced else None,
        sides=told_apart,
    )


def _one_way(
    groups: tuple[WashAxis, ...], axes: Axes, trades: Trades, start: Vector, width: Vector, beyond: cp.Variable
) -> list[Labelled]:
    """Between the edges of its band, a name is sold or bought by no more than lies between."""
    alone = [(g, int(security)) for g, group in enumerate(groups) if (security := _only(group, axes)) is not None]
    flags, names = np.array([g for g, _ in alone], dtype=np.intp), np.array([s for _, s in alone], dtype=np.intp)
    finite = np.isfinite(width[names])
    flags, names = flags[finite], names[finite]
    if not len(names):
        return []
    harvested, slack = trades.harvested[flags], beyond[names]
    flagged = _in_groups(groups, flags, axes.n_lots)
    buys = _rows(axes.buy_security, names, np.ones(axes.n_buys, dtype=bool)) @ trades.bought
    sold = _rows(axes.lots.security, names, flagged) @ trades.sold
    others = _rows(axes.lots.security, names, ~flagged) @ (trades.sold + trades.given_by_lot)
    up, down = np.maximum(width - start, 0.0)[names], np.maximum(start + width, 0.0)[names]
    return [
        Labelled("names are bought up to their highest weight", buys <= cp.multiply(up, 1 - harvested) + others + slack),
        Labelled("names are sold down to their lowest weight", sold <= cp.multiply(down, harvested) + slack),
    ]


def _only(group: WashAxis, axes: Axes) -> int | None:
    """The one security of a group in which nothing lately bought has to follow; None for any other."""
    if group.kept or not len(group.losing):
        return None
    securities = np.unique(np.concatenate([axes.lots.security[group.losing], axes.buy_security[group.buys]]))
    return int(securities[0]) if len(securities) == 1 else None


def _in_groups(groups: tuple[WashAxis, ...], flags: np.ndarray, n_lots: int) -> Mask:
    found = np.zeros(n_lots, dtype=bool)
    for g in flags.tolist():
        found[groups[g].losing] = True
    return found


def _rows(security: np.ndarray, names: np.ndarray, kept: Mask) -> sparse.csr_matrix:
    """The 0/1 matrix that sums kept entries by the name they belong to."""
    row_of = np.full(int(max(security.max(initial=0), names.max(initial=0))) + 1, -1)
    row_of[names] = np.arange(len(names))
    columns = np.flatnonzero(kept & (row_of[security] >= 0))
    return sparse.csr_matrix((np.ones(len(columns)), (row_of[security[columns]], columns)), shape=(len(names), len(security)))
