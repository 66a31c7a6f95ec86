"""Branching on wash groups: each is bought, sold at a loss, or sold with its whole loss washed; each branch a convex program.

Most groups settle themselves, because a substitute takes the purchases or nothing is at stake; so the program is first solved
with every group undecided. Where its answer both sells a group at a loss and buys it, the question is first put to the family of
groups that can stand in for each other: either nothing of the family is bought, or one of its groups at least is not sold at a
loss. That order matters: of four interchangeable funds at a loss in a segment that has to be bought, no single answer costs
anything until the fourth is given, while the family's costs at once what must be given up. Before branching, both answers are
tried for every family in doubt; one that cannot beat a plan at hand is out for good, and the better ones together lead to it.

Then groups are branched on, the one with most dollars at odds first; and where the answer washes later lots before earlier
ones, the place in the order of washing at which it ends. The branch with the least bound is opened next, which makes the first
answer that breaks no rule the best one.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count
from time import monotonic

import numpy as np

from optimizer.errors import SolverFailure
from optimizer.model.assemble import Model
from optimizer.model.blocks.wash import WashState
from optimizer.solve.family_blocks import FamilyBlocks, family_blocks_of
from optimizer.solve.session import NO_ANSWER, TIME_LIMIT
from optimizer.solve.solvers import Amounts, Solved, settle, solve, solving_until
from optimizer.solve.wash_questions import (
    Settled,
    by_flags,
    children_of,
    dollars_at_odds,
    families_in_doubt,
    settled_by,
)
from optimizer.solve.washing_order import CLEAN

TOLERANCE = 1e-3
"""Dollars; a branch that cannot beat the best plan known by this much is not opened."""
FEW = 8
"""With more groups at odds than this the best plan may be out of reach, so the search has an end. Where a benchmark's hundreds of
names are followed, it also starts from a plan that is merely good, ends when it is good enough, and the gap is stated."""
ENOUGH = 2e-5
"""Part of a plan's cost by which another one would have to be better, where many groups are at odds."""
LONGEST = 20.0
"""Seconds after which a search among many groups ends where no limit is stated."""
LARGE = 5_000
"""Lots from which on a plan is proven to a part of its cost and no longer to the cent."""
PART = 9e-5
"""That part, a little less than a hundredth of a per cent."""
IN_TRIFLES = 0.05
"""Part of the tolerance that families' answers may leave."""
MARGIN = 0.01
"""Dollars beyond the limit up to which a branch is priced, so that trifles do not keep it open."""
SWITCHES = 4
"""Families whose answer at a plan's prices is tried alone, those that promise most first."""
GRACE = 2.0
"""Seconds in which an answer at hand is made a plan once the time is up, where there is no plan yet."""
ROUNDED_EVERY = 16
"""Branches after which the search looks for a plan near the branch at hand."""


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
    search = WashSearch(model, time_limit_seconds)
    search.start(cutoff, at_root)
    return search.finish(cutoff)


def tolerance_of(model: Model, cost: float) -> float:
    """Dollars by which a better plan may be better without being looked for."""
    return TOLERANCE if model.axes.n_lots <= LARGE else max(TOLERANCE, PART * abs(cost))


NOT_STARTED = Solved("not started", -np.inf, -np.inf, None)


