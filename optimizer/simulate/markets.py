"""Simulated markets: correlated lognormal returns with dials, and block bootstrap of a history. Each from a seed.

A path's numbers depend on the seed and its own number alone, so the same seed gives the same bytes however the work is shared
out, and every policy of a comparison meets the same paths (common random numbers).
"""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from optimizer.simulate.clock import clock_of, months
from optimizer.simulate.paths import Paths, Yields, split_returns

Floats = NDArray[np.float64]

MONTHS = 12


class Market(Protocol):
    """Where paths come from."""

    @property
    def names(self) -> tuple[str, ...]:
        """The segments."""
        ...

    @property
    def words(self) -> str:
        """What the numbers are, as a reader has to know it."""
        ...

    @property
    def assumed(self) -> tuple[str, ...]:
        """What had to be assumed, in sentences."""
        ...

    def paths(self, first: int, count: int, n_months: int) -> Paths:
        """Paths number `first` and the `count` - 1 after it."""


@dataclass(frozen=True)
class Regime:
    """A second state of the market, entered and left by chance each month.

    Parameters
    ----------
    enter, leave : chance a month.
    drift : added to every segment's yearly growth while it lasts.
    volatility : factor on every volatility.
    correlation : correlation of all pairs while it lasts.
    """

    enter: float = 0.0
    leave: float = 0.2
    drift: float = -0.15
    volatility: float = 1.8
    correlation: float = 0.8


@dataclass(frozen=True)
class Lognormal:
    """Correlated lognormal segments.

    Parameters
    ----------
    names : segments.
    growth : expected continuously compounded growth a year of each segment; unequal ones let winners run.
    volatility : standard deviation of a year's log return, of each segment.
    correlation : of all pairs.
    seed : of the first path.
    mean_reversion : part of a segment's distance from the average of all that is taken back each year; 0 is a random walk.
    momentum : part of a segment's excess over the average last year that is carried into this one.
    regime : a second state; never entered by default.
    yields, start : dividends assumed, and the first month.
    """

    names: tuple[str, ...]
    growth: tuple[float, ...]
    volatility: tuple[float, ...]
    correlation: float
    seed: int
    yields: Yields
    mean_reversion: float = 0.0
    momentum: float = 0.0
    regime: Regime = Regime()
    start: date = date(2026, 12, 31)

    @property
    def words(self) -> str:
        """Says that the market is made up, and of what."""
        low, high = min(self.volatility), max(self.volatility)
        span = f"{low:.0%}" if low == high else f"{low:.0%} to {high:.0%}"
        dials = [
            f"mean reversion {self.mean_reversion:g} a year" if self.mean_reversion else "",
            f"momentum {self.momentum:g}" if self.momentum else "",
            f"a second regime entered with {self.regime.enter:.1%} a month" if self.regime.enter else "",
        ]
        more = "".join(f", {each}" for each in dials if each)
        return (
            f"a made-up market: {len(self.names)} segments, lognormal, volatility {span} a year, "
            f"correlation {self.correlation:g}{more}, seed {self.seed}"
        )

    @property
    def assumed(self) -> tuple[str, ...]:
        """Growth, dividends and expenses."""
        low, high = min(self.growth), max(self.growth)
        growth = f"{low:.1%}" if low == high else f"{low:.1%} to {high:.1%}"
        paid = self.yields.ordinary[0] + self.yields.qualified[0]
        kind = "ordinary" if self.yields.ordinary[0] else "qualified"
        grows = f"expected growth of {growth} a year, continuously compounded and before expenses"
        if not paid:
            return (grows,)
        return (
            grows,
            f"dividends of {paid:.1%} a year, {kind}, paid at the ends of quarters, and expenses of {self.yields.expense[0]:.2%}",
        )

    def paths(self, first: int, count: int, n_months: int) -> Paths:
        """Draw paths; one generator per path."""
        draws = [self._path(first + k, n_months) for k in range(count)]
        clock = clock_of(months(self.start, n_months))
        total = np.expm1(np.stack(draws))
        return split_returns(total, clock, self.names, self.yields, np.zeros((1, n_months)))

    def _path(self, number: int, n_months: int) -> Floats:
        """Log returns of one path, shape (n_months, n_segments)."""
        random = np.random.default_rng([self.seed, number])
        n = len(self.names)
        shocks, together = random.standard_normal((n_months, n)), random.standard_normal((n_months, 1))
        in_second = self._states(random.random(n_months))
        rho = np.where(in_second, self.regime.correlation if self.regime.enter else self.correlation, self.correlation)
        size = np.where(in_second, self.regime.volatility, 1.0) / np.sqrt(MONTHS)
        noise = np.sqrt(rho)[:, None] * together + np.sqrt(1 - rho)[:, None] * shocks
        drift = np.array(self.growth) / MONTHS + np.where(in_second, self.regime.drift, 0.0)[:, None] / MONTHS
        moves = drift + noise * size[:, None] * np.array(self.volatility)
        return self._with_memory(moves) if self.mean_reversion or self.momentum else moves

    def _states(self, chances: Floats) -> NDArray[np.bool_]:
        second, states = False, np.zeros(len(chances), dtype=bool)
        if self.regime.enter:
            for t, chance in enumerate(chances):
                second = chance >= self.regime.leave if second else chance < self.regime.enter
                states[t] = second
        return states

    def _with_memory(self, moves: Floats) -> Floats:
        """Add mean reversion of relative levels and momentum of the last year's relative return, month by month."""
        level = np.zeros(moves.shape[1])
        own = np.array(self.growth) / MONTHS
        apart = np.zeros_like(moves)
        out = np.empty_like(moves)
        for t in range(len(moves)):
            year = apart[max(0, t - MONTHS) : t].sum(axis=0)
            out[t] = moves[t] - self.mean_reversion / MONTHS * level + self.momentum / MONTHS * year
            apart[t] = out[t] - out[t].mean() - (own - own.mean())
            level += apart[t]
        return out


