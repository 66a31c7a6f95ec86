"""Every convex case that matters: the smallest optimum is the plan, the smallest bound its proof.

At flat rates there are two cases and both are solved. Of the cases of a whole return most are ruled out without a solve of the
household: a solve tells what one more dollar of each amount of the year costs in everything but tax, and that price bounds the
rest of the cost from below for every plan, because it is convex. With it a case alone, a program of the return's few amounts,
has a bound; cases are solved from the least bound up until no bound lies under the best plan.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from math import inf
from time import monotonic

import numpy as np

from optimizer.errors import OutOfTime
from optimizer.model.assemble import Model
from optimizer.model.blocks.year_return import YearReturn
from optimizer.model.cases import TaxCase
from optimizer.model.polyhedral import CaseProgram, LinearCase, Vector
from optimizer.problem import Lever
from optimizer.solve.branch import GRACE, WashSearch, solve_with_wash_rule, tolerance_of
from optimizer.solve.flat_price import FlatPrice, flat_price
from optimizer.solve.loosen import hold_limit, loosen
from optimizer.solve.session import TIME_LIMIT
from optimizer.solve.solvers import NOT_SOLVED, WHOLE_SECONDS, Amounts, Solved, Tradeable, solve_whole, solving_until
from optimizer.solve.wash_questions import settled_by

FEW = 64
"""With more cases, finding the one that holds the year as it is takes longer than a solve too many."""
ORDER_SECONDS = 10.0
"""Seconds in which orders are chosen; the gap that is left is stated."""
LATE = 0.05
"""Seconds before its end within which a search without an answer was ended by its clock."""
TOLERANCE = 0.005
"""Dollars; a case that cannot beat the best plan by this much is not solved, and its bound still counts."""


@dataclass(frozen=True)
class CaseResult:
    """One case by name."""

    name: str
    solved: Solved


@dataclass(frozen=True)
class Optimum:
    """The best plan over all cases with the bound that holds for every plan."""

    amounts: Amounts
    objective: float
    bound: float
    cases: tuple[CaseResult, ...]
    tradeable_bound: float | None = None
    """No plan in tradeable amounts costs less; None where they were not all searched."""

    @property
    def gap(self) -> float:
        """Dollars by which a better plan could at most be better."""
        return max(0.0, self.objective - self.bound)

    @property
    def is_cut_short(self) -> bool:
        """Whether the time was up before nothing was left to look for."""
        return self.gap > 2 * TOLERANCE and any(case.solved.status == TIME_LIMIT for case in self.cases)


def optimum_of(model: Model, levers: frozenset[Lever], time_limit_seconds: float | None = None) -> Optimum | None:
    """Solve every case under a set of levers that could hold the best plan; None when no case has a plan.

    A case whose bound reaches a plan known from another case is cut off there, and its bound still counts. When the time is up
    the best plan so far is the answer; a case that was not solved by then has the bound that the prices of others give it.

    Raises
    ------
    OutOfTime
        If the time is up before there is any plan.
    """
    deadline = None if time_limit_seconds is None else monotonic() + time_limit_seconds
    hold_limit(model)
    results = _results(model, levers, deadline)
    if all(result.solved.amounts is None for result in results) and loosen(model, levers):
        results = _results(model, levers, deadline)
    best = min(results, key=lambda result: result.solved.objective)
    if best.solved.amounts is not None:
        return _optimum(best, results)
    if time_limit_seconds is not None and any(result.solved.status == TIME_LIMIT for result in results):
        raise OutOfTime(time_limit_seconds)
    return None


def _results(model: Model, levers: frozenset[Lever], deadline: float | None) -> list[CaseResult]:
    """Every case of the tax, solved or bounded by then."""
    with solving_until(model, deadline):
        if isinstance(model.year, YearReturn):
            return _results_of_return(model, model.year, levers, deadline)
        if model.tracking is not None:
            return _one_after_the_other(model, levers, deadline)
        return _side_by_side(model, levers, deadline)


def _left(deadline: float | None) -> float | None:
    """Seconds left, none once the time is up; None without a limit."""
    return None if deadline is None else max(0.0, deadline - monotonic())


def _side_by_side(model: Model, levers: frozenset[Lever], deadline: float | None) -> list[CaseResult]:
    """Every case is begun before any is finished, so that the better plan is known when the other is."""
    searches: list[WashSearch] = []
    prices: list[FlatPrice] = []
    for case in model.cases:
        model.choose(case, levers)
        search = WashSearch(model, _left(deadline))
        learn = None if deadline is None else _learning(model, case, prices)
        search.start(min((each.cost for each in searches), default=inf), learn)
        searches.append(search)
    results: dict[int, CaseResult] = {}
    for n in sorted(range(len(searches)), key=lambda n: searches[n].cost):
        model.choose(model.cases[n], levers)
        known = min((each.cost for each in searches), default=inf)
        results[n] = CaseResult(model.cases[n].name, searches[n].finish(known))
    return [_bounded(model, levers, n, results[n], prices) for n in range(len(searches))]


def _learning(model: Model, case: TaxCase | LinearCase, prices: list[FlatPrice]) -> Callable[[Solved], None]:
    """Keeps the prices that the case at hand tells."""
    assert isinstance(case, TaxCase)
    return lambda root: prices.append(flat_price(model, root, case))


def _bounded(model: Model, levers: frozenset[Lever], n: int, result: CaseResult, prices: list[FlatPrice]) -> CaseResult:
    """A case that the time did not suffice for, with a bound that other cases' prices give it, or else its own solve.

    Without any plan the bound serves nobody, and it is left as it is.
    """
    case = model.cases[n]
    if result.solved.bound > -inf or not prices or not isinstance(case, TaxCase):
        return result
    least = max(price.least(case) for price in prices)
    if least == -inf:
        model.choose(case, levers)
        with solving_until(model, None):
            root = WashSearch(model)
            root.start(inf)
        least = root.root.bound
    return replace(result, solved=replace(result.solved, bound=least))


def _one_after_the_other(model: Model, levers: frozenset[Lever], deadline: float | None) -> list[CaseResult]:
    """Beside a cone a solve costs more than a bound, so a case is first bounded by the prices of the cases before it."""
    results: list[CaseResult] = []
    prices: list[FlatPrice] = []
    for n, case in enumerate(model.cases):
        assert isinstance(case, TaxCase)
        known = min((result.solved.objective for result in results), default=inf)
        least = max((price.least(case) for price in prices), default=-inf)
        if least >= known:
            results.append(CaseResult(case.name, _ruled_out(least)))
            continue
        if deadline is not None and monotonic() > deadline and known < inf:
            found = CaseResult(case.name, replace(NOT_SOLVED, bound=least))
        else:
            model.choose(case, levers)
            solved = solve_with_wash_rule(model, known, _left(deadline), _learning(model, case, prices))
            found = CaseResult(case.name, replace(solved, bound=max(solved.bound, least)))
        results.append(_bounded(model, levers, n, found, prices))
    return results


def _optimum(best: CaseResult, results: list[CaseResult]) -> Optimum:
    assert best.solved.amounts is not None
    bound = min(result.solved.bound for result in results)
    return Optimum(best.solved.amounts, best.solved.objective, bound, tuple(results))


@dataclass
class _Search:
    """Cases with their bounds, the plans found so far and the prices they told.

    A case's bound is brought up to date only when it is the least, which most never are a second time.
    """

    model: Model
    year: YearReturn
    cases: tuple[LinearCase, ...]
    programs: list[CaseProgram]
    bounds: list[float]
    solved: dict[int, Solved] = field(default_factory=dict)
    prices: list[tuple[Vector, float]] = field(default_factory=list)
    deadline: float | None = None
    told: dict[int, int] = field(default_factory=dict)
    """How many of the prices each case's program knows."""

    @property
    def best(self) -> float:
        """Cost of the best plan so far, dollars."""
        return min((solved.objective for solved in self.solved.values()), default=inf)

    @property
    def is_late(self) -> bool:
        """Whether the time is up."""
        return self.deadline is not None and monotonic() > self.deadline

    def open(self) -> Iterator[int]:
        """Cases worth a solve, the least bound first, as long as there are any."""
        while True:
            limit = self.best if self.best == inf else self.best - max(TOLERANCE, tolerance_of(self.model, self.best))
            waiting = [n for n in range(len(self.cases)) if n not in self.solved and self.bounds[n] < limit]
            if not waiting or self.is_late:
                return
            n = min(waiting, key=lambda n: self.bounds[n])
            if self.told.get(n, 0) < len(self.prices):
                self._bring_up_to_date(n)
            else:
                yield n

    def solve(self, n: int, levers: frozenset[Lever]) -> None:
        """Solve a case of the household, and learn its prices."""
        self.model.choose(self.cases[n], levers)

        def learn(root: Solved) -> None:
            self.prices.append(self._price(root))

        self.solved[n] = solve_with_wash_rule(self.model, self.best, _left(self.deadline), learn)

    def result(self, n: int) -> Solved:
        """What is known of a case in the end; one that was not solved has a bound all the same."""
        if n in self.solved:
            solved = self.solved[n]
            if solved.bound == -inf:
                self._bring_up_to_date(n)
            return replace(solved, bound=max(solved.bound, self.bounds[n]))
        is_open = self.bounds[n] < self.best - max(TOLERANCE, tolerance_of(self.model, self.best))
        if is_open:
            self._bring_up_to_date(n)
        return Solved(TIME_LIMIT, inf, self.bounds[n], None) if is_open else _ruled_out(self.bounds[n])

    def _bring_up_to_date(self, n: int) -> None:
        for slope, offset in self.prices[self.told.get(n, 0) :]:
            self.programs[n].add_cut(slope, offset)
        self.told[n] = len(self.prices)
        self.bounds[n] = max(self.bounds[n], self.programs[n].least() - self.year.base_tax)

    def _price(self, root: Solved) -> tuple[Vector, float]:
        """Slope and offset, in z, of what all but the tax costs at least, from the program just solved."""
        assert root.amounts is not None
        slope = np.asarray(self.year.tie.dual_value, dtype=float)
        rest = sum(cost for name, cost in root.amounts.costs.items() if name != "tax")
        return slope, rest - (root.objective - root.bound) - float(slope @ root.amounts.z)


