"""What a solve of one tax case tells of the other at flat rates: the least cost of all but the tax, as a slope over the amounts.

In a solve each amount of the year, z, is tied to the trades by an equation, and the equation's multiplier is what one more
dollar of it would save elsewhere. By convexity, cost without tax is at least the multiplier times z plus a constant, for every
plan. So a case by itself, on that slope and within the amounts that trades can reach, has a bound without a solve.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from lots.units import to_float
from optimizer.model.assemble import Model
from optimizer.model.axes import Vector
from optimizer.model.blocks.gains import AMOUNT_LABELS
from optimizer.model.cases import N_TERMS, TaxCase
from optimizer.solve.solvers import Solved


@dataclass(frozen=True)
class FlatPrice:
    """Cost without tax is at least slope · z + offset, dollars, where z lies between `lower` and `upper`."""

    slope: Vector
    offset: float
    lower: Vector
    upper: Vector

    def least(self, case: TaxCase) -> float:
        """A bound on the cost of every plan in a case, dollars; minus infinity where there is none."""
        rows, right = [], []
        for term in range(N_TERMS):
            for piece in case.pieces[term]:
                height = -np.eye(N_TERMS)[term]
                rows.append(np.concatenate([piece[:-1], height]))
                right.append(-piece[-1])
        cost = np.concatenate([self.slope, np.ones(N_TERMS)])
        bounds = [*zip(self.lower, self.upper, strict=True), *[(None, None)] * N_TERMS]
        found = linprog(cost, A_ub=np.array(rows), b_ub=np.array(right), bounds=bounds, method="highs")
        return float(found.fun) + self.offset if found.status == 0 else -np.inf


def flat_price(model: Model, root: Solved, case: TaxCase) -> FlatPrice:
    """Read the price off the program of a case that has just been solved with every wash group undecided."""
    assert root.amounts is not None
    ties = {each.label: each.constraint for each in model.constraints if each.label in AMOUNT_LABELS}
    multiplier = np.array([float(ties[label].dual_value) for label in AMOUNT_LABELS])
    offset = root.bound - case.tax(root.amounts.z) - float(multiplier @ root.amounts.z)
    lower, upper = _reach(model)
    return FlatPrice(multiplier, offset, lower, upper)


def _reach(model: Model) -> tuple[Vector, Vector]:
    """The least and the most of each amount that trades can reach; everything where flows or gifts move it."""
    lots, to_date = model.axes.lots, model.problem.taxpayer.gains
    gain = lots.gain_ratio * lots.value
    lower, upper = np.full(4, -np.inf), np.full(4, np.inf)
    for place, term, already in ((0, lots.is_short, to_date.net_short), (1, lots.is_taxable & ~lots.is_short, to_date.net_long)):
        lower[place] = to_float(already) + float(np.minimum(gain[term], 0.0).sum())
        upper[place] = to_float(already) + float(np.maximum(gain[term], 0.0).sum())
    if not (model.problem.withdrawals or model.problem.contributions or model.problem.donations):
        lower[2:] = upper[2:] = 0.0
    return lower, upper
