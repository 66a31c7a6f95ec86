"""A year's tax at flat rates, over many paths at once: the netting of :mod:`lots.tax.netting` on arrays.

The ledger's own function is exact and scalar; a thousand paths of thirty years need thirty thousand of it. The formulas are the
same, the limit on losses comes from the law, and a test holds both against each other to the cent.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Rates:
    """What one more dollar of each kind costs.

    Parameters
    ----------
    ordinary, long_term : fractions; short-term gains and interest, long-term gains and qualified dividends.
    deduction : what a dollar of charitable deduction saves.
    loss_limit : dollars of net loss a year may deduct.
    later_gain : value today of the later tax that a dollar of gain realised now removes.
    carried_loss : value today of a dollar of loss carried to later years.
    """

    ordinary: float
    long_term: float
    deduction: float
    loss_limit: float
    later_gain: float
    carried_loss: float


def tax_on_gains(short: Floats, long: Floats, rates: Rates) -> Floats:
    """Tax on the year's netted gains in dollars, negative where a loss saves tax on other income."""
    net = short + long
    preferential = np.maximum(0.0, np.minimum(long, net))
    ordinary = np.maximum(0.0, net) - preferential
    deducted = np.minimum(np.maximum(0.0, -net), rates.loss_limit)
    return np.asarray(rates.ordinary * (ordinary - deducted) + rates.long_term * preferential)


def carried(short: Floats, long: Floats, loss_limit: float) -> tuple[Floats, Floats]:
    """Short- and long-term losses carried to next year, dollars of zero or more (Capital Loss Carryover Worksheet)."""
    used = np.minimum(np.maximum(0.0, -(short + long)), loss_limit)
    line_5 = np.maximum(0.0, -short)
    line_8 = np.maximum(0.0, line_5 - (used + np.maximum(0.0, long)))
    line_9 = np.maximum(0.0, -long)
    line_13 = np.maximum(0.0, line_9 - (np.maximum(0.0, short) + np.maximum(0.0, used - line_5)))
    return line_8, line_13


def cost_of_gains(short: Floats, long: Floats, realised: Floats, rates: Rates) -> Floats:
    """What the model minimises when it picks lots: this year's tax, less later tax removed, less losses carried; dollars.

    `short` and `long` are the year's with carryovers, `realised` the gain of the sales that are weighed.
    """
    carry = np.maximum(0.0, -(short + long) - rates.loss_limit)
    return np.asarray(tax_on_gains(short, long, rates) - rates.carried_loss * carry - rates.later_gain * realised)