def _results_of_return(model: Model, year: YearReturn, levers: frozenset[Lever], deadline: float | None) -> list[CaseResult]:
    """Every case of a whole return, solved or ruled out by a bound."""
    cases = tuple(case for case in model.cases if isinstance(case, LinearCase))
    lower, upper = model.year_cases.lower, model.year_cases.upper
    programs = [CaseProgram(case, lower, upper) for case in cases]
    search = _Search(model, year, cases, programs, [-inf] * len(cases), deadline=deadline)
    if len(cases) <= FEW:
        untouched = np.clip(_untouched(model), lower, upper)
        search.solve(int(np.argmin([case.tax(untouched) for case in cases])), levers)
    for n in search.open():
        search.solve(n, levers)
    return [CaseResult(case.name, search.result(n)) for n, case in enumerate(cases)]


def _ruled_out(bound: float) -> Solved:
    return Solved("ruled out", inf, bound, None)


def _untouched(model: Model) -> Vector:
    """The year's amounts without any trade."""
    gains = model.problem.taxpayer.gains
    return np.array([float(gains.net_short), float(gains.net_long), 0.0, 0.0, 0.0, 0.0])


@dataclass(frozen=True)
class TradeablePlan:
    """A plan in tradeable amounts; the bound holds for every such plan, and is None where not all of them were searched."""

    amounts: Amounts
    bound: float | None


