"""Returns along paths: what every engine and policy of a comparison sees, the same numbers for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.simulate.clock import Clock

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Paths:
    """Returns of every asset over every step of every path, split by tax character.

    Parameters
    ----------
    clock : the days.
    names : the assets; with `has_market` the last one is a fund of the whole market, the others are segments.
    price : shape (n_paths, n_steps, n_assets), change in price as a fraction, dividends left out, expenses taken off.
    ordinary, qualified : shape (1 or n_paths, n_steps, n_assets), dividends paid at the end of the step per dollar at its start.
    cash_rate : shape (1 or n_paths, n_steps), what cash earned; used for the Sharpe ratio alone.
    has_market : whether the last asset is the market fund.
    """

    clock: Clock
    names: tuple[str, ...]
    price: Floats
    ordinary: Floats
    qualified: Floats
    cash_rate: Floats
    has_market: bool = False

    @property
    def n_paths(self) -> int:
        """Number of paths."""
        return int(self.price.shape[0])

    @property
    def n_steps(self) -> int:
        """Steps of each path."""
        return int(self.price.shape[1])

    @property
    def n_segments(self) -> int:
        """Segments, the market fund left out."""
        return len(self.names) - self.has_market

    def total(self) -> Floats:
        """Total returns, shape (n_paths, n_steps, n_assets)."""
        return np.asarray(self.price + self.ordinary + self.qualified)

    def segments(self) -> "Paths":
        """The same paths without the market fund."""
        return self._only(slice(0, self.n_segments), has_market=False)

    def market(self) -> "Paths":
        """The market fund alone, as a portfolio of one segment."""
        return self._only(slice(self.n_segments, self.n_segments + 1), has_market=False)

    def rows(self, rows: slice) -> "Paths":
        """Some of the paths."""
        cut = [_rows(each, rows) for each in (self.price, self.ordinary, self.qualified, self.cash_rate)]
        return Paths(self.clock, self.names, cut[0], cut[1], cut[2], cut[3], self.has_market)

    def first(self, n_steps: int) -> "Paths":
        """The paths stopped after `n_steps`."""
        cut = [each[:, :n_steps] for each in (self.price, self.ordinary, self.qualified, self.cash_rate)]
        return Paths(self.clock.first(n_steps), self.names, cut[0], cut[1], cut[2], cut[3], self.has_market)

    def _only(self, columns: slice, has_market: bool) -> "Paths":
        cut = [each[:, :, columns] for each in (self.price, self.ordinary, self.qualified)]
        return Paths(self.clock, self.names[columns], cut[0], cut[1], cut[2], self.cash_rate, has_market)


def _rows(array: Floats, rows: slice) -> Floats:
    return array if array.shape[0] == 1 else array[rows]


@dataclass(frozen=True)
class Yields:
    """Dividends of each asset a year as fractions of its value, and its expense ratio; assumptions, unless measured.

    They are paid out in the months of `pay_months` in equal parts, and taken out of a series of total returns.
    """

    ordinary: tuple[float, ...]
    qualified: tuple[float, ...]
    expense: tuple[float, ...]
    pay_months: tuple[int, ...] = (3, 6, 9, 12)


def split_returns(
    total: Floats, clock: Clock, names: Sequence[str], yields: Yields, cash_rate: Floats, has_market: bool = False
) -> Paths:
    """Take assumed dividends and expenses out of total returns of shape (n_paths, n_steps, n_assets)."""
    pays = np.array([day.month in yields.pay_months for day in clock.days[1:]], dtype=float)
    pays /= max(1, len(yields.pay_months))
    ordinary, qualified = (pays[None, :, None] * np.array(each)[None, None, :] for each in (yields.ordinary, yields.qualified))
    expense = np.array(yields.expense) / clock.per_year
    net = (1.0 + total) * (1.0 - expense) - 1.0
    floor = -1.0 + 1e-9
    price = np.maximum(net - ordinary - qualified, floor)
    return Paths(clock, tuple(names), price, ordinary, qualified, np.atleast_2d(cash_rate), has_market)
