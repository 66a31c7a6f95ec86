"""The next best lot: what a plan without one of its lots trades in its place, and what that costs more.

The program is the plan's own with the lot barred, solved again to its proof, so the difference is exact before rounding.
"""

from dataclasses import dataclass, replace

import numpy as np

from lots.units import ZERO, Money, cents
from optimizer.model.assemble import Model
from optimizer.model.axes import Vector, incidence
from optimizer.solve.chain import Optimum, optimum_of
from optimizer.solve.priced import money_of, undone_before_rounding
from optimizer.solve.solvers import Amounts

NOTHING = 1.0
"""Dollars; with less than this more of another lot, nothing takes the barred lot's place."""


@dataclass(frozen=True)
class RunnerUp:
    """What steps in for a lot.

    Parameters
    ----------
    lot : position of the lot of which most more leaves; None where no other lot does.
    costs_more : dollars by which the plan without the lot costs more, before rounding.
    more_outside : dollars more that it leaves outside the bands or idle; they come before any cost.
    """

    lot: int | None
    costs_more: Money
    more_outside: Money


def runner_up(model: Model, optimum: Optimum, position: int) -> RunnerUp | None:
    """Solve again without the lot at `position`; None when the orders cannot be carried out without it."""
    barred = replace(model, barred=model.barred | {position})
    without = optimum_of(barred, frozenset(model.problem.levers), wider=optimum)
    if without is None:
        return None
    more = _leaving(model, without.amounts) - _leaving(model, optimum.amounts)
    more[position] = 0.0
    lot = int(np.argmax(more))
    one, other = undone_before_rounding(model, without), undone_before_rounding(model, optimum)
    further = one.outside + one.idle - other.outside - other.idle
    costs = cents(money_of(without) - money_of(optimum))
    return RunnerUp(lot if more[lot] >= NOTHING else None, costs, max(ZERO, further))


def _leaving(model: Model, amounts: Amounts) -> Vector:
    """Dollars of each lot sold or given."""
    given = incidence(model.axes.gifts.lot, model.axes.n_lots) @ amounts.given
    return np.asarray(amounts.sold + given, dtype=float)
