"""How good a slicing is: can it be held cheaply, is there history to judge it by, and do its slices swing apart?

Rebalancing earns from slices that swing, and apart from each other. A slicing into many segments that move as one costs
trades and earns nothing, however natural its names are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from optimizer.errors import Fault, InputFaults
from optimizer.market.prices import Matrix, PriceHistory, Vector, month_ends
from optimizer.market.risk import (
    Bonus,
    cluster_order,
    clusters,
    complete,
    effective_bets,
    rebalancing_bonus,
    shrunk_correlation,
    volatility,
)

LOCKSTEP = 0.9
"""Correlation of monthly returns from which two slices are one for rebalancing."""
TOGETHER = 0.8
"""Mean correlation from which slices are drawn as one cluster."""
ENOUGH_MONTHS = 60
FEWEST_MONTHS = 24


@dataclass(frozen=True)
class Slice:
    """One segment of a slicing and the series that stands for it.

    Parameters
    ----------
    segment, name : its id and what people call it.
    fund : the symbol whose prices stand for it.
    expense : what that fund costs, a fraction a year; None when nobody stated it.
    weight : its part of the class.
    first : the first day its fund has a price.
    volatility : standard deviation of a year's return, over the common months.
    """

    segment: str
    name: str
    fund: str
    expense: float | None
    weight: float
    first: date
    volatility: float


@dataclass(frozen=True, eq=False)
class Score:
    """What was measured of a slicing.

    Parameters
    ----------
    slices : the segments measured.
    unmeasured : segments of which the prices have no fund.
    first, last : the common months lie between them.
    correlation : ndarray of shape (n, n) of monthly returns, in the order of `slices`, as measured.
    order : places of the slices with what moves together side by side.
    labels : cluster of every slice.
    bets : effective number of bets.
    bonus : expected rebalancing bonus a year before cost.
    expense : weighted expense ratio a year over the slices that state one; None when none does.
    """

    slices: tuple[Slice, ...]
    unmeasured: tuple[str, ...]
    first: date
    last: date
    correlation: Matrix
    order: tuple[int, ...]
    labels: tuple[int, ...]
    bets: float
    bonus: Bonus
    expense: float | None

    @property
    def lockstep(self) -> list[tuple[str, str, float]]:
        """Pairs of slices whose correlation is at least 0.9 as the page prints it, the closest first."""
        count = len(self.slices)
        pairs = [(i, j) for i in range(count) for j in range(i + 1, count) if round(self.correlation[i, j], 2) >= LOCKSTEP]
        pairs.sort(key=lambda pair: -self.correlation[pair])
        return [(self.slices[i].name, self.slices[j].name, float(self.correlation[i, j])) for i, j in pairs]

    def words(self) -> list[str]:
        """What the numbers mean, in sentences."""
        return [*_on_history(self), _on_cost(self), _on_bonus(self), _on_bets(self), *_on_lockstep(self)]


@dataclass(frozen=True)
class Candidate:
    """A segment to be measured: the funds that could stand for it, with their expense as a fraction where it is known."""

    segment: str
    name: str
    funds: Mapping[str, float | None]
    weight: float | None = None


def score(candidates: Sequence[Candidate], history: PriceHistory) -> Score:
    """Measure a slicing on the months that all its segments have in common.

    Of every segment the fund with the longest history stands for it, the first of those as long. Weights are those
    stated, equal ones where they are not, scaled to the segments that can be measured.

    Raises
    ------
    InputFaults
        When fewer than two segments have prices, or fewer than 24 months are common to all.
    """
    monthly = history.at_rows(month_ends(history.dates))
    chosen = {c.segment: _longest(c, monthly) for c in candidates}
    measured = [c for c in candidates if chosen[c.segment] is not None]
    if len(measured) < 2:
        wanted = ", ".join(symbol for c in candidates for symbol in c.funds)
        raise InputFaults(
            [Fault((), f"prices of {len(measured)} of the segments", f"of two at least: {wanted[:200]}", where="prices")]
        )
    funds = [chosen[c.segment] or "" for c in measured]
    picked = monthly.only(funds)
    returns = picked.returns()
    rows = np.flatnonzero(np.isfinite(returns).all(axis=1))
    if len(rows) < FEWEST_MONTHS:
        found = f"{len(rows)} months in which every segment has a return"
        raise InputFaults(
            [Fault((), found, f"{FEWEST_MONTHS} at least", "Leave the youngest out, or bring older prices.", "prices")]
        )
    whole = complete(returns)
    weights = _weights(measured)
    spread = volatility(whole)
    if spread.min() <= 0:
        still = funds[int(np.argmin(spread))]
        raise InputFaults([Fault((), f"a price of {still} that never moves", "prices that do", where="prices")])
    correlation: Matrix = np.asarray(np.corrcoef(whole.T))
    cov = shrunk_correlation(whole)[0] * np.outer(spread, spread)
    return Score(
        slices=tuple(_slices(measured, funds, weights, spread, history)),
        unmeasured=tuple(c.name for c in candidates if chosen[c.segment] is None),
        first=picked.dates[rows[0]].astype(object),
        last=picked.dates[rows[-1] + 1].astype(object),
        correlation=correlation,
        order=tuple(cluster_order(correlation)),
        labels=tuple(int(label) for label in clusters(correlation, TOGETHER)),
        bets=effective_bets(weights, cov),
        bonus=rebalancing_bonus(weights, whole),
        expense=_expense(measured, funds, weights),
    )


def _longest(candidate: Candidate, monthly: PriceHistory) -> str | None:
    """The fund with most months of prices."""
    seats = {symbol: place for place, symbol in enumerate(monthly.symbols)}
    counts = {s: int(np.isfinite(monthly.adjusted[:, seats[s]]).sum()) for s in candidate.funds if s in seats}
    return max(counts, key=lambda symbol: counts[symbol]) if counts else None


def _weights(measured: Sequence[Candidate]) -> Vector:
    stated = [c.weight for c in measured]
    if any(weight is None for weight in stated) or not sum(weight or 0 for weight in stated):
        return np.full(len(measured), 1 / len(measured))
    parts = np.array(stated, dtype=float)
    weights: Vector = parts / parts.sum()
    return weights


def _slices(
    measured: Sequence[Candidate], funds: Sequence[str], weights: Vector, spread: Vector, history: PriceHistory
) -> list[Slice]:
    made = []
    for place, (candidate, fund) in enumerate(zip(measured, funds, strict=True)):
        known = np.flatnonzero(np.isfinite(history.adjusted[:, history.symbols.index(fund)]))
        first = history.dates[known[0]].astype(object)
        weight, swing = float(weights[place]), float(spread[place])
        made.append(Slice(candidate.segment, candidate.name, fund, candidate.funds[fund], weight, first, swing))
    return made


def _expense(measured: Sequence[Candidate], funds: Sequence[str], weights: Vector) -> float | None:
    stated = [(w, c.funds[f]) for w, c, f in zip(weights, measured, funds, strict=True)]
    known = [(float(w), e) for w, e in stated if e is not None]
    total = sum(w for w, _ in known)
    return sum(w * e for w, e in known) / total if total else None


def _on_history(score: Score) -> list[str]:
    months = score.bonus.months
    enough = "" if months >= ENOUGH_MONTHS else f" That is little: {ENOUGH_MONTHS} would tell a good year from a good slicing."
    youngest = max(score.slices, key=lambda each: each.first)
    words = f"Measured on {months} months that all slices have in common; {youngest.name} ({youngest.fund}) is the youngest."
    missing = [f"Not measured, for want of prices: {', '.join(score.unmeasured)}."] if score.unmeasured else []
    return [words + enough, *missing]


def _on_cost(score: Score) -> str:
    if score.expense is None:
        return "What the funds cost is not stated."
    return f"The funds cost {100 * score.expense:.2f} % a year, weighted."


def _on_bonus(score: Score) -> str:
    low, high = score.bonus.band
    words = (
        f"Expected rebalancing bonus before cost: {100 * score.bonus.value:.2f} % a year, with nine chances in ten between "
        f"{100 * low:.2f} and {100 * high:.2f} %."
    )
    if score.expense is not None and score.bonus.value < score.expense:
        return f"{words} The funds cost more than that."
    return f"{words} It is what weights that are kept earn over holdings left alone with equal growth, not a promise."


def _on_bets(score: Score) -> str:
    return f"The {len(score.slices)} slices diversify like {score.bets:.1f} that have nothing to do with each other."


def _on_lockstep(score: Score) -> list[str]:
    pairs = score.lockstep
    if not pairs:
        return [f"No two slices move in lockstep (correlation {LOCKSTEP:.1f} or more)."]
    told = [f"{a} and {b} move in lockstep ({rho:.2f}): between them there is little to rebalance." for a, b, rho in pairs[:6]]
    return told if len(pairs) <= 6 else [*told, f"So do {len(pairs) - 6} more pairs."]
