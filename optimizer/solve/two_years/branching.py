"""Wash groups of both years branched on together, as :mod:`optimizer.solve.branch` does for one.

A group of one date breaks the rule where that date sells it at a loss and the group is bought on that date, or on the other one
within the window, or more was bought lately and kept than is washed.
"""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from time import monotonic

import cvxpy as cp
import numpy as np

from optimizer.model.axes import Index, Vector
from optimizer.model.blocks.wash import WashAxis, WashState
from optimizer.model.two_years.parts import Half
from optimizer.model.two_years.program import TwoYears
from optimizer.solve.branch import TOLERANCE
from optimizer.solve.session import TIME_LIMIT, session_of
from optimizer.solve.solvers import Amounts
from optimizer.solve.washing_order import CENT, CLEAN

Place = tuple[int, int]
"""A date, 0 or 1, and a wash group of it."""
States = dict[Place, WashState]
Cuts = dict[Place, tuple[int, int]]


@dataclass(frozen=True)
class Found:
    """What is known of one pair of cases, dollars; without amounts where no plan exists."""

    status: str
    objective: float
    bound: float
    december: Amounts | None = None
    january: Amounts | None = None


@dataclass(frozen=True)
class Settled:
    """Groups that are settled, and between which places of its order washing ends in some of them."""

    states: States
    cuts: Cuts


def solve_with_wash_rule(
    model: TwoYears, cutoff: float, time_limit_seconds: float | None, at_root: Callable[[Found], None]
) -> Found:
    """Solve the program as its parameters stand, every wash group of both years settled.

    A bound at or above `cutoff` ends the search without a plan; `at_root` is called while the duals of the program without any
    branch stand.
    """
    started, order = monotonic(), count()
    best: Found | None = None
    given_up = np.inf
    nothing = Settled({}, {})
    root = _branch(model, nothing)
    if root.december is None:
        return root
    at_root(root)
    open_branches: list[tuple[float, int, Settled, Found]] = [(root.objective, next(order), nothing, root)]
    while open_branches:
        bound, _, settled, found = heapq.heappop(open_branches)
        if bound >= min(cutoff, np.inf if best is None else best.objective - TOLERANCE):
            bound = min(bound, given_up)
            return Found("cut off", np.inf, bound) if best is None else replace(best, bound=min(bound, best.objective))
        if time_limit_seconds is not None and monotonic() - started > time_limit_seconds:
            if best is None:
                return Found(TIME_LIMIT, np.inf, min(bound, given_up))
            return replace(best, status=TIME_LIMIT, bound=min(bound, given_up, best.objective))
        children = list(_children(model, settled, found))
        if not children and (best is None or found.objective < best.objective):
            best = found
        for tried in children:
            child = _branch(model, tried)
            if child.december is not None:
                heapq.heappush(open_branches, (max(bound, child.objective), next(order), tried, child))
            elif child.status == TIME_LIMIT:
                given_up = min(given_up, bound)
    if given_up < np.inf:
        found = Found(TIME_LIMIT, np.inf, given_up) if best is None else best
        return replace(found, status=TIME_LIMIT, bound=min(given_up, found.objective))
    return Found("infeasible", np.inf, np.inf) if best is None else best


def _branch(model: TwoYears, settled: Settled) -> Found:
    for date, half in enumerate((model.december, model.january)):
        states = {group: state for (on, group), state in settled.states.items() if on == date}
        half.decide(states, {group: cut for (on, group), cut in settled.cuts.items() if on == date})
    session = session_of(model.program, model.costs)
    assert session is not None, "both years are linear in every case"
    answer = session.solve()
    if answer.status != cp.OPTIMAL:
        return Found(TIME_LIMIT, np.inf, -np.inf) if answer.status == TIME_LIMIT else Found("infeasible", np.inf, np.inf)
    session.write_back()
    both = tuple(_amounts(half, session.costs()) for half in (model.december, model.january))
    return Found(answer.status, answer.objective, answer.objective, *both)


def _amounts(half: Half, costs: dict[str, float]) -> Amounts:
    trades = half.trades
    return Amounts(
        sold=_values(trades.sold),
        given=_values(trades.given),
        bought=_values(trades.bought),
        contributed=_values(trades.contributed),
        withdrawn=_values(trades.withdrawn),
        cash_given=_values(trades.cash_given),
        washed=_values(half.washed.amount),
        z=np.asarray(half.year.z.value, dtype=float),
        costs=costs,
    )