@dataclass
class WashSearch:
    """One search: the best plan so far, and the least bound among branches that were given up.

    A search may be started, left for another, and finished once that has found a plan; the parameters of the program have to be
    the same each time it goes on.
    """

    model: Model
    time_limit_seconds: float | None = None
    cutoff: float = np.inf
    best: Solved | None = None
    given_up: float = np.inf
    settled: Settled = field(default_factory=Settled)
    is_cut: bool = False
    """Whether a branch was given up because the time was up in the middle of its solve."""
    root: Solved = NOT_STARTED
    blocks: FamilyBlocks | None = None
    """The families' own parts of the program, where many groups are in doubt."""
    started: float = field(default_factory=monotonic)
    """When the clock of this search began; its own begins anew when it is finished, so that no case waits for another's."""

    @property
    def cost(self) -> float:
        """Cost of the best plan known, here or from elsewhere, dollars."""
        return min(self.cutoff, np.inf if self.best is None else self.best.objective)

    def limit(self, ends: "_Ends") -> float:
        """A bound from here on cannot lead to a plan that is better by what counts."""
        return self.cost if self.cost == np.inf else self.cost - max(ends.enough(self.cost), tolerance_of(self.model, self.cost))

    def is_late(self, ends: "_Ends") -> bool:
        """Whether the time is up; a limit of the search's own waits for a first plan."""
        is_up = monotonic() - self.started > ends.seconds
        return is_up and (self.cost < np.inf or self.time_limit_seconds is not None)

    def start(self, cutoff: float, at_root: Callable[[Solved], None] | None = None) -> None:
        """Solve with nothing settled; where several families are in doubt, settle what can be and find a first plan."""
        self.cutoff, self.root = cutoff, _branch(self.model, Settled())
        if self.root.status == NO_ANSWER:
            raise SolverFailure(
                "The solver lost its way in this household's numbers: it found no plan, and did not show that there is none."
            )
        if self.root.amounts is None:
            return
        if at_root is not None:
            at_root(self.root)
        ends = _ends(self.model, self.root.amounts, self.time_limit_seconds)
        if len(families_in_doubt(self.model, self.settled, self.root)) > 1:
            self.blocks = family_blocks_of(self.model)
        if ends.are_many or self.blocks is not None:
            self._plunge(self.settled)
        elif self.model.tracking is None and not children_of(self.model, self.settled, self.root.amounts):
            self.best = _better(self.best, self.root)

    def finish(self, cutoff: float) -> Solved:
        """Branch until nothing open can beat the best plan, or `cutoff`, the cost of a plan known from elsewhere."""
        self.cutoff, root = cutoff, self.root
        if self.time_limit_seconds is None:
            self.started = monotonic()
        if root.amounts is None:
            bound = min(root.bound, self.given_up)
            return replace(root, bound=bound) if self.best is None else _closed(self.best, bound)
        model, order = self.model, count()
        ends = _ends(model, root.amounts, self.time_limit_seconds)
        if self.blocks is not None and self.root.bound < self.limit(ends):
            self._take_turns(self.blocks, ends)
        open_branches = [(self.root.bound, next(order), self.settled, root)]
        while open_branches:
            bound, number, settled, found = heapq.heappop(open_branches)
            if bound >= self.limit(ends) or found.amounts is None:
                return _closed(self.best, min(bound, self.given_up))
            if self.is_late(ends):
                if self.cost == np.inf or ends.is_large:
                    self.best = _better(self.best, self._first_plan(settled, found))
                return replace(_closed(self.best, min(bound, self.given_up)), status=TIME_LIMIT)
            children = self._children(settled, found)
            if children and ends.are_many and number % ROUNDED_EVERY == 0:
                self._plunge(settled)
            elif children and not dollars_at_odds(model, found.amounts, settled).any():
                self._repair(found, settled)
            if children and (ends.is_large or model.tracking is not None) and number % ROUNDED_EVERY == 0:
                plan = _rounded(model, settled, found.amounts) or _rounded(
                    model, _kept_as_they_are(model, settled), found.amounts
                )
                self.best = _better(self.best, plan)
            if bound >= self.limit(ends):
                self.given_up = min(self.given_up, bound)
                continue
            if not children:
                self.best, self.given_up = _better(self.best, _in_lots(model, found, settled)), min(self.given_up, bound)
            for tried in children:
                child = _branch(model, tried)
                reached = max(bound, child.bound)
                if self.blocks is not None and child.amounts is not None and reached < self.limit(ends):
                    reached = max(reached, self._at_its_prices(self.blocks, child, self.limit(ends) - child.bound))
                if child.amounts is not None and reached < self.limit(ends):
                    heapq.heappush(open_branches, (reached, next(order), tried, child))
                else:
                    self.given_up, self.is_cut = min(self.given_up, reached), self.is_cut or child.status == TIME_LIMIT
        if self.best is None and self.given_up == np.inf:
            return Solved("infeasible", np.inf, np.inf, None)
        closed = _closed(self.best, self.given_up)
        return replace(closed, status=TIME_LIMIT) if self.is_cut else closed

    def _first_plan(self, settled: Settled, found: Solved) -> Solved | None:
        """A plan near an answer at hand: groups by their larger side, or without losses, or the better branch again and again."""
        assert found.amounts is not None
        until, groups = monotonic() + GRACE, self.model.wash_axis
        kept = {n: WashState.BOUGHT for n, group in enumerate(groups) if group.kept}
        without = dict.fromkeys(range(len(groups)), WashState.BOUGHT)
        with solving_until(self.model, until):
            tried = (replace(settled, states={**states, **settled.states}) for states in ({}, kept, without))
            plan = next((plan for each in tried if (plan := _rounded(self.model, each, found.amounts))), None)
            while plan is None and found.amounts is not None and monotonic() < until:
                children = self._children(settled, found)
                if not children:
                    return _in_lots(self.model, found, settled)
                settled, found = min(((child, _branch(self.model, child)) for child in children), key=lambda pair: pair[1].bound)
        return plan

    def _children(self, settled: Settled, found: Solved) -> list[Settled]:
        """The answers to the question that is put next: to a family where one is in doubt, else to a group."""
        assert found.amounts is not None
        doubts = families_in_doubt(self.model, settled, found)
        if not doubts:
            return children_of(self.model, settled, found.amounts)
        family = max(doubts, key=lambda each: doubts[each])
        return [settled.with_family(family, answer) for answer in (True, False)]

    def _take_turns(self, blocks: FamilyBlocks, ends: "_Ends") -> None:
        """Price a plan, let every family answer at its prices, plan with the answers, as long as that finds better plans.

        The prices give a bound beside each plan; with the least of the families' costs no plan can be below it.
        """
        of_families = {int(g) for family in self.model.families for g in family.groups}
        while self.best is not None and not self.is_late(ends):
            assert self.best.amounts is not None
            found = settled_by(self.model, self.best.amounts)
            states = {g: state for g, state in found.states.items() if g in of_families}
            exact = replace(found, states=states, cuts={g: cut for g, cut in found.cuts.items() if g in of_families})
            plan = _branch(self.model, exact)
            if plan.amounts is None:
                return
            priced = blocks.session.answer
            assert priced is not None
            self.model.decide({})
            answers = blocks.best_answers(priced, blocks.session.numbers(), self._trifle(blocks))
            floor = plan.bound - sum(answer.saving for answer in answers)
            self.root = replace(self.root, bound=max(self.root.bound, floor))
            if self.root.bound >= self.limit(ends):
                return
            before, better = self.cost, sorted((a for a in answers if a.saving > TOLERANCE), key=lambda each: -each.saving)
            for chosen in (better, *([each] for each in better[:SWITCHES])):
                switched = {g: state for each in chosen for g, state in each.states.items()}
                self._repair(_branch(self.model, Settled({**states, **switched})), Settled())
                if self.cost < before - TOLERANCE and chosen is better:
                    break
            if self.cost >= before - TOLERANCE or self.root.bound >= self.limit(ends):
                return

    def _trifle(self, blocks: FamilyBlocks) -> float:
        """Dollars by which no family is asked for more: all of them together are a part of what a plan may cost too much."""
        return IN_TRIFLES * tolerance_of(self.model, self.cost if self.cost < np.inf else 0.0) / len(blocks)

    def _at_its_prices(self, blocks: FamilyBlocks, found: Solved, within: float) -> float:
        """A bound for the branch just solved: its cost, and up to some dollars what each family's own rules add at its prices."""
        assert blocks.session.answer is not None
        answers = blocks.best_answers(blocks.session.answer, blocks.session.numbers(), self._trifle(blocks), within + MARGIN)
        return found.bound - sum(answer.saving for answer in answers)

    def _plunge(self, settled: Settled) -> None:
        """Settle every group at once by what most of it does in a branch, then where washing ends: three solves for a plan."""
        found = _branch(self.model, settled)
        if found.amounts is None:
            return
        rounded = _branch(self.model, replace(settled, states=by_flags(self.model, settled, found.amounts)))
        self._repair(rounded, settled)

    def _repair(self, found: Solved, settled: Settled) -> None:
        """Where no group breaks its rule but losses are counted of the wrong lots, let washing end where the law ends it."""
        if found.amounts is None:
            return
        exact = settled_by(self.model, found.amounts)
        repaired = _branch(self.model, replace(exact, families=settled.families))
        if repaired.amounts is not None and not children_of(self.model, exact, repaired.amounts):
            self.best = _better(self.best, repaired)


