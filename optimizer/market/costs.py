"""Prices of time and place: what a dollar of postponed gain, of shelter and of yearly tax drag is worth today.

These are forecasts, stated by the household in its outlook. They turn "later" and "elsewhere" into dollars of today so that
the model can weigh them against this year's tax.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lots.units import to_float
from optimizer.problem import Problem

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Prices:
    """What the outlook makes of time and place.

    Parameters
    ----------
    future_gain : φ, dollars of later tax that one dollar of gain realised or given away now removes.
    carried_loss : v, value today of one dollar of loss carried to later years.
    drag : ndarray of shape (n_securities,), yearly tax on one dollar of each security in a taxable account.
    location : ndarray of shape (n_securities,), the same over the years the outlook counts, in dollars of today.
    shelter : what a dollar inside a tax-sheltered account saves over those years, compared with outside.
    retirement_rate : rate at which pre-tax accounts will be taxed.
    """

    future_gain: float
    carried_loss: float
    drag: Vector
    location: Vector
    shelter: float
    retirement_rate: float


def annuity(years: float, rate: float) -> float:
    """Value today of one dollar at the end of each of `years` years: (1 − (1+r)^−n) / r, and n when r is zero."""
    return years if rate == 0 else (1 - (1 + rate) ** -years) / rate


def prices_of(problem: Problem) -> Prices:
    """Work the outlook out into prices in dollars.

    φ = future rate × (1 + r)^−horizon × (1 − chance that the lot is never taxed). The yearly drag of a security is its
    ordinary yield at the ordinary rate, its qualified yield at the long-term rate, and half of its variance at the
    long-term rate: half the variance is what a holding that is kept in its band hands over, a year, as realised gain when
    the rest of the portfolio moves independently of it, so it is an upper estimate for holdings that move together.
    """
    outlook, rates = problem.outlook, problem.taxpayer.rates
    ordinary, long_term = to_float(rates.ordinary), to_float(rates.long_term)
    future_rate = long_term if outlook.future_long_term_rate is None else to_float(outlook.future_long_term_rate)
    discount = to_float(outlook.discount_rate)
    waiting = (1 + discount) ** -to_float(outlook.horizon_years)
    future_gain = future_rate * waiting * (1 - to_float(outlook.untaxed_probability))
    carried = future_gain if outlook.carryforward_value is None else to_float(outlook.carryforward_value)
    retirement = ordinary if outlook.retirement_rate is None else to_float(outlook.retirement_rate)
    drag = np.array(
        [
            to_float(s.ordinary_yield) * ordinary + (to_float(s.qualified_yield) + to_float(s.volatility) ** 2 / 2) * long_term
            for s in problem.securities
        ]
    )
    location = drag * annuity(to_float(outlook.location_years), discount)
    return Prices(future_gain, min(carried, ordinary), drag, location, _shelter(problem, location), retirement)


def _shelter(problem: Problem, location: Vector) -> float:
    """Location cost of one dollar spread over the targets, each segment through its least dragging security."""
    cheapest: dict[str, float] = {}
    for security, cost in zip(problem.securities, location, strict=True):
        for segment, weight in security.exposures.items():
            if weight > 0:
                cheapest[segment] = min(cheapest.get(segment, float(cost)), float(cost))
    return sum(to_float(s.target) * cheapest[s.id] for s in problem.segments if s.id in cheapest)
