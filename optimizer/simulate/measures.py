"""What a policy came to, in the figures people compare: growth before and after tax, risk, turnover, tax, and two premiums.

The two premiums are named apart because they are taken for one another. The *rebalancing return* is what rebalancing earned
beyond holding the same start and never touching it. The *diversification return* is what it earned beyond the average growth of
the segments, which a portfolio that is never rebalanced earns to a good part as well.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.simulate.outcome import Outcome
from optimizer.simulate.paths import Paths

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Figures:
    """Figures of one policy; arrays of shape (n_paths,), over the first steps of every path up to a horizon.

    Parameters
    ----------
    before : growth a year before tax, a fraction.
    after : after the tax of every year; what is owed at the end is taken off.
    liquidated : after selling everything at the end too.
    stepped_up : left to heirs, who owe nothing on the gains; the same as `after`.
    given : given to charity in shares at the end, with what the deduction saves.
    volatility, drawdown, sharpe : of monthly growth before tax; volatility a year, the deepest fall from a peak as a fraction.
    turnover : sold a year as a fraction of the portfolio's mean value, swaps of a harvest left out.
    rebalances : a year.
    tax, spread : paid a year as a fraction of the portfolio's mean value.
    """

    before: Floats
    after: Floats
    liquidated: Floats
    stepped_up: Floats
    given: Floats
    volatility: Floats
    drawdown: Floats
    sharpe: Floats
    turnover: Floats
    rebalances: Floats
    tax: Floats
    spread: Floats

    def joined(self, other: "Figures") -> "Figures":
        """These paths and then those of another."""
        parts = {name: np.concatenate([getattr(self, name), getattr(other, name)]) for name in self.__dataclass_fields__}
        return Figures(**parts)


def figures_of(outcome: Outcome, paths: Paths, horizon: int) -> Figures:
    """Measure a policy over the first `horizon` steps of every path."""
    per_year = paths.clock.per_year
    years = horizon / per_year
    gross, net = outcome.gross[:, :horizon], outcome.net[:, :horizon]
    ending = outcome.ends[horizon]
    whole, taxed = gross.prod(axis=1), net.prod(axis=1)
    mean = np.maximum(outcome.value[:, : horizon + 1].mean(axis=1), 1e-9)
    level = np.concatenate([np.ones((len(gross), 1)), np.cumprod(gross, axis=1)], axis=1)
    excess = gross - 1 - paths.cash_rate[:, :horizon]
    spread = excess.std(axis=1, ddof=1) if horizon > 1 else np.zeros(len(gross))
    sharpe = np.divide(excess.mean(axis=1), spread, out=np.zeros_like(whole), where=spread > 1e-12)
    return Figures(
        before=annual(whole, years),
        after=annual(taxed * ending.kept, years),
        liquidated=annual(taxed * ending.liquidated, years),
        stepped_up=annual(taxed * ending.stepped_up, years),
        given=annual(taxed * ending.given, years),
        volatility=(gross.std(axis=1, ddof=1) if horizon > 1 else np.zeros(len(gross))) * np.sqrt(per_year),
        drawdown=(1 - level / np.maximum.accumulate(level, axis=1)).max(axis=1),
        sharpe=np.asarray(sharpe * np.sqrt(per_year)),
        turnover=outcome.sold[:, :horizon].sum(axis=1) / mean / years,
        rebalances=outcome.acted[:, :horizon].sum(axis=1) / years,
        tax=outcome.tax_paid[:, :horizon].sum(axis=1) / mean / years,
        spread=outcome.spread[:, :horizon].sum(axis=1) / mean / years,
    )


def annual(growth: Floats, years: float) -> Floats:
    """Growth a year of a factor over some years; -1 where nothing is left."""
    return np.asarray(np.maximum(growth, 0.0) ** (1 / years) - 1)


def average_segment(paths: Paths, weights: Floats, horizon: int) -> Floats:
    """Growth a year of the average segment, weighted as the policy starts; shape (n_paths,)."""
    factors = (1 + paths.segments().total()[:, :horizon]).prod(axis=1)
    return np.asarray((annual(factors, horizon / paths.clock.per_year) * weights).sum(axis=1))


def theory(paths: Paths, weights: Floats, horizon: int) -> Floats:
    """Half of weighted variance less portfolio variance, a year, of log returns at fixed weights; shape (n_paths,).

    It is what rebalancing to fixed weights adds to the average of the segments' continuously compounded growth rates, to second
    order (Booth and Fama 1992; Fernholz 2002).
    """
    logs = np.log1p(paths.segments().total()[:, :horizon])
    each = logs.var(axis=1)
    together = (logs * weights).sum(axis=2).var(axis=1)
    return np.asarray(((each * weights).sum(axis=1) - together) / 2 * paths.clock.per_year)
