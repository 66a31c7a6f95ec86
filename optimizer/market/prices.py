"""Prices through time: what every symbol cost, paid and returned, day by day, with holes left as holes.

Close and dividends are kept apart from the adjusted close, because a dividend is income in the year it is paid and the
adjusted close has it as a gain. Nothing here fills a hole: a price that is missing is NaN, and whoever needs one without holes
says what it does about them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Days = NDArray[np.datetime64]
Day = date | np.datetime64


def as_day64(day: Day) -> "np.datetime64[date]":
    """A day as arrays of days count."""
    same: np.datetime64[date] = np.datetime64(day).astype("datetime64[D]")
    return same


@dataclass(frozen=True, eq=False)
class PriceHistory:
    """Prices of some symbols on some days.

    Parameters
    ----------
    dates : ndarray of shape (n_days,), datetime64[D], rising.
    symbols : n_symbols names.
    adjusted : ndarray of shape (n_days, n_symbols), dollars a share with every dividend reinvested (total return); its level
        means nothing, its ratios do.
    close : ndarray of the same shape, dollars a share, adjusted for splits and not for dividends.
    dividends : ndarray of the same shape, dollars a share on the ex-dividend day, zero on others.
    has_dividends : whether dividends are known apart from prices; without them `close` is `adjusted` and `dividends` is zero.

    A price is NaN where there is none: before a symbol was listed, after it was gone, and in a gap. The arrays cannot be
    written to, so a history may be handed on without a copy.
    """

    dates: Days
    symbols: tuple[str, ...]
    adjusted: Matrix
    close: Matrix
    dividends: Matrix
    has_dividends: bool = True

    def __post_init__(self) -> None:
        shape = (len(self.dates), len(self.symbols))
        for array in (self.adjusted, self.close, self.dividends):
            if array.shape != shape:
                raise ValueError(f"an array of shape {array.shape} where {shape} was expected")
        if len(set(self.symbols)) != len(self.symbols):
            raise ValueError("a symbol stands twice")
        if np.any(np.diff(self.dates) <= np.timedelta64(0, "D")):
            raise ValueError("dates have to rise, each once")
        self.dates.flags.writeable = False
        for array in (self.adjusted, self.close, self.dividends):
            array.flags.writeable = False

    @classmethod
    def of_adjusted(cls, dates: Iterable[object], symbols: Sequence[str], adjusted: Matrix) -> "PriceHistory":
        """A history of which only total returns are known, as from a table of adjusted closes."""
        days = np.array(list(dates), dtype="datetime64[D]")
        own = np.array(adjusted, dtype=float)
        return cls(days, tuple(symbols), own, own, np.zeros_like(own), has_dividends=False)

    def __len__(self) -> int:
        return len(self.dates)

    @property
    def first(self) -> date:
        """The first day."""
        return self.dates[0].astype(object)  # type: ignore[no-any-return]

    @property
    def last(self) -> date:
        """The last day."""
        return self.dates[-1].astype(object)  # type: ignore[no-any-return]

    def rows_upto(self, day: Day) -> int:
        """How many rows are known at the close of `day`."""
        return int(np.searchsorted(self.dates, as_day64(day), side="right"))

    def upto(self, day: Day) -> "PriceHistory":
        """What is known at the close of `day`, as a view: no later row can be reached through it."""
        return self._rows(slice(0, self.rows_upto(day)))

    def since(self, day: Day) -> "PriceHistory":
        """The rows of `day` and later, as a view."""
        return self._rows(slice(int(np.searchsorted(self.dates, as_day64(day), side="left")), None))

    def at_rows(self, rows: NDArray[np.intp]) -> "PriceHistory":
        """The prices of some rows, given in rising order; dividends paid between them are added up to the next row."""
        if not len(rows):
            return self._rows(slice(0, 0))
        paid = np.add.reduceat(self.dividends[: rows[-1] + 1], np.append(0, rows[:-1] + 1), axis=0)
        return PriceHistory(
            self.dates[rows], self.symbols, self.adjusted[rows], self.close[rows], paid, has_dividends=self.has_dividends
        )

    def only(self, symbols: Sequence[str]) -> "PriceHistory":
        """The history of some symbols, in their order; KeyError for one that is not here."""
        seat = {symbol: place for place, symbol in enumerate(self.symbols)}
        columns = [seat[symbol] for symbol in symbols]
        adjusted, close, paid = self.adjusted[:, columns], self.close[:, columns], self.dividends[:, columns]
        return PriceHistory(self.dates, tuple(symbols), adjusted, close, paid, self.has_dividends)

    def returns(self) -> Matrix:
        """Total returns from row to row as fractions, of shape (n_days - 1, n_symbols); NaN beside a hole."""
        return self.adjusted[1:] / self.adjusted[:-1] - 1

    def _rows(self, rows: slice) -> "PriceHistory":
        adjusted, close, paid = self.adjusted[rows], self.close[rows], self.dividends[rows]
        return PriceHistory(self.dates[rows], self.symbols, adjusted, close, paid, self.has_dividends)


def month_ends(dates: Days) -> NDArray[np.intp]:
    """Rows that are the last of their calendar month; the very last row counts, whether its month is over or not."""
    months = dates.astype("datetime64[M]")
    is_last = np.append(months[1:] != months[:-1], True) if len(dates) else np.zeros(0, dtype=bool)
    return np.flatnonzero(is_last)