def _values(variable: cp.Variable) -> Vector:
    if variable.size == 0:
        return np.zeros(0)
    found: Vector = np.maximum(np.asarray(variable.value, dtype=float), 0.0)
    return found


@dataclass(frozen=True)
class _Group:
    """One wash group of one date, with what both dates do."""

    place: Place
    axis: WashAxis
    half: Half
    amounts: Amounts
    gone: Vector
    """Dollars that have left of every lot once the date's trades are made."""
    bought: float
    """Dollars bought of the group on either date within the window."""

    @property
    def rows(self) -> Index:
        """Rows of the washed amounts of the group."""
        return np.flatnonzero(self.half.washed.of == self.place[1])

    def state(self) -> WashState | None:
        """What the amounts do with the group; None where they break the rule."""
        sold = self.amounts.sold[self.axis.losing]
        if sold.sum() <= CLEAN:
            return WashState.BOUGHT
        if self.bought > CLEAN:
            return None
        price, washed = self.half.axes.lots.price, self.amounts.washed[self.rows]
        lots = self.half.washed.lots[self.rows]
        answered = float((washed / price[lots]).sum() + (self.gone / price)[self.axis.recent].sum())
        if answered >= self.axis.kept - CLEAN / price[self.axis.losing].min():
            return WashState.HARVESTED
        older = self.amounts.sold[self.axis.loss]
        is_all_washed = sold.sum() - older.sum() <= CLEAN and older.sum() - washed.sum() <= CLEAN
        return WashState.WASHED if is_all_washed else None

    def in_order(self) -> Vector:
        """Dollars of each row that are washed when the earliest lots are washed first."""
        lots = self.half.washed.lots[self.rows]
        price = self.half.axes.lots.price[lots]
        shares = float((self.amounts.washed[self.rows] / price).sum())
        sold = self.amounts.sold[lots] / price
        before = np.concatenate([[0.0], np.cumsum(sold)[:-1]])
        found: Vector = np.clip(shares - before, 0.0, sold) * price
        return found

    def disorder(self) -> float:
        """Dollars of loss counted of lots that are washed and the other way round."""
        if self.axis.kept <= 0 or not len(self.rows):
            return 0.0
        ratio = self.half.axes.lots.gain_ratio[self.half.washed.lots[self.rows]]
        return float(np.abs(ratio * (self.in_order() - self.amounts.washed[self.rows])).sum())

    def end_of_washing(self) -> int:
        """The last place that is washed at all when the earliest lots are washed first."""
        washed = np.flatnonzero(self.in_order() > CLEAN)
        return int(washed[-1]) if len(washed) else 0


def _groups(model: TwoYears, found: Found) -> Iterator[_Group]:
    assert found.december is not None
    assert found.january is not None
    gone = found.december.sold + _given(model.december, found.december)
    sides = ((model.december, found.december, found.january), (model.january, found.january, found.december))
    for date, (half, own, other) in enumerate(sides):
        if half is model.january:
            gone = gone + own.sold + _given(half, own)
        for n, (axis, across) in enumerate(zip(half.groups, half.across, strict=True)):
            bought = float(own.bought[axis.buys].sum()) + float(other.bought[across].sum())
            yield _Group((date, n), axis, half, own, gone, bought)


def _given(half: Half, amounts: Amounts) -> Vector:
    given = np.zeros(half.axes.n_lots)
    np.add.at(given, half.axes.gifts.lot, amounts.given)
    return given


def _children(model: TwoYears, settled: Settled, found: Found) -> Iterator[Settled]:
    """The ways to settle the worst group that breaks the rule; none when every group obeys it."""
    groups = list(_groups(model, found))
    at_odds = [g for g in groups if g.place not in settled.states and g.state() is None]
    if at_odds:
        worst = max(at_odds, key=lambda g: float(g.amounts.sold[g.axis.losing].sum()))
        states = [WashState.HARVESTED, WashState.BOUGHT, *([WashState.WASHED] if worst.axis.kept > 0 else [])]
        yield from (Settled({**settled.states, worst.place: state}, settled.cuts) for state in states)
        return
    worst_order = max(groups, key=lambda g: g.disorder(), default=None)
    if worst_order is None or worst_order.disorder() <= CENT:
        return
    place, last = worst_order.place, len(worst_order.axis.loss) - 1
    low, high = settled.cuts.get(place, (0, last))
    split = min(max(worst_order.end_of_washing(), low), high - 1)
    harvested = {**settled.states, place: WashState.HARVESTED}
    if low < high:
        yield from (Settled(harvested, {**settled.cuts, place: part}) for part in ((low, split), (split + 1, high)))
