"""Branching on wash sales: sold at a loss, or bought; each branch a convex program, the least open bound the bound of all.

Most groups settle themselves, because a substitute takes the purchases or nothing is at stake; so the program is first solved
with everything open. Where its answer both sells a group at a loss and buys it, the question is first put to the family of
groups that can stand in for each other: either nothing of the family is bought, or one of its groups at least is not sold at a
loss. Only then single groups are asked. That order matters: with four interchangeable funds at a loss in a segment that has to be
bought, no single answer costs anything until the fourth is given, while the family's costs at once what must be given up.

Before branching, both answers are tried for every family in doubt. One that cannot beat a plan at hand is out for good, and the
better ones together lead to that plan. The branch with the least bound is opened next, which makes the first answer that
breaks no rule the best one.
"""

import heapq
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from time import monotonic

import numpy as np

from optimizer.model.assemble import Model
from optimizer.model.blocks.wash import WashAxis
from optimizer.solve.solvers import Amounts, Solved, solve

CLEAN = 1e-6
"""Dollars; less than this bought, kept or sold at a loss is the solver's rounding noise."""
TOLERANCE = 1e-3
"""Dollars; a branch that cannot beat the best plan known by this much is not opened."""
LARGE = 5_000
"""Lots from which on a plan is proven to a part of its cost and no longer to the cent."""
PART = 5e-5
"""That part, half of a hundredth of a per cent."""
ROUNDS = 8
"""Times that families in doubt are tried before branching begins; each round needs one settled for good by the one before."""


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
    search = WashSearch(model, None if time_limit_seconds is None else monotonic() + time_limit_seconds)
    search.start(cutoff, at_root)
    return search.finish(cutoff)


def tolerance_of(model: Model, cost: float) -> float:
    """Dollars by which a better plan may be better without being looked for."""
    return TOLERANCE if model.axes.n_lots <= LARGE else max(TOLERANCE, PART * abs(cost))


def harvests(model: Model, amounts: Amounts) -> dict[int, bool]:
    """For every wash group by position, whether these amounts sell something of it at a loss."""
    return {n: float(amounts.sold[group.losing].sum()) > CLEAN for n, group in enumerate(model.wash_axis)}


@dataclass(frozen=True)
class _Settled:
    """Answers given so far: groups harvested or not, families bought or not."""

    groups: Mapping[int, bool] = field(default_factory=dict)
    families: Mapping[int, bool] = field(default_factory=dict)

    def answered(self, doubt: "_Doubt", answer: bool) -> "_Settled":
        """The same with one more answer."""
        if doubt.is_family:
            return replace(self, families={**self.families, doubt.position: answer})
        return replace(self, groups={**self.groups, doubt.position: answer})


@dataclass(frozen=True)
class _Doubt:
    """A family or a group that an answer both sells at a loss and buys or keeps, and the dollars at odds."""

    is_family: bool
    position: int
    dollars: float

    @property
    def key(self) -> tuple[bool, int]:
        """What the doubt is about."""
        return self.is_family, self.position


OPEN = _Settled()
NOT_STARTED = Solved("not started", -np.inf, -np.inf, None)


