"""Prices of time and place: what a dollar of postponed gain, of shelter and of yearly tax drag is worth today.

These are forecasts, stated by the household in its outlook. They turn "later" and "elsewhere" into dollars of today so that
the model can weigh them against this year's tax.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lots.units import to_float
from optimizer.market.rates import rates_of
from optimizer.problem import Outlook, Problem

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Prices:
    """What the outlook makes of time and place.

    Parameters
    ----------
    future_gain : φ, dollars of later tax that one dollar of gain realised or given away now removes.
    carried_loss : v, value today of one dollar of loss carried to later years.
    drag : ndarray of shape (n_securities,), yearly tax on one dollar of each security in a taxable account.
    outside, inside : ndarrays of shape (n_securities,), price today of one dollar of each security held in a taxable and in a
        sheltered account over the years the outlook counts; see :func:`_placement`.
    retirement_rate : rate at which pre-tax accounts will be taxed.
    """

    future_gain: float
    carried_loss: float
    drag: Vector
    outside: Vector
    inside: Vector
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
    outlook = problem.outlook
    ordinary, long_term = rates_of(problem.taxpayer)
    discount = to_float(outlook.discount_rate)
    future_gain = later_gain_price(outlook, long_term)
    carried = future_gain if outlook.carryforward_value is None else to_float(outlook.carryforward_value)
    retirement = ordinary if outlook.retirement_rate is None else to_float(outlook.retirement_rate)
    drag = np.array(
        [
            to_float(s.ordinary_yield) * ordinary + (to_float(s.qualified_yield) + to_float(s.volatility) ** 2 / 2) * long_term
            for s in problem.securities
        ]
    )
    outside, inside = _placement(problem, drag * annuity(to_float(outlook.location_years), discount))
    return Prices(future_gain, min(carried, ordinary), drag, outside, inside, retirement)


def later_gain_price(outlook: Outlook, long_term: float) -> float:
    """φ of :func:`prices_of`: dollars of later tax, at today's value, that one dollar of gain realised now removes."""
    future_rate = long_term if outlook.future_long_term_rate is None else to_float(outlook.future_long_term_rate)
    waiting: float = (1 + to_float(outlook.discount_rate)) ** -to_float(outlook.horizon_years)
    return future_rate * waiting * (1 - to_float(outlook.untaxed_probability))


def _placement(problem: Problem, location: Vector) -> tuple[Vector, Vector]:
    """Price where a dollar is held without pricing how much of its segment there is.

    A bare price of drag on taxable holdings would also shrink every segment that drags, and how much of a segment there is
    belongs to its band. So each dollar of a segment is credited with what it costs when the targets are placed as well as
    they can be: sheltered room goes to the segments that drag most, down to a threshold where it is used up, and one dollar
    more of a segment then costs its own drag or the threshold's, whichever is less. Moving a dollar between accounts keeps
    its full price; trading one segment for another at the best placement of the targets costs nothing.
    """
    drag = _segment_drag(problem, location)
    threshold = _threshold(problem, drag)
    credit = np.array(
        [
            sum(to_float(weight) * min(drag[g], threshold) for g, weight in security.exposures.items())
            for security in problem.securities
        ]
    )
    return location - credit, -credit


def _segment_drag(problem: Problem, location: Vector) -> dict[str, float]:
    """Price of each leaf segment's drag through the security that drags least among those that hold mostly that segment."""
    cheapest: dict[str, tuple[float, float]] = {}
    for security, price in zip(problem.securities, location, strict=True):
        for segment, weight in security.exposures.items():
            candidate = (-to_float(weight), float(price))
            cheapest[segment] = min(cheapest.get(segment, candidate), candidate)
    return {segment: price for segment, (_, price) in cheapest.items()}


def _threshold(problem: Problem, drag: dict[str, float]) -> float:
    """Drag of the segment that shares the last sheltered dollar when the targets are placed as well as they can be."""
    total, sheltered = _values(problem)
    target = {s.id: to_float(s.target) * total for s in problem.segments if s.id in drag}
    for segment in sorted(target, key=lambda g: -drag[g]):
        sheltered -= target[segment]
        if sheltered <= 0:
            return drag[segment]
    return 0.0


def _values(problem: Problem) -> tuple[float, float]:
    """Dollars of the household and of its sheltered accounts today."""
    price = {s.symbol: to_float(s.price) for s in problem.securities}
    value = {a.id: to_float(a.cash) for a in problem.accounts}
    for lot in problem.lots:
        value[lot.account] += to_float(lot.shares) * price[lot.symbol]
    return sum(value.values()), sum(value[a.id] for a in problem.accounts if not a.kind.is_taxable)
