"""The cases of a whole return: most are ruled out by a bound, without a solve of the household.

A solve tells what one more dollar of each amount of the year costs in everything but tax, and that price bounds the rest of the
cost from below for every plan, because it is convex. With it a case alone, a program of the return's few amounts, has a bound;
cases are solved from the least bound up until no bound lies under the best plan. Prices and bounds of a question hold for every
narrower one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import inf
from time import monotonic
from weakref import WeakKeyDictionary

import cvxpy as cp
import numpy as np

from optimizer.model.assemble import Model
from optimizer.model.blocks.year_return import YearReturn
from optimizer.model.polyhedral import CaseProgram, LinearCase, Vector
from optimizer.problem import Lever
from optimizer.solve.branch import solve_with_wash_rule, tolerance_of
from optimizer.solve.session import TIME_LIMIT
from optimizer.solve.solvers import Solved

FEW = 64
"""With more cases, finding the one that holds the year as it is takes longer than a solve too many."""
TOLERANCE = 0.005
"""Dollars; a case that cannot beat the best plan by this much is not solved, and its bound still counts."""


@dataclass(frozen=True)
class CaseResult:
    """One case by name."""

    name: str
    solved: Solved


@dataclass(frozen=True)
class ReturnPrice:
    """Everything but the tax costs at least `slope`·z + `offset` dollars, z the amounts of the year."""

    slope: Vector
    offset: float


_PROGRAMS: WeakKeyDictionary[cp.Problem, tuple[CaseProgram, ...]] = WeakKeyDictionary()


def _programs_of(model: Model) -> tuple[CaseProgram, ...]:
    """The programs of all cases of a compiled question, in their order."""
    if model.program not in _PROGRAMS:
        box = model.year_cases
        _PROGRAMS[model.program] = tuple(CaseProgram(case, box.lower, box.upper) for case in _linear(model))
    return _PROGRAMS[model.program]


def _linear(model: Model) -> tuple[LinearCase, ...]:
    return tuple(case for case in model.cases if isinstance(case, LinearCase))


def least_tax(model: Model, z: Vector) -> tuple[float, LinearCase]:
    """The tax of a whole return at z, a loss carried at its value, in dollars, and the case that tells it."""
    heights = [program.tax(z) for program in _programs_of(model)]
    place = int(np.argmin(heights))
    return heights[place], _linear(model)[place]


@dataclass
class ReturnSearch:
    """Cases with their bounds, the plans found so far and the prices they told.

    A case's bound is brought up to date only when it is the least, which most never are a second time.
    """

    model: Model
    year: YearReturn
    cases: tuple[LinearCase, ...]
    programs: tuple[CaseProgram, ...]
    bounds: list[float]
    solved: dict[int, Solved] = field(default_factory=dict)
    prices: list[ReturnPrice] = field(default_factory=list)
    deadline: float | None = None
    told: dict[int, int] = field(default_factory=dict)
    """How many of the prices each case's program knows."""

    @classmethod
    def of(cls, model: Model, year: YearReturn, deadline: float | None) -> "ReturnSearch":
        """A search that knows nothing yet."""
        programs = _programs_of(model)
        for program in programs:
            program.forget()
        return cls(model, year, _linear(model), programs, [-inf] * len(programs), deadline=deadline)

    def begin(self, levers: frozenset[Lever]) -> None:
        """Solve the case that holds the year without any trade."""
        if len(self.cases) <= FEW:
            box, gains = self.model.year_cases, self.model.problem.taxpayer.gains
            untouched = np.array([float(gains.net_short), float(gains.net_long), 0.0, 0.0, 0.0, 0.0])
            at = np.clip(untouched, box.lower, box.upper)
            self.solve(int(np.argmin([program.tax(at) for program in self.programs])), levers)

    def know(self, bounds: Sequence[float], prices: Sequence[ReturnPrice]) -> None:
        """Take over what holds for every plan: a bound of each case, and prices."""
        self.bounds, self.prices = list(bounds), list(prices)

    def results(self, levers: frozenset[Lever]) -> list[CaseResult]:
        """Every case, solved or ruled out by a bound."""
        for n in self._open():
            self.solve(n, levers)
        return [CaseResult(case.name, self._result(n)) for n, case in enumerate(self.cases)]

    @property
    def best(self) -> float:
        """Cost of the best plan so far, dollars."""
        return min((solved.objective for solved in self.solved.values()), default=inf)

    @property
    def is_late(self) -> bool:
        """Whether the time is up."""
        return self.deadline is not None and monotonic() > self.deadline

    def _open(self) -> Iterator[int]:
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

        left = None if self.deadline is None else max(0.0, self.deadline - monotonic())
        self.solved[n] = solve_with_wash_rule(self.model, self.best, left, learn)

    def _result(self, n: int) -> Solved:
        """What is known of a case in the end; one that was not solved has a bound all the same."""
        if n in self.solved:
            solved = self.solved[n]
            if solved.bound == -inf:
                self._bring_up_to_date(n)
            return replace(solved, bound=max(solved.bound, self.bounds[n]))
        is_open = self.bounds[n] < self.best - max(TOLERANCE, tolerance_of(self.model, self.best))
        if is_open:
            self._bring_up_to_date(n)
        return Solved(TIME_LIMIT, inf, self.bounds[n], None) if is_open else ruled_out(self.bounds[n])

    def _bring_up_to_date(self, n: int) -> None:
        for price in self.prices[self.told.get(n, 0) :]:
            self.programs[n].add_cut(price.slope, price.offset)
        self.told[n] = len(self.prices)
        self.bounds[n] = max(self.bounds[n], self.programs[n].least() - self.year.base_tax)

    def _price(self, root: Solved) -> ReturnPrice:
        """What all but the tax costs at least, from the program just solved."""
        assert root.amounts is not None
        slope = np.asarray(self.year.tie.dual_value, dtype=float)
        rest = sum(cost for name, cost in root.amounts.costs.items() if name != "tax")
        return ReturnPrice(slope, rest - (root.objective - root.bound) - float(slope @ root.amounts.z))


def ruled_out(bound: float) -> Solved:
    """A case that was not solved, because no plan of it costs less than its bound."""
    return Solved("ruled out", inf, bound, None)
