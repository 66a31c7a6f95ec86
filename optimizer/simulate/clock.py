"""The days a simulation steps through, with what the law makes of them: terms, wash-sale windows, tax years.

Every date rule is asked of :mod:`lots` once, when the clock is made; the engine then compares step numbers alone. Steps are
month ends in all that ships, but any rising list of days will do.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from lots.dates import long_term_from
from lots.wash.window import window

Index = NDArray[np.intp]
Mask = NDArray[np.bool_]

TAX_MONTH = 4
"""Last year's tax is paid at the first step in or after April."""


@dataclass(frozen=True)
class Clock:
    """Days 0 to n; holdings are bought on day 0 and step t ends on day t.

    Parameters
    ----------
    days : the n + 1 days.
    per_year : steps in a year, for annualising.
    long_from : shape (n + 1,); first step on which what was acquired on each day is long-term, n + 1 if none.
    window_from : shape (n + 1,); first step whose day lies in the wash-sale window around each day.
    pays_tax, ends_year : shape (n + 1,); whether last year's tax is paid, whether it is the last step of its tax year.
    """

    days: tuple[date, ...]
    per_year: float
    long_from: Index
    window_from: Index
    pays_tax: Mask
    ends_year: Mask

    @property
    def n_steps(self) -> int:
        """Steps after the first day."""
        return len(self.days) - 1

    @property
    def n_years(self) -> float:
        """Length in years of `per_year` steps."""
        return self.n_steps / self.per_year

    def first(self, n_steps: int) -> "Clock":
        """The same clock stopped after `n_steps`."""
        return clock_of(self.days[: n_steps + 1])

    def agrees_with(self, other: "Clock") -> bool:
        """Whether the law makes the same of both, so that paths that start in different years may run together."""
        ours = (self.long_from, self.window_from, self.pays_tax, self.ends_year)
        theirs = (other.long_from, other.window_from, other.pays_tax, other.ends_year)
        return all(np.array_equal(a, b) for a, b in zip(ours, theirs, strict=True))


def clock_of(days: Sequence[date]) -> Clock:
    """Ask the law about every day of a rising list."""
    n = len(days)
    ordinal = np.array([day.toordinal() for day in days])
    long_from = np.searchsorted(ordinal, [long_term_from(day).toordinal() for day in days])
    window_from = np.searchsorted(ordinal, [window(day).first.toordinal() for day in days])
    april = [day.month >= TAX_MONTH for day in days]
    opens = [t > 0 and april[t] and not (april[t - 1] and days[t - 1].year == days[t].year) for t in range(n)]
    last = [t + 1 < n and days[t + 1].year != days[t].year for t in range(n)]
    if n > 1 and _next_month(days[-1]).year != days[-1].year:
        last[-1] = True
    span = (ordinal[-1] - ordinal[0]) / DAYS_OF_A_MEAN_YEAR
    per_year = (n - 1) / span if n > 1 else 1.0
    near = round(per_year)
    return Clock(
        days=tuple(days),
        per_year=float(near) if near and abs(per_year - near) < 0.05 * near else per_year,
        long_from=np.asarray(long_from, dtype=np.intp),
        window_from=np.asarray(window_from, dtype=np.intp),
        pays_tax=np.array(opens),
        ends_year=np.array(last),
    )


DAYS_OF_A_MEAN_YEAR = 365.2425
"""Of the Gregorian calendar; only to count steps a year."""


def month_end(year: int, month: int) -> date:
    """The last day of a month; months past twelve run into the years after."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, monthrange(year, month)[1])


def months(start: date, n_months: int) -> tuple[date, ...]:
    """The end of the month of `start` and of the `n_months` months after it."""
    return tuple(month_end(start.year, start.month + k) for k in range(n_months + 1))


def _next_month(day: date) -> date:
    return month_end(day.year, day.month + 1)
