"""Which lots of a group are washed where some are: the earliest acquired first, as the law counts them."""

import numpy as np

from optimizer.model.assemble import Model
from optimizer.model.axes import Vector
from optimizer.solve.solvers import Amounts

CLEAN = 1e-6
"""Dollars; less than this bought, kept or sold at a loss is the solver's rounding noise."""


def in_order(model: Model, n: int, amounts: Amounts) -> Vector:
    """Dollars of each row of a group that are washed when the earliest lots are washed first."""
    rows = model.washed.of == n
    price = model.axes.lots.price[model.washed.lots[rows]]
    shares = float((amounts.washed[rows] / price).sum())
    sold = amounts.sold[model.washed.lots[rows]] / price
    before = np.concatenate([[0.0], np.cumsum(sold)[:-1]])
    found: Vector = np.clip(shares - before, 0.0, sold) * price
    return found


def disorder(model: Model, n: int, amounts: Amounts) -> float:
    """Dollars of loss counted of lots that are washed and the other way round."""
    rows = model.washed.of == n
    off = in_order(model, n, amounts) - amounts.washed[rows]
    return float(np.abs(model.axes.lots.gain_ratio[model.washed.lots[rows]] * off).sum())


def end_of_washing(model: Model, n: int, amounts: Amounts) -> int:
    """The last place that is washed at all when the earliest lots are washed first."""
    washed = np.flatnonzero(in_order(model, n, amounts) > CLEAN)
    return int(washed[-1]) if len(washed) else 0
