"""Which lots of a group are washed where some are: the earliest acquired first, as the law counts them."""

import numpy as np

from optimizer.model.assemble import Model
from optimizer.model.axes import Vector
from optimizer.solve.solvers import Amounts

CENT = 0.01
"""Dollars of loss that may be counted of the wrong lot; the ledger puts it right."""
CLEAN = 1e-6
"""Dollars; less than this bought, kept or sold at a loss is the solver's rounding noise."""


def washed_first(price: Vector, sold: Vector, washed: Vector) -> Vector:
    """Dollars of each lot that are washed when the earliest lots are washed first, as many shares as `washed` says in all.

    All of shape (n_rows,) in the order of washing, price in dollars a share, the others in dollars.
    """
    owned = sold / price
    before = np.concatenate([[0.0], np.cumsum(owned)[:-1]])
    found: Vector = np.clip(float((washed / price).sum()) - before, 0.0, owned) * price
    return found


def in_order(model: Model, n: int, amounts: Amounts) -> Vector:
    """Dollars of each row of a group that are washed when the earliest lots are washed first."""
    rows = model.washed.of == n
    lots = model.washed.lots[rows]
    return washed_first(model.axes.lots.price[lots], amounts.sold[lots], amounts.washed[rows])


def disorder(model: Model, n: int, amounts: Amounts) -> float:
    """Dollars of loss counted of lots that are washed and the other way round."""
    rows = model.washed.of == n
    off = in_order(model, n, amounts) - amounts.washed[rows]
    return float(np.abs(model.axes.lots.gain_ratio[model.washed.lots[rows]] * off).sum())


def end_of_washing(model: Model, n: int, amounts: Amounts) -> int:
    """The last place that is washed at all when the earliest lots are washed first."""
    washed = np.flatnonzero(in_order(model, n, amounts) > CLEAN)
    return int(washed[-1]) if len(washed) else 0
