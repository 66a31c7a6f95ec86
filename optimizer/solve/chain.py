"""Every convex case that matters: the smallest optimum is the plan, the smallest bound its proof.

At flat rates there are two cases and both are solved. Of the cases of a whole return most are ruled out without a solve of the
household (:mod:`optimizer.solve.return_cases`).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf
from time import monotonic
from typing import Literal

from optimizer.errors import OutOfTime
from optimizer.model.assemble import Model
from optimizer.model.blocks.year_return import YearReturn
from optimizer.model.cases import TaxCase
from optimizer.model.polyhedral import LinearCase
from optimizer.problem import Lever
from optimizer.solve.branch import WashSearch
from optimizer.solve.flat_price import FlatPrice, flat_price
from optimizer.solve.loosen import hold_limit, loosen
from optimizer.solve.return_cases import TOLERANCE, CaseResult, ReturnPrice, ReturnSearch, least_tax, ruled_out
from optimizer.solve.session import TIME_LIMIT
from optimizer.solve.solvers import Amounts, Solved, solving_until


@dataclass(frozen=True)
class Optimum:
    """The best plan over all cases with the bound that holds for every plan."""

    amounts: Amounts
    objective: float
    bound: float
    cases: tuple[CaseResult, ...]
    tradeable_bound: float | None = None
    """No plan in tradeable amounts costs less; None where they were not all searched."""
    tradeable_ended_by: Literal["proof", "work", "time"] | None = None
    """How the search among tradeable amounts ended; None where rounding does."""
    prices: tuple[ReturnPrice, ...] = ()
    """What the solves of a whole return told of everything but its tax."""

    @property
    def gap(self) -> float:
        """Dollars by which a better plan could at most be better."""
        return max(0.0, self.objective - self.bound)

    @property
    def is_cut_short(self) -> bool:
        """Whether the time was up before nothing was left to look for."""
        return self.gap > 2 * TOLERANCE and any(case.solved.status == TIME_LIMIT for case in self.cases)


def optimum_of(
    model: Model, levers: frozenset[Lever], time_limit_seconds: float | None = None, wider: Optimum | None = None
) -> Optimum | None:
    """Solve every case under a set of levers that could hold the best plan; None when no case has a plan.

    A case whose bound reaches a plan known from another case is cut off there, and its bound still counts. When the time is up
    the best plan so far is the answer; a case that was not solved by then has the bound that the prices of others give it.
    The optimum of a `wider` question, the same but for more levers or fewer lots barred, which allows every plan that this one
    does, says of each case of a return what it costs at least here, too.

    Raises
    ------
    OutOfTime
        If the time is up before there is any plan.
    """
    deadline = None if time_limit_seconds is None else monotonic() + time_limit_seconds
    hold_limit(model)
    results, prices = _results(model, levers, deadline, wider)
    is_settled = all(result.solved.amounts is None and result.solved.status != TIME_LIMIT for result in results)
    if is_settled and loosen(model, levers):
        results, prices = _results(model, levers, deadline, wider)
    best = min(results, key=lambda result: result.solved.objective)
    if best.solved.amounts is not None:
        return replace(_optimum(best, results), prices=prices)
    if time_limit_seconds is not None and any(result.solved.status == TIME_LIMIT for result in results):
        raise OutOfTime(time_limit_seconds)
    return None


def _results(
    model: Model, levers: frozenset[Lever], deadline: float | None, wider: Optimum | None
) -> tuple[list[CaseResult], tuple[ReturnPrice, ...]]:
    """Every case of the tax, solved or bounded by then, and what the solves of a whole return told."""
    with solving_until(model, deadline):
        if isinstance(model.year, YearReturn):
            search = ReturnSearch.of(model, model.year, deadline)
            # A limit on tracking error may be loosened for the narrower question, which then allows more and not less.
            if wider is None or model.tracking is not None:
                search.begin(levers)
            else:
                search.know([case.solved.bound for case in wider.cases], wider.prices)
            return search.results(levers), tuple(search.prices)
        if model.tracking is not None:
            return _beside_a_cone(model, levers, deadline), ()
        return _side_by_side(model, levers, deadline), ()


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


def _beside_a_cone(model: Model, levers: frozenset[Lever], deadline: float | None) -> list[CaseResult]:
    """The case that promises most is finished first, because beside a cone a solve costs more than a bound.

    A case that the prices of another hold above it is not begun before a plan is known, and then seldom has to be.
    """
    prices, begun = list[FlatPrice](), dict[int, WashSearch]()

    def least(n: int) -> float:
        case = model.cases[n]
        assert isinstance(case, TaxCase)
        return max((price.least(case) for price in prices), default=-inf)

    def begin(n: int) -> WashSearch:
        model.choose(model.cases[n], levers)
        begun[n] = WashSearch(model, _left(deadline))
        begun[n].start(inf, _learning(model, model.cases[n], prices))
        return begun[n]

    for n in range(len(model.cases)):
        if least(n) < min((search.root.bound for search in begun.values()), default=inf):
            begin(n)
    promise = {n: (search.root.amounts is None, search.root.bound) for n, search in begun.items()}
    results: dict[int, CaseResult] = {}
    for n in sorted(range(len(model.cases)), key=lambda n: promise.get(n, (True, inf))):
        known = min((result.solved.objective for result in results.values()), default=inf)
        if n in begun or least(n) < known:
            search = begun[n] if n in begun else begin(n)
            model.choose(model.cases[n], levers)
            solved = search.finish(known)
            found = replace(solved, bound=max(solved.bound, least(n)))
        else:
            found = ruled_out(least(n))
        results[n] = _bounded(model, levers, n, CaseResult(model.cases[n].name, found), prices)
    return [results[n] for n in range(len(model.cases))]


def _optimum(best: CaseResult, results: list[CaseResult]) -> Optimum:
    assert best.solved.amounts is not None
    bound = min(result.solved.bound for result in results)
    return Optimum(best.solved.amounts, best.solved.objective, bound, tuple(results))


def tax_due(model: Model, amounts: Amounts) -> float:
    """The tax due this year as the model sees it, dollars: penalties included, a carried loss counted as nothing."""
    flat = [case.due_at(amounts.z) for case in model.cases if isinstance(case, TaxCase)]
    if flat:
        return min(flat) + amounts.costs["penalties"]
    height, case = least_tax(model, amounts.z)
    return case.due(height, amounts.z) + amounts.costs["penalties"]