def tradeable_plan(
    model: Model, optimum: Optimum, levers: frozenset[Lever], seconds: float | None = None
) -> TradeablePlan | None:
    """The optimum in whole shares and orders of the size, number and fee wished for; None where there is none.

    Whole shares alone keep the optimum's tax case, lots, harvests and flows, because a cent of cash that no whole share uses up
    is no reason to split a withdrawal over accounts. Orders are chosen among all lots and in every tax case that could be better,
    the optimum's first, until the time for it is up: of `seconds` that are left of a limit, though never less than a moment.
    """
    allowed = inf if seconds is None else max(GRACE, seconds)
    places = sorted(range(len(optimum.cases)), key=lambda place: optimum.cases[place].solved.objective)
    if model.choice is None:
        model.choose(model.cases[places[0]], levers)
        settled = settled_by(model, optimum.amounts)
        model.decide(settled.states, settled.cuts)
        amounts = optimum.amounts
        model.pin(amounts.sold, amounts.contributed, amounts.withdrawn)
        found = solve_whole(model, min(WHOLE_SECONDS, allowed))
        return None if found is None else TradeablePlan(found.amounts, None)
    until, bounds = monotonic() + min(ORDER_SECONDS, allowed), list[float]()
    best: Tradeable | None = None
    for place in places:
        case_bound = optimum.cases[place].solved.bound
        if best is not None and case_bound >= best.objective - TOLERANCE:
            bounds.append(case_bound)
            continue
        left = until - monotonic()
        if left <= 0:
            bounds.append(case_bound)
            continue
        model.choose(model.cases[place], levers)
        found = solve_whole(model, left)
        if found is not None:
            bounds.append(max(case_bound, found.bound))
            best = found if best is None or found.objective < best.objective else best
        elif monotonic() >= until - LATE:
            bounds.append(case_bound)
    if best is None:
        return None
    return TradeablePlan(best.amounts, min([*bounds, best.objective]))


def tax_due(model: Model, amounts: Amounts) -> float:
    """The tax due this year as the model sees it, dollars: penalties included, a carried loss counted as nothing."""
    flat = [case.due_at(amounts.z) for case in model.cases if isinstance(case, TaxCase)]
    whole = [(case.tax(amounts.z), case) for case in model.cases if isinstance(case, LinearCase)]
    if not whole:
        return min(flat) + amounts.costs["penalties"]
    height, case = min(whole, key=lambda pair: pair[0])
    return case.due(height, amounts.z) + amounts.costs["penalties"]
