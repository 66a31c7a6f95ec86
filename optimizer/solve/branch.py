"""Branching on wash groups: each is bought, sold at a loss, or sold with its whole loss washed; each branch a convex program.

Most groups settle themselves, because a substitute takes the purchases or nothing is at stake; so the program is first solved
with every group undecided. Only a group whose answer breaks the rule is branched on, the one with most dollars at odds first;
and where the answer washes later lots before earlier ones, on the place in the order of washing at which it ends. The branch with
the least bound is opened next, which makes the first answer that breaks no rule the best one.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count
from time import monotonic

import numpy as np

from optimizer.model.assemble import Model
from optimizer.model.axes import Vector
from optimizer.model.blocks.wash import WashAxis, WashState
from optimizer.solve.solvers import Amounts, Solved, solve

CLEAN = 1e-6
"""Dollars; less than this bought, kept or sold at a loss is the solver's rounding noise."""
CENT = 0.01
"""Dollars of loss that may be counted of the wrong lot; the ledger puts it right."""
TOLERANCE = 1e-3
"""Dollars; a branch that cannot beat the best plan known by this much is not opened."""


@dataclass(frozen=True)
class Settled:
    """Groups that are settled by position, and between which places of its order washing ends in some of them."""

    states: dict[int, WashState] = field(default_factory=dict)
    cuts: dict[int, tuple[int, int]] = field(default_factory=dict)


def solve_with_wash_rule(
    model: Model,
    cutoff: float = np.inf,
    time_limit_seconds: float | None = None,
    at_root: Callable[[Amounts], None] | None = None,
) -> Solved:
    """Solve the program as its parameters stand, every wash group settled.

    A bound at or above `cutoff`, the cost in dollars of a plan known already, ends the search: nothing here can beat that
    plan, and the bound is returned without a plan. When the time is up the best plan so far is returned with the least bound
    still open. `at_root` is called once the program without any branch has been solved, while its duals stand.
    """
    started, order = monotonic(), count()
    best: Solved | None = None
    root = _branch(model, Settled())
    if root.amounts is None:
        return root
    if at_root is not None:
        at_root(root.amounts)
    open_branches: list[tuple[float, int, Settled, Solved]] = [(root.objective, next(order), Settled(), root)]
    while open_branches:
        bound, _, settled, found = heapq.heappop(open_branches)
        limit = min(cutoff, np.inf if best is None else best.objective - TOLERANCE)
        if bound >= limit or found.amounts is None:
            return _closed(best, bound)
        out_of_time = time_limit_seconds is not None and monotonic() - started > time_limit_seconds
        if out_of_time and best is not None:
            return replace(best, status="time limit", bound=min(bound, best.objective))
        children = _children(model, settled, found.amounts)
        if not children and (best is None or found.objective < best.objective):
            best = found
        for tried in children:
            child = _branch(model, tried)
            if child.amounts is not None:
                heapq.heappush(open_branches, (max(bound, child.objective), next(order), tried, child))
    return Solved("infeasible", np.inf, np.inf, None) if best is None else best


def _closed(best: Solved | None, bound: float) -> Solved:
    """The search is over: no open branch can beat the plan at hand, or the cutoff where there is none."""
    if best is None:
        return Solved("cut off", np.inf, bound, None)
    return replace(best, bound=min(bound, best.objective))


def settled_by(model: Model, amounts: Amounts) -> Settled:
    """What these amounts do with every wash group, and where washing ends in it."""
    found = Settled()
    for n, group in enumerate(model.wash_axis):
        state = _state(model, n, group, amounts)
        if state is None:
            state = WashState.HARVESTED
        cuts = {}
        if state is WashState.HARVESTED and group.kept > 0:
            end = _end_of_washing(model, n, amounts)
            cuts = {n: (end, end)}
        found = Settled({**found.states, n: state}, {**found.cuts, **cuts})
    return found


def _branch(model: Model, settled: Settled) -> Solved:
    model.decide(settled.states, settled.cuts)
    return solve(model)


def _children(model: Model, settled: Settled, amounts: Amounts) -> list[Settled]:
    """The ways to settle the worst group that breaks the rule; none when every group obeys it."""
    at_odds = {n: _odds(model, n, group, amounts) for n, group in enumerate(model.wash_axis) if n not in settled.states}
    worst = max(at_odds, key=lambda n: at_odds[n], default=None)
    if worst is not None and at_odds[worst] > 0:
        states = [WashState.HARVESTED, WashState.BOUGHT]
        if model.wash_axis[worst].kept > 0:
            states.append(WashState.WASHED)
        return [Settled({**settled.states, worst: state}, settled.cuts) for state in states]
    disorder = {n: _disorder(model, n, amounts) for n, group in enumerate(model.wash_axis) if group.kept > 0}
    worst = max(disorder, key=lambda n: disorder[n], default=None)
    if worst is None or disorder[worst] <= CENT:
        return []
    end, last = _end_of_washing(model, worst, amounts), len(model.wash_axis[worst].loss) - 1
    low, high = settled.cuts.get(worst, (0, last))
    split = min(max(end, low), high - 1)
    harvested = {**settled.states, worst: WashState.HARVESTED}
    return [Settled(harvested, {**settled.cuts, worst: part}) for part in ((low, split), (split + 1, high)) if low < high]


def _state(model: Model, n: int, group: WashAxis, amounts: Amounts) -> WashState | None:
    """What the amounts do with a group; None where they break the rule."""
    sold = amounts.sold[group.losing]
    if sold.sum() <= CLEAN:
        return WashState.BOUGHT
    if amounts.bought[group.buys].sum() > CLEAN:
        return None
    rows = model.washed.of == n
    washed = amounts.washed[rows]
    price = model.axes.lots.price
    left = (amounts.sold + model.given_by_lot(amounts.given))[group.recent]
    lots = model.washed.lots[rows]
    answered = float((washed / price[lots]).sum() + (left / price[group.recent]).sum())
    if answered >= group.kept - CLEAN / price[group.losing].min():
        return WashState.HARVESTED
    older = amounts.sold[group.loss]
    is_all_washed = sold.sum() - older.sum() <= CLEAN and older.sum() - washed.sum() <= CLEAN
    return WashState.WASHED if is_all_washed else None


def _odds(model: Model, n: int, group: WashAxis, amounts: Amounts) -> float:
    """Dollars sold at a loss of a group whose amounts break the rule."""
    return 0.0 if _state(model, n, group, amounts) is not None else float(amounts.sold[group.losing].sum())


def _in_order(model: Model, n: int, amounts: Amounts) -> Vector:
    """Dollars of each row of a group that are washed when the earliest lots are washed first."""
    rows = model.washed.of == n
    price = model.axes.lots.price[model.washed.lots[rows]]
    shares = float((amounts.washed[rows] / price).sum())
    sold = amounts.sold[model.washed.lots[rows]] / price
    before = np.concatenate([[0.0], np.cumsum(sold)[:-1]])
    found: Vector = np.clip(shares - before, 0.0, sold) * price
    return found


def _disorder(model: Model, n: int, amounts: Amounts) -> float:
    """Dollars of loss counted of lots that are washed and the other way round."""
    rows = model.washed.of == n
    off = _in_order(model, n, amounts) - amounts.washed[rows]
    return float(np.abs(model.axes.lots.gain_ratio[model.washed.lots[rows]] * off).sum())


def _end_of_washing(model: Model, n: int, amounts: Amounts) -> int:
    """The last place that is washed at all when the earliest lots are washed first."""
    washed = np.flatnonzero(_in_order(model, n, amounts) > CLEAN)
    return int(washed[-1]) if len(washed) else 0
