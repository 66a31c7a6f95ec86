"""What would bring segments back without a taxed sale: money that comes, money that goes, and time.

Each answer is the least of its kind, found by a small linear program: y dollars of each fund bought (or taken out), bands
of every level kept with the household's value after the flow. Lots, taxes and accounts have no part in it; those are the
plan's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from lots.units import to_float
from optimizer.market.prices import Matrix
from optimizer.market.risk import NINETY_PER_CENT
from optimizer.problem import Problem
from optimizer.targets.drift import Drift

DAYS_A_YEAR = 365.25
CENT = 0.01


@dataclass(frozen=True)
class Fund:
    """What can be bought or taken out: the part of each leaf in a dollar of it, and the dollars held."""

    exposures: Mapping[str, float]
    held: float


@dataclass(frozen=True)
class Flow:
    """The least flow that cures, in dollars, and where it goes to or comes from, leaf by leaf."""

    amount: float
    parts: dict[str, float]


def funds_of(problem: Problem) -> tuple[Fund, ...]:
    """Every security of a household with what is held of it over all accounts."""
    held = {security.symbol: 0.0 for security in problem.securities}
    for lot in problem.lots:
        held[lot.symbol] += to_float(lot.shares)
    return tuple(
        Fund({leaf: to_float(part) for leaf, part in s.exposures.items()}, held[s.symbol] * to_float(s.price))
        for s in problem.securities
    )


def new_money(drifts: Sequence[Drift], total: float, cash: float, funds: Sequence[Fund] | None = None) -> Flow | None:
    """The least new money that, bought with the cash at hand into the right leaves, brings every segment inside its band.

    Parameters
    ----------
    drifts : every segment, as :func:`~optimizer.targets.drift.drifts_of` gives them.
    total : dollars of the household.
    cash : dollars of it that lie idle and may be invested.
    funds : what can be bought; a fund of its own for every leaf when left out.

    Returns
    -------
    Flow or None
        An amount of 0 where the cash at hand is enough; None where no amount cures.
    """
    return _least(drifts, total, cash, 1.0, _funds(drifts) if funds is None else funds)


def withdrawal(drifts: Sequence[Drift], total: float, funds: Sequence[Fund] | None = None) -> Flow | None:
    """The least withdrawal that, sold out of the right leaves, brings every segment inside its band; None if none does."""
    return _least(drifts, total, 0.0, -1.0, _funds(drifts) if funds is None else funds)


def _funds(drifts: Sequence[Drift]) -> list[Fund]:
    """A fund of its own for every leaf."""
    value = {d.segment.id: to_float(d.value) for d in drifts}
    return [Fund({leaf: 1.0}, value[leaf]) for leaf in _leaves(drifts)]


def _least(drifts: Sequence[Drift], total: float, cash: float, sign: float, funds: Sequence[Fund]) -> Flow | None:
    """Minimise the flow c ≥ 0 over c and y ≥ 0 by fund, with V' = V + sign·c after it.

    Bands, for every segment g: lower_g V' ≤ value_g + sign Σ_fund exposure to g · y ≤ upper_g V'.
    Budget: c ≤ Σ y ≤ c + cash for money that comes, all of which is invested; Σ y = c, y ≤ held for money that goes.
    """
    leaves = _leaves(drifts)
    mix = np.array([[fund.exposures.get(leaf, 0.0) for fund in funds] for leaf in leaves])
    inside = _incidence(drifts, leaves) @ mix
    value = np.array([to_float(d.value) for d in drifts])
    lower = np.array([to_float(d.segment.trigger.lower) for d in drifts])
    upper = np.array([to_float(d.segment.trigger.upper) for d in drifts])
    rows = np.vstack(
        [
            np.column_stack([-sign * upper, sign * inside]),
            np.column_stack([sign * lower, -sign * inside]),
            np.append(1.0, -np.ones(len(funds))),
            np.append(-1.0, np.ones(len(funds))),
        ]
    )
    limits = np.concatenate([upper * total - value, value - lower * total, [0.0, cash]])
    most = [(0.0, None if sign > 0 else fund.held) for fund in funds]
    cost = np.append(1.0, np.full(len(funds), 1e-6))  # of equal flows the one that buys least
    from scipy.optimize import linprog  # only a look that finds something out needs it

    found = linprog(cost, A_ub=rows, b_ub=limits, bounds=[(0.0, None if sign > 0 else total), *most])
    if found.status != 0:
        return None
    amount, parts = float(found.x[0]), mix @ found.x[1:]
    return Flow(amount, {leaf: float(part) for leaf, part in zip(leaves, parts, strict=True) if part > CENT})


def _leaves(drifts: Sequence[Drift]) -> list[str]:
    parents = {d.segment.parent for d in drifts}
    return [d.segment.id for d in drifts if d.segment.id not in parents]


def _incidence(drifts: Sequence[Drift], leaves: Sequence[str]) -> Matrix:
    """1 where a leaf is part of a segment, of shape (n_segments, n_leaves)."""
    parent = {d.segment.id: d.segment.parent for d in drifts}
    seat = {d.segment.id: place for place, d in enumerate(drifts)}
    inside = np.zeros((len(drifts), len(leaves)))
    for column, leaf in enumerate(leaves):
        node: str | None = leaf
        while node is not None:
            inside[seat[node], column] = 1.0
            node = parent[node]
    return inside


@dataclass(frozen=True)
class Nearest:
    """The segment that would be out first, the move against everything else that takes it there, and about when."""

    segment: str
    move: float
    when: date


def nearest(drifts: Sequence[Drift], volatilities: dict[str, float], today: date) -> Nearest | None:
    """When a segment that is inside is likely to be out: the first day on which that has one chance in ten.

    A segment of weight w reaches the edge e when it moves by (e − w) / (w (1 − e)) against the rest. A random walk
    with volatility σ is beyond a move of size m on a given day with one chance in ten when m = 1.645 σ √t. Volatilities
    are those stated; that of the difference to the rest is somewhat less, so the day is early rather than late.
    """
    found: list[tuple[float, str, float]] = []
    for drift in drifts:
        weight, sigma = to_float(drift.weight), volatilities.get(drift.segment.id, 0.0)
        if drift.standing != "inside" or not 0 < weight < 1 or sigma <= 0:
            continue
        for edge in (to_float(drift.segment.trigger.lower), to_float(drift.segment.trigger.upper)):
            if 0 < edge < 1:
                move = (edge - weight) / (weight * (1 - edge))
                found.append(((abs(move) / (NINETY_PER_CENT * sigma)) ** 2, drift.segment.id, move))
    if not found:
        return None
    years, segment, move = min(found)
    return Nearest(segment, move, today + timedelta(days=max(1, round(min(years, 100) * DAYS_A_YEAR))))
