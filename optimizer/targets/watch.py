"""When a household looks at its bands, and on what it then acts.

Looking and acting are apart. A calendar says on which days somebody looks; `act` says whether a look leads to trades
always or only when a segment is outside its band. Looking every day and acting outside a band is the pure band rule,
looking once a year and acting always the pure calendar rule, and looking often with wide bands is look often, act rarely.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from optimizer.market.prices import Days

Rhythm = Literal["day", "month", "quarter", "half-year", "year"]
RHYTHMS: tuple[str, ...] = get_args(Rhythm)
Act = Literal["outside", "always"]
_MONTHS: dict[str, int] = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
_SATURDAY = 5


@dataclass(frozen=True)
class Watch:
    """On which days somebody looks, and whether that alone is a reason to trade.

    Parameters
    ----------
    look : a rhythm, whose days are the last weekdays of calendar months, quarters, half-years or years; or a list of days.
    act : outside, when trades are called for by a segment outside its band; always, when the day alone calls for them.
    """

    look: Rhythm | tuple[date, ...] = "day"
    act: Act = "outside"

    def next_look(self, after: date) -> date | None:
        """The first day after `after` on which somebody looks; None when a list of days has ended."""
        if isinstance(self.look, tuple):
            days = sorted(self.look)
            place = bisect_right(days, after)
            return days[place] if place < len(days) else None
        if self.look == "day":
            return _weekday_from(after + timedelta(days=1))
        return next(day for day in _period_ends(after, _MONTHS[self.look]) if day > after)

    def looks(self, dates: Days) -> NDArray[np.bool_]:
        """Which of some days with prices, rising, are the ones on which somebody looks, of shape (n_days,).

        A rhythm takes the last of `dates` in each of its periods, the very last one only if its period is over by then; a day
        of a list is moved to the last of `dates` on or before it, and one before all of them is left out.
        """
        if not len(dates):
            return np.zeros(0, dtype=bool)
        if isinstance(self.look, tuple):
            found = np.zeros(len(dates), dtype=bool)
            wanted = np.array(sorted(self.look), dtype="datetime64[D]")
            rows = np.searchsorted(dates, wanted, side="right") - 1
            found[rows[(rows >= 0) & (wanted <= dates[-1])]] = True
            return found
        if self.look == "day":
            return np.ones(len(dates), dtype=bool)
        periods = dates.astype("datetime64[M]").astype(int) // _MONTHS[self.look]
        last = dates[-1].astype(object)
        is_over = next(_period_ends(last, _MONTHS[self.look])) <= last
        ends: NDArray[np.bool_] = np.append(periods[1:] != periods[:-1], is_over)
        return ends


def _period_ends(day: date, months: int) -> Iterator[date]:
    """The last weekdays of periods of so many calendar months, from the one `day` lies in on."""
    count = day.year * 12 + day.month - 1
    end = count - count % months + months
    while True:
        yield _weekday_upto(date(end // 12, end % 12 + 1, 1) - timedelta(days=1))
        end += months


def _weekday_upto(day: date) -> date:
    while day.weekday() >= _SATURDAY:
        day -= timedelta(days=1)
    return day


def _weekday_from(day: date) -> date:
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    return day


def look_days(watch: Watch, dates: Sequence[date] | Days) -> list[date]:
    """The days among `dates` on which somebody looks."""
    days = np.array(dates, dtype="datetime64[D]")
    found: list[date] = days[watch.looks(days)].astype(object).tolist()
    return found
