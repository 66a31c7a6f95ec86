"""Histories as paths: the user's price files, twelve US industries, and every window of a history as a path of its own.

A policy is shown from the first month in which everything it may hold has a price; nothing is filled in and nothing is
shown before that.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from optimizer.errors import Fault, InputFaults
from optimizer.market.prices import PriceHistory, month_ends
from optimizer.simulate.clock import clock_of, month_end, months
from optimizer.simulate.paths import Floats, Paths, Yields, split_returns

DAYS_SHORT = 7
"""A last month whose data end more than this many days before the month does is left out."""
INDUSTRIES = ("NoDur", "Durbl", "Manuf", "Enrgy", "Chems", "BusEq", "Telcm", "Utils", "Shops", "Hlth", "Money", "Other")


@dataclass(frozen=True)
class History:
    """One path that happened.

    Parameters
    ----------
    paths : one row.
    source : whose numbers they are.
    assumed : what was not in the numbers and had to be assumed, in sentences.
    """

    paths: Paths
    source: str
    assumed: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What the numbers are and which months they cover."""
        days = self.paths.clock.days
        return f"{self.source}, {days[0]:%B %Y} to {days[-1]:%B %Y}, month by month"


def even_yields(n_assets: int, qualified: float, ordinary: float, expense: float) -> Yields:
    """The same yields and expenses for every asset."""
    return Yields((ordinary,) * n_assets, (qualified,) * n_assets, (expense,) * n_assets)


def industries(qualified: float = 0.03, expense: float = 0.001) -> History:
    """Twelve US industries with the market and the bill rate, monthly, from the `linearmodels` package (extra `study`).

    The package carries the portfolios of Kenneth R. French's data library, January 1949 to March 2017, as total returns.
    Dividends are not apart in it: `qualified` a year is taken out of every month's return and paid at the ends of quarters.
    """
    try:
        from linearmodels.datasets import french
    except ImportError:
        step = "Install it beside Bandwise with `python -m pip install 'linearmodels>=6'`."
        raise InputFaults([Fault((), "no linearmodels package", "the extra `study`", step, "industries")]) from None
    table = french.load()
    names = (*INDUSTRIES, "market")
    bills = table["RF"].to_numpy(dtype=float)
    market = table["MktRF"].to_numpy(dtype=float) + bills
    total = np.column_stack([table[list(INDUSTRIES)].to_numpy(dtype=float), market])[None]
    first = table["dates"].iloc[0]
    clock = clock_of(months(date(first.year - 1, 12, 1), len(table)))
    paths = split_returns(total, clock, names, even_yields(len(names), qualified, 0.0, expense), bills, has_market=True)
    assumed = (
        f"dividends of {qualified:.1%} a year, qualified, paid at the ends of quarters (the data do not tell them apart)",
        f"expenses of {expense:.2%} a year",
    )
    return History(paths, "twelve US industries of Kenneth R. French's library as linearmodels carries them", assumed)


