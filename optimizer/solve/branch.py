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
from optimizer.model.blocks.wash import WashAxis, WashState, with_group
from optimizer.solve.solvers import Amounts, Solved, settle, solve

CLEAN = 1e-6
"""Dollars; less than this bought, kept or sold at a loss is the solver's rounding noise."""
CENT = 0.01
"""Dollars of loss that may be counted of the wrong lot; the ledger puts it right."""
TOLERANCE = 1e-3
"""Dollars; a branch that cannot beat the best plan known by this much is not opened."""
FEW = 8
"""With more groups at odds than this, as in a portfolio of hundreds of names, the best plan may be out of reach; then the search
starts from a plan that is merely good, ends when it is good enough, and the gap is stated."""
ENOUGH = 2e-5
"""Part of a plan's cost by which another one would have to be better, where many groups are at odds."""
LONGEST = 20.0
"""Seconds after which a search among many groups ends where no limit is stated."""
ROUNDED_EVERY = 16
"""Branches after which the search looks for a plan near the branch at hand."""


@dataclass(frozen=True)
class Settled:
    """Groups that are settled by position, and between which places of its order washing ends in some of them."""

    states: dict[int, WashState] = field(default_factory=dict)
    cuts: dict[int, tuple[int, int]] = field(default_factory=dict)


def solve_with_wash_rule(
    model: Model,
    cutoff: float = np.inf,
    time_limit_seconds: float | None = None,
    at_root: Callable[[Solved], None] | None = None,
) -> Solved:
    """Solve the program as its parameters stand, every wash group settled.

    A bound at or above `cutoff`, the cost in dollars of a plan known already, ends the search: nothing here can beat that
    plan, and the bound is returned without a plan. When the time is up the best plan so far is returned with the least bound
    still open. `at_root` is called once the program without any branch has been solved, while its duals stand.
    """
    started, order = monotonic(), count()
    best: Solved | None = None
    least_closed = np.inf
    root = _branch(model, Settled())
    if root.amounts is None:
        return root
    if at_root is not None:
        at_root(root)
    ends = _ends(model, root.amounts, time_limit_seconds)
    open_branches: list[tuple[float, int, Settled, Solved]] = [(root.bound, next(order), Settled(), root)]
    while open_branches:
        bound, number, settled, found = heapq.heappop(open_branches)
        limit = min(cutoff, np.inf if best is None else best.objective - ends.enough(best))
        if bound >= limit or found.amounts is None:
            return _closed(best, min(bound, least_closed))
        if best is not None and monotonic() - started > ends.seconds:
            return replace(best, status="time limit", bound=min(bound, least_closed, best.objective))
        children = _children(model, settled, found.amounts)
        if not children:
            best, least_closed = _better(best, _in_lots(model, found, settled)), min(least_closed, bound)
        elif ends.is_large and number % ROUNDED_EVERY == 0:
            best = _better(best, _rounded(model, settled, found.amounts))
        for tried in children:
            child = _branch(model, tried)
            if child.amounts is not None:
                heapq.heappush(open_branches, (max(bound, child.bound), next(order), tried, child))
    return Solved("infeasible", np.inf, np.inf, None) if best is None else _closed(best, least_closed)


@dataclass(frozen=True)
class _Ends:
    """When a search is good enough: for a few groups at odds with the best plan only, for many sooner."""

    is_large: bool
    seconds: float

    def enough(self, best: Solved) -> float:
        """Dollars by which another plan would have to be better."""
        return max(TOLERANCE, ENOUGH * abs(best.objective)) if self.is_large else TOLERANCE


def _ends(model: Model, amounts: Amounts, time_limit_seconds: float | None) -> _Ends:
    is_large = int((_odds(model, amounts, Settled()) > 0).sum()) > FEW
    own = LONGEST if is_large else np.inf
    return _Ends(is_large, own if time_limit_seconds is None else time_limit_seconds)


def _better(best: Solved | None, found: Solved | None) -> Solved | None:
    if found is None or found.amounts is None or (best is not None and found.objective >= best.objective):
        return best
    return found


def _in_lots(model: Model, found: Solved, settled: Settled) -> Solved:
    """The plan of a branch that breaks no rule, in its lots; what the solver found of it where the lots cannot be told apart."""
    assert found.amounts is not None
    whole = settle(model, found, settled.states, settled.cuts)
    if whole.amounts is None:
        whole = _rounded(model, settled, found.amounts) or found
    return whole


def _rounded(model: Model, settled: Settled, amounts: Amounts) -> Solved | None:
    """A plan near these amounts: every open group is sold or bought, by where it has more dollars."""
    states = dict(settled.states)
    for n, group in enumerate(model.wash_axis):
        if n not in states:
            sold = float(amounts.sold[group.losing].sum())
            is_sold = sold > CLEAN and sold >= float(amounts.bought[group.buys].sum())
            states[n] = WashState.HARVESTED if is_sold else WashState.BOUGHT
    found = _branch(model, Settled(states, settled.cuts))
    if found.amounts is None or _children(model, Settled(states, settled.cuts), found.amounts):
        return None
    whole = settle(model, found, states, settled.cuts)
    return whole if whole.amounts is not None else None


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
    at_odds = _odds(model, amounts, settled)
    worst: int | None = int(at_odds.argmax()) if len(at_odds) else None
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


def _odds(model: Model, amounts: Amounts, settled: Settled) -> Vector:
    """Dollars sold of each group that breaks the rule and is not settled; nothing for one that obeys it."""
    groups = model.wash_axis
    losing, losing_of = with_group([group.losing for group in groups])
    buys, buys_of = with_group([group.buys for group in groups])
    sold = np.bincount(losing_of, weights=amounts.sold[losing], minlength=len(groups))
    bought = np.bincount(buys_of, weights=amounts.bought[buys], minlength=len(groups))
    found: Vector = np.where((sold > CLEAN) & (bought > CLEAN), sold, 0.0)
    for n, group in enumerate(groups):
        if group.kept and sold[n] > CLEAN and not found[n] and _state(model, n, group, amounts) is None:
            found[n] = sold[n]
    found[list(settled.states)] = 0.0
    return found


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