@dataclass
class WashSearch:
    """One search: the best plan so far, and the least bound among branches that were given up.

    A search may be started, left for another, and finished once that has found a plan; the parameters of the program have to be
    the same each time it goes on.
    """

    model: Model
    deadline: float | None = None
    cutoff: float = np.inf
    best: Solved | None = None
    given_up: float = np.inf
    settled: _Settled = OPEN
    root: Solved = NOT_STARTED
    rises: dict[tuple[bool, int], dict[bool, float]] = field(default_factory=dict)
    """How much each answer to a doubt raised the bound when it was tried."""

    @property
    def limit(self) -> float:
        """A bound from here on cannot lead to a plan that is better by what counts."""
        return self.cost if self.cost == np.inf else self.cost - tolerance_of(self.model, self.cost)

    @property
    def cost(self) -> float:
        """Cost of the best plan known, here or from elsewhere, dollars."""
        return min(self.cutoff, np.inf if self.best is None else self.best.objective)

    @property
    def is_late(self) -> bool:
        """Whether the time is up; the search still goes on until there is a plan."""
        return self.deadline is not None and monotonic() > self.deadline

    def solve(self, settled: _Settled) -> Solved:
        """Solve with these answers and everything else open."""
        self.model.decide(settled.groups, settled.families)
        return solve(self.model)

    def start(self, cutoff: float, at_root: Callable[[Amounts], None] | None = None) -> None:
        """Solve with nothing settled; where several doubts remain, settle what can be and find a first plan."""
        self.cutoff, self.root = cutoff, self.solve(OPEN)
        if self.root.amounts is None:
            return
        if at_root is not None:
            at_root(self.root.amounts)
        doubts = self._doubts(OPEN, self.root)
        if not doubts:
            self._keep(self.root)
        elif self.root.objective < self.limit and len(doubts) > 1:
            self._narrow()

    def finish(self, cutoff: float) -> Solved:
        """Branch until nothing open can beat the best plan, or `cutoff`, the cost of a plan known from elsewhere."""
        self.cutoff = cutoff
        if self.root.amounts is None:
            return self.root if self.best is None else self._closed(self.root.objective)
        order = count()
        branches = [(self.root.objective, next(order), self.settled, self.root)]
        while branches:
            bound, _, settled, found = heapq.heappop(branches)
            if bound >= self.limit or (self.is_late and self.cost < np.inf):
                return self._closed(bound)
            doubts = self._doubts(settled, found)
            if not doubts:
                self._keep(found)
                continue
            doubt = max(doubts, key=self._weight)
            for answer in (True, False):
                child = self.solve(settled.answered(doubt, answer))
                reached = max(bound, child.objective)
                if reached < self.limit:
                    heapq.heappush(branches, (reached, next(order), settled.answered(doubt, answer), child))
                else:
                    self.given_up = min(self.given_up, reached)
        return self._closed(np.inf)

    def _weight(self, doubt: _Doubt) -> tuple[float, bool, float]:
        """Which doubt to answer first: the one whose answers both raise the bound most, a family, the one about most dollars."""
        rises = self.rises.get(doubt.key)
        return (0.0 if rises is None else min(rises.values())), doubt.is_family, doubt.dollars

    def _keep(self, found: Solved) -> None:
        if found.amounts is not None and (self.best is None or found.objective < self.best.objective):
            self.best = found

    def _closed(self, bound: float) -> Solved:
        """The search is over; `bound` is the least of the branches left open."""
        bound = min(bound, self.given_up)
        if self.best is None:
            return Solved("cut off" if bound < np.inf else "infeasible", np.inf, bound, None)
        status = "time limit" if bound < self.limit else self.best.status
        return replace(self.best, status=status, bound=min(bound, self.best.objective))

    def _narrow(self) -> None:
        """Try both answers to every doubt of the root and settle those of which one is out, until none is any more."""
        for _ in range(ROUNDS):
            trials = {}
            for doubt in self._doubts(self.settled, self.root):
                if self._worth_a_trial(doubt):
                    trials[doubt.key] = {answer: self._trial(doubt, answer) for answer in (True, False)}
                if self.is_late:
                    break
            self._dive()
            before = self.settled
            for (is_family, position), bounds in trials.items():
                for answer in (True, False):
                    if bounds[not answer] >= self.limit:
                        self.given_up = min(self.given_up, bounds[not answer])
                        self.settled = self.settled.answered(_Doubt(is_family, position, 0.0), answer)
                        break
            if self.settled == before or self.is_late:
                return
            found = self.solve(self.settled)
            self.root = replace(found, objective=max(found.objective, self.root.objective))
            if self.root.objective >= self.limit or self.root.amounts is None:
                return

    def _worth_a_trial(self, doubt: _Doubt) -> bool:
        """Whether one answer may be out by now, guessing that it raises the bound by as much as it did before."""
        rises = self.rises.get(doubt.key)
        return rises is None or self.root.objective + max(rises.values()) >= self.limit

    def _trial(self, doubt: _Doubt, answer: bool) -> float:
        bound = self.solve(self.settled.answered(doubt, answer)).objective
        self.rises.setdefault(doubt.key, {})[answer] = bound - self.root.objective
        return bound

    def _dive(self) -> None:
        """Answer every doubt of the root as its trial says, then what is still in doubt one by one, for a plan early on."""
        settled = self.settled
        for doubt in self._doubts(settled, self.root):
            rises = self.rises.get(doubt.key)
            settled = settled.answered(doubt, rises is None or rises[True] <= rises[False])
        found = self.solve(settled)
        while found.amounts is not None and found.objective < self.limit:
            doubts = self._doubts(settled, found)
            if not doubts:
                self._keep(found)
                return
            doubt = max(doubts, key=lambda each: each.dollars)
            children = {answer: self.solve(settled.answered(doubt, answer)) for answer in (True, False)}
            answer = children[True].objective <= children[False].objective
            settled, found = settled.answered(doubt, answer), children[answer]

    def _doubts(self, settled: _Settled, found: Solved) -> list[_Doubt]:
        """What an answer leaves at odds: families that were not asked yet, and groups of families that were."""
        if found.amounts is None:
            return []
        family_of = {int(g): n for n, family in enumerate(self.model.families) for g in family.groups if len(family.groups) > 1}
        dollars: dict[tuple[bool, int], float] = {}
        for position, group in enumerate(self.model.wash_axis):
            if position in settled.groups:
                continue
            at_odds, is_bought = _odds(self.model, group, found.amounts)
            if at_odds > 0:
                family = family_of.get(position)
                asks_family = family is not None and family not in settled.families and is_bought
                key = (True, family) if asks_family and family is not None else (False, position)
                dollars[key] = dollars.get(key, 0.0) + at_odds
        return [_Doubt(is_family, position, amount) for (is_family, position), amount in dollars.items()]


def _odds(model: Model, group: WashAxis, amounts: Amounts) -> tuple[float, bool]:
    """Dollars of a group both sold at a loss and bought or kept, and whether any is bought; nothing when it obeys the rule."""
    sold = float(amounts.sold[group.losing].sum())
    if sold <= CLEAN:
        return 0.0, False
    bought = float(amounts.bought[group.buys].sum())
    if group.has_stuck_shares:
        return sold, bought > CLEAN
    other = bought + float((model.axes.lots.value - amounts.sold)[group.recent].sum())
    return (min(sold, other) if other > CLEAN else 0.0), bought > CLEAN
