"""Since when a segment is outside its band: today's lots, as they were bought, valued on the days of a price history."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from lots.units import to_float
from optimizer.market.prices import Matrix, PriceHistory
from optimizer.problem import Problem
from optimizer.targets.bands import standing


@dataclass(frozen=True)
class Since:
    """The first day of the stretch outside that reaches to today.

    `is_at_least` says that the prices do not go back to its beginning.
    """

    day: date
    is_at_least: bool


def outside_since(problem: Problem, history: PriceHistory) -> dict[str, Since]:
    """The day since which each segment that is outside today has been outside, by segment.

    Every security's value on a day is its value today by the ratio of the two closes; a lot counts from the day it was
    acquired, one without a day from the beginning; cash is what it is today. What was sold meanwhile is not known here, so
    with much trading the day is only near. Days before the first lot was bought do not count. Bands are today's.

    A security without prices in the history counts at its price of today; a hole counts as the last price before it.
    """
    known = history.upto(problem.as_of)
    bought = [lot.acquired for lot in problem.lots if lot.acquired is not None]
    known = known.since(min(bought)) if bought else known
    if not len(known):
        return {}
    weights = _weights(problem, known)
    lower = np.array([to_float(s.trigger.lower) for s in problem.segments])
    upper = np.array([to_float(s.trigger.upper) for s in problem.segments])
    out = standing(weights, lower, upper)
    dates = known.dates.astype(object)
    found: dict[str, Since] = {}
    for column, segment in enumerate(problem.segments):
        side = out[-1, column]
        if not side:
            continue
        other = np.flatnonzero(out[:, column] != side)
        first = int(other[-1]) + 1 if other.size else 0
        found[segment.id] = Since(dates[first], not other.size)
    return found


def _weights(problem: Problem, known: PriceHistory) -> Matrix:
    """Weights of all segments, parents included, of shape (n_days, n_segments)."""
    places = {segment.id: place for place, segment in enumerate(problem.segments)}
    parent = {segment.id: segment.parent for segment in problem.segments}
    held = _values(problem, known)
    values = np.zeros((len(known), len(places)))
    for column, security in enumerate(problem.securities):
        for name, weight in security.exposures.items():
            node: str | None = name
            while node is not None:
                values[:, places[node]] += to_float(weight) * held[:, column]
                node = parent[node]
    cash = sum(to_float(a.cash) for a in problem.accounts) + sum(to_float(i.amount) for i in problem.income)
    total = held.sum(axis=1) + cash
    shares: Matrix = values / np.where(total > 0, total, 1.0)[:, None]
    return shares


def _values(problem: Problem, known: PriceHistory) -> Matrix:
    """Dollars of every security held on every day, of shape (n_days, n_securities); the last row is today's."""
    seat = {symbol: place for place, symbol in enumerate(known.symbols)}
    columns = {security.symbol: place for place, security in enumerate(problem.securities)}
    values = np.zeros((len(known), len(columns)))
    dates = known.dates.astype("datetime64[D]")
    for lot in problem.lots:
        column = columns[lot.symbol]
        price = to_float(problem.securities[column].price)
        shares = np.full(len(known), to_float(lot.shares))
        if lot.acquired is not None:
            shares[dates < np.datetime64(lot.acquired)] = 0.0
        values[:, column] += shares * price
    for symbol, column in columns.items():
        if symbol in seat:
            close = _carried(known.close[:, seat[symbol]])
            values[:-1, column] *= (close / close[-1])[:-1]
    return values


def _carried(close: Matrix) -> Matrix:
    """A series with every hole at the last price before it, and what lies before the first at the first."""
    rows = np.where(np.isfinite(close), np.arange(len(close)), -1)
    if rows.max() < 0:
        return np.ones_like(close)
    last = np.maximum.accumulate(rows)
    last[last < 0] = int(np.flatnonzero(rows >= 0)[0])
    series: Matrix = close[last]
    return series
