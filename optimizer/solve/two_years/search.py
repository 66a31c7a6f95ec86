"""The best plan over every pair of cases of the two years, and the bound that holds for all of them."""

from dataclasses import dataclass
from math import inf
from time import monotonic

import numpy as np

from optimizer.errors import OutOfTime
from optimizer.model.polyhedral import LinearCase
from optimizer.model.two_years.program import Dates, TwoYears
from optimizer.solve.return_cases import TOLERANCE, CaseResult
from optimizer.solve.session import TIME_LIMIT
from optimizer.solve.solvers import Amounts, Solved, solving_until
from optimizer.solve.two_years.branching import Found, solve_with_wash_rule
from optimizer.solve.two_years.pair_bounds import PairBounds, Price

TAXES = ("tax", "january tax")
"""The costs that are the cases'."""


@dataclass(frozen=True)
class TwoYearOptimum:
    """The best plan over all pairs of cases with the bound that holds for every plan, dollars."""

    december: Amounts
    january: Amounts
    objective: float
    bound: float
    cases: tuple[CaseResult, ...]

    @property
    def costs(self) -> dict[str, float]:
        """Every cost by name, dollars; next year's tax at its value today."""
        return self.december.costs

    @property
    def gap(self) -> float:
        """Dollars by which a better plan could at most be better."""
        return max(0.0, self.objective - self.bound)

    @property
    def is_cut_short(self) -> bool:
        """Whether the time was up before nothing was left to look for."""
        return self.gap > 2 * TOLERANCE and any(case.solved.status == TIME_LIMIT for case in self.cases)


def two_year_optimum(
    model: TwoYears, dates: Dates = Dates.BOTH, time_limit_seconds: float | None = None
) -> TwoYearOptimum | None:
    """Solve the pairs of cases that could hold the best plan; None when the orders have no plan.

    The pair with the least bound is solved next, until no bound lies under the best plan or the time is up.

    Raises
    ------
    OutOfTime
        If the time is up before there is any plan.
    """
    deadline = None if time_limit_seconds is None else monotonic() + time_limit_seconds
    with solving_until(model, deadline):
        pairs, solved = _search(model, dates, deadline)
    best = min(solved, key=lambda place: solved[place].objective)
    if solved[best].december is None or solved[best].january is None:
        if time_limit_seconds is not None and deadline is not None and monotonic() > deadline:
            raise OutOfTime(time_limit_seconds)
        return None
    return _optimum(model, best, solved, pairs, monotonic() > deadline if deadline is not None else False)


def _search(model: TwoYears, dates: Dates, deadline: float | None) -> tuple[PairBounds, dict[tuple[int, int, int], Found]]:
    """The pairs that were solved, and bounds for all of them."""
    this_year, next_year = model.december.taxed, model.january.taxed
    pairs = PairBounds(this_year, model.carry_cases, next_year, model.discount)
    solved: dict[tuple[int, int, int], Found] = {}
    pairs.bounds[:] = -inf
    limit = inf
    while True:
        open_bounds = pairs.bounds.copy()
        for place in solved:
            open_bounds[place] = inf
        least = np.unravel_index(int(np.argmin(open_bounds)), open_bounds.shape)
        place = (int(least[0]), int(least[1]), int(least[2]))
        if open_bounds[place] >= limit - TOLERANCE:
            break
        left = None if deadline is None else max(0.0, deadline - monotonic())
        if solved and left == 0:
            break
        found = _solve_pair(model, place, dates, limit, pairs, left)
        solved[place] = found
        limit = min(limit, found.objective)
    return pairs, solved


def _solve_pair(
    model: TwoYears,
    place: tuple[int, int, int],
    dates: Dates,
    limit: float,
    pairs: PairBounds,
    time_limit_seconds: float | None,
) -> Found:
    first, second = model.december.taxed.cases[place[0]], model.january.taxed.cases[place[2]]
    assert isinstance(first, LinearCase)
    assert isinstance(second, LinearCase)
    model.restrict(dates)
    model.choose(first, model.carry_cases[place[1]], second)
    return solve_with_wash_rule(model, limit, time_limit_seconds, lambda root: pairs.tell(_price(model, root)))


def _price(model: TwoYears, root: Found) -> Price:
    """What all but the tax costs at least, by the duals of the program just solved."""
    assert root.december is not None
    assert root.january is not None
    before, after = model.december.year, model.january.year
    this_year = np.asarray(before.tie.dual_value, dtype=float)
    next_year = np.asarray(after.tie.dual_value, dtype=float)
    own = root.january.z.copy()
    own[:2] += np.asarray(model.carry.amounts.value, dtype=float)
    rest = sum(cost for name, cost in root.december.costs.items() if name not in TAXES)
    return Price(this_year, next_year, rest - float(this_year @ root.december.z) - float(next_year @ own))


def _optimum(
    model: TwoYears, best: tuple[int, int, int], solved: dict[tuple[int, int, int], Found], pairs: PairBounds, is_late: bool
) -> TwoYearOptimum:
    found = solved[best]
    assert found.december is not None
    assert found.january is not None
    results, bounds = [], []
    for place in np.ndindex(pairs.bounds.shape):
        one = solved.get((place[0], place[1], place[2]))
        bound = float(pairs.bounds[place]) if one is None else max(one.bound, float(pairs.bounds[place]))
        bound = min(bound, found.objective) if one is found else bound
        bounds.append(bound)
        if one is not None:
            results.append(CaseResult(_name(model, place), Solved(one.status, one.objective, bound, one.december)))
    ruled_out = [bound for place, bound in zip(np.ndindex(pairs.bounds.shape), bounds, strict=True) if place not in solved]
    if ruled_out:
        words = f"{len(ruled_out)} further pairs of cases, by their bounds"
        is_open = is_late and min(ruled_out) < found.objective - TOLERANCE
        results.append(CaseResult(words, Solved(TIME_LIMIT if is_open else "ruled out", inf, min(ruled_out), None)))
    return TwoYearOptimum(found.december, found.january, found.objective, min(bounds), tuple(results))


def _name(model: TwoYears, place: tuple[int, ...]) -> str:
    first, second = model.december.taxed.cases[place[0]], model.january.taxed.cases[place[2]]
    return f"{first.name}; {model.carry_cases[place[1]].name}; next year {second.name}"