@dataclass(frozen=True)
class _Ends:
    """When a search is good enough: for a few groups at odds with the best plan only, for many sooner."""

    is_large: bool
    seconds: float
    are_many: bool = False

    def enough(self, cost: float) -> float:
        """Dollars by which another plan would have to be better."""
        return max(TOLERANCE, ENOUGH * abs(cost)) if self.is_large else TOLERANCE


def _ends(model: Model, amounts: Amounts, time_limit_seconds: float | None) -> _Ends:
    are_many = int((dollars_at_odds(model, amounts, Settled()) > 0).sum()) > FEW
    own = LONGEST if are_many else np.inf
    is_large = are_many and model.problem.benchmark is not None
    return _Ends(is_large, own if time_limit_seconds is None else time_limit_seconds, are_many and not is_large)


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


def _kept_as_they_are(model: Model, settled: Settled) -> Settled:
    """The same with every other group of which shares bought lately may stay as one that is not sold at a loss."""
    kept = {n: WashState.BOUGHT for n, group in enumerate(model.wash_axis) if group.kept}
    return replace(settled, states={**kept, **settled.states})


def _rounded(model: Model, settled: Settled, amounts: Amounts) -> Solved | None:
    """A plan near these amounts: every open group is sold or bought, by where it has more dollars."""
    states = dict(settled.states)
    for n, group in enumerate(model.wash_axis):
        if n not in states:
            sold = float(amounts.sold[group.losing].sum())
            is_sold = sold > CLEAN and sold >= float(amounts.bought[group.buys].sum())
            states[n] = WashState.HARVESTED if is_sold else WashState.BOUGHT
    found = _branch(model, replace(settled, states=states))
    if found.amounts is None or children_of(model, replace(settled, states=states), found.amounts):
        return None
    whole = settle(model, found, states, settled.cuts)
    return whole if whole.amounts is not None else None


def _closed(best: Solved | None, bound: float) -> Solved:
    """The search is over: no open branch can beat the plan at hand, or the cutoff where there is none."""
    if best is None:
        return Solved("cut off", np.inf, bound, None)
    return replace(best, bound=min(bound, best.objective))


def _branch(model: Model, settled: Settled) -> Solved:
    model.decide(settled.states, settled.cuts, settled.families)
    return solve(model)