@dataclass(frozen=True)
class Bootstrap:
    """Blocks of months of a history, drawn with replacement and joined, all assets of a month together.

    Parameters
    ----------
    history : paths of one row, as :mod:`optimizer.simulate.history` makes them.
    block : mean length of a block in months; lengths are geometric, so the result is stationary (Politis and Romano 1994).
    """

    history: Paths
    block: float
    seed: int
    source: str
    assumed: tuple[str, ...] = ()
    start: date = date(2026, 12, 31)

    @property
    def names(self) -> tuple[str, ...]:
        """The segments of the history."""
        return self.history.segments().names

    @property
    def words(self) -> str:
        """Says what was drawn from."""
        first, last = self.history.clock.days[0], self.history.clock.days[-1]
        return (
            f"months of {first:%Y-%m} to {last:%Y-%m} drawn again in blocks of {self.block:g} on average, "
            f"seed {self.seed}, of {self.source}"
        )

    def paths(self, first: int, count: int, n_months: int) -> Paths:
        """Draw paths; one generator per path."""
        places = np.stack([self._places(first + k, n_months) for k in range(count)])
        h = self.history
        rows = np.zeros_like(places)
        price, ordinary, qualified = (each[rows, places] for each in (h.price, h.ordinary, h.qualified))
        clock = clock_of(months(self.start, n_months))
        return Paths(clock, h.names, price, ordinary, qualified, h.cash_rate[rows, places], h.has_market)

    def _places(self, number: int, n_months: int) -> NDArray[np.intp]:
        random = np.random.default_rng([self.seed, number])
        return stationary_blocks(random, self.history.n_steps, n_months, self.block)


def stationary_blocks(random: np.random.Generator, length: int, wanted: int, block: float) -> NDArray[np.intp]:
    """Positions in a history of `length` that blocks of geometric length with mean `block` visit, wrapping at its end."""
    begins = random.random(wanted) < 1.0 / block
    begins[0] = True
    starts = random.integers(0, length, wanted)
    last = np.maximum.accumulate(np.where(begins, np.arange(wanted), 0))
    return np.asarray((starts[last] + np.arange(wanted) - last) % length)


SECTORS = (
    "technology", "communication", "discretionary", "staples", "health care", "financials",
    "industrials", "materials", "energy", "utilities", "real estate",
)  # fmt: skip


def made_up_sectors(seed: int = 1, n_segments: int = 11) -> Lognormal:
    """Eleven made-up sectors: volatility 19 % a year, correlation 0.55, growth 8 %, dividends 1.5 % qualified, expenses 0.1 %.

    The volatility and the correlation are round figures for US sector funds since 1999; the rest is assumed.
    """
    names = tuple(SECTORS[k] if k < len(SECTORS) else f"segment {k + 1}" for k in range(n_segments))
    yields = Yields((0.0,) * n_segments, (0.015,) * n_segments, (0.001,) * n_segments)
    return Lognormal(names, (0.08,) * n_segments, (0.19,) * n_segments, 0.55, seed, yields)