def history_of(
    prices: PriceHistory, segments: tuple[str, ...], market: str | None, yields: Yields, is_qualified: bool, source: str
) -> History:
    """Turn a price history into monthly paths, from the first month in which all of it has prices.

    Parameters
    ----------
    prices : days by symbol; dividends apart where they are known.
    segments, market : the symbols to hold, and the fund of the whole market if any.
    yields : dividends and expenses to assume; of them only expenses where the history has dividends.
    is_qualified : the character of dividends that are known.

    Raises
    ------
    InputFaults
        When less than a year of months has all prices, or a price is missing in between.
    """
    names = (*segments, *((market,) if market else ()))
    monthly = prices.only(names).at_rows(month_ends(prices.dates))
    days = [month_end(day.year, day.month) for day in monthly.dates.astype(object)]
    if days and (days[-1] - monthly.last).days > DAYS_SHORT:
        monthly, days = monthly.at_rows(np.arange(len(days) - 1)), days[:-1]
    whole = np.isfinite(monthly.close).all(axis=1)
    first = int(np.argmax(whole)) if whole.any() else len(days)
    _refuse_holes(names, monthly.close[first:], days[first:])
    rows = slice(first, None)
    clock = clock_of(days[rows])
    n = len(names)
    nothing = np.zeros(clock.n_steps)
    if not monthly.has_dividends:
        total = monthly.returns()[rows]
        paths = split_returns(total[None], clock, names, yields, nothing, market is not None)
        low, high = min(yields.qualified) + min(yields.ordinary), max(yields.qualified) + max(yields.ordinary)
        kind = "qualified" if max(yields.qualified) else "ordinary"
        rate = f"{low:.1%}" if low == high else f"{low:.1%} to {high:.1%}"
        assumed = (f"dividends of {rate} a year, {kind}, paid at the ends of quarters (the file does not tell them apart)",)
    else:
        close, paid = monthly.close[rows], monthly.dividends[rows]
        price = close[1:] / close[:-1] * (1 - np.array(yields.expense) / clock.per_year) - 1
        income = (paid[1:] / close[:-1])[None]
        both: tuple[Floats, Floats] = (np.zeros_like(income), income) if is_qualified else (income, np.zeros_like(income))
        paths = Paths(clock, names, price[None], *both, nothing[None], market is not None)
        assumed = (f"all dividends taken as {'qualified' if is_qualified else 'ordinary'}",)
    expense = max(yields.expense)
    return History(paths, source, (*assumed, f"expenses of {expense:.2%} a year taken off") if expense and n else assumed)


def _refuse_holes(names: tuple[str, ...], close: Floats, days: list[date]) -> None:
    if len(days) <= MONTHS:
        found = f"{len(days)} months in which {', '.join(names)} all have prices"
        raise InputFaults([Fault((), found, "a year or more of months", "Leave out the youngest symbol.", "--prices")])
    faults = []
    for name, column in zip(names, close.T, strict=True):
        missing = [day for day, price in zip(days, column, strict=True) if not np.isfinite(price)]
        if missing:
            when = f"{missing[0]:%Y-%m}" + (f" and {len(missing) - 1} later months" if len(missing) > 1 else "")
            faults.append(Fault((), f"no price of {name} in {when}", "a price in every month after its first", where="--prices"))
    if len({(day.year, day.month) for day in days}) != _month_count(days[0], days[-1]):
        faults.append(Fault((), "months without any price", "a row in every month", where="--prices"))
    if faults:
        raise InputFaults(faults)


MONTHS = 12


def _month_count(first: date, last: date) -> int:
    return (last.year - first.year) * MONTHS + last.month - first.month + 1


def windows_of(paths: Paths, length: int, start_month: int) -> Paths | None:
    """Every window of `length` steps that starts at the end of one calendar month, each as a path; None if there is none.

    Windows that start in the same month of different years have the same terms and wash-sale windows, which the clock checks,
    so they run together.
    """
    days = paths.clock.days
    starts = [t for t in range(len(days) - length) if days[t].month == start_month]
    if not starts:
        return None
    clock = clock_of(days[starts[0] : starts[0] + length + 1])
    rows = np.array(starts)[:, None] + np.arange(length)[None, :]
    alike = [t for t in starts if clock.agrees_with(clock_of(days[t : t + length + 1]))]
    if len(alike) != len(starts):
        raise ValueError("windows whose calendars differ")
    price, ordinary, qualified = (each[0][rows] for each in _whole(paths))
    return Paths(clock, paths.names, price, ordinary, qualified, np.broadcast_to(paths.cash_rate[0], paths.n_steps)[rows],
                 paths.has_market)  # fmt: skip


def _whole(paths: Paths) -> tuple[Floats, Floats, Floats]:
    shape = (1, paths.n_steps, len(paths.names))
    price, ordinary, qualified = (np.broadcast_to(each, shape) for each in (paths.price, paths.ordinary, paths.qualified))
    return price, ordinary, qualified
