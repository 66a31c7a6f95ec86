"""Every convex case in turn: the smallest optimum is the plan, the smallest bound its proof."""

from dataclasses import dataclass
from math import inf

from optimizer.model.assemble import Model
from optimizer.problem import Lever
from optimizer.solve.branch import harvests, solve_with_wash_rule
from optimizer.solve.solvers import Amounts, Solved, solve_whole


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

    @property
    def gap(self) -> float:
        """Dollars by which a better plan could at most be better."""
        return max(0.0, self.objective - self.bound)


def optimum_of(model: Model, levers: frozenset[Lever], time_limit_seconds: float | None = None) -> Optimum | None:
    """Solve every case under a set of levers; None when no case has a plan.

    A case whose bound reaches a plan known from another case is cut off there, and its bound still counts.
    """
    results: list[CaseResult] = []
    for case in model.cases:
        model.choose(case, levers)
        known = min((result.solved.objective for result in results), default=inf)
        results.append(CaseResult(case.name, solve_with_wash_rule(model, known, time_limit_seconds)))
    best = min(results, key=lambda result: result.solved.objective)
    if best.solved.amounts is None:
        return None
    bound = min(result.solved.bound for result in results)
    return Optimum(best.solved.amounts, best.solved.objective, bound, tuple(results))


def whole_amounts_of(model: Model, optimum: Optimum, levers: frozenset[Lever]) -> Amounts:
    """The optimum in whole shares, in its own tax case and with its own harvests; as it is where steps are small."""
    if model.whole is None:
        return optimum.amounts
    best = min(range(len(optimum.cases)), key=lambda place: optimum.cases[place].solved.objective)
    model.choose(model.cases[best], levers)
    model.decide(harvests(model, optimum.amounts))
    return solve_whole(model) or optimum.amounts
