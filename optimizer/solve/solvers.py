"""The solver at work: one case of one program in, trades in dollars and a dual bound out."""

from collections.abc import Iterable
from dataclasses import dataclass

import cvxpy as cp
import numpy as np

from optimizer.errors import SolverFailure
from optimizer.model.assemble import Model
from optimizer.model.axes import Vector

SOLVER = "HiGHS"
ABSOLUTE_GAP = 1e-3
"""Dollars. Branching stops once the bound is this near; a tenth of a cent."""
CLEAN = 1e-6
"""Dollars; less than this bought or kept is the solver's rounding noise."""


@dataclass(frozen=True)
class Amounts:
    """Values of the decision variables in dollars, in the order of the model's axes."""

    sold: Vector
    given: Vector
    bought: Vector
    contributed: Vector
    withdrawn: Vector
    cash_given: Vector
    z: Vector
    """Net short-term gain, net long-term gain, ordinary income and deduction, as the model sees them."""
    costs: dict[str, float]


@dataclass(frozen=True)
class Solved:
    """What the solver says of one case; without amounts where no plan exists."""

    status: str
    objective: float
    bound: float
    amounts: Amounts | None


def solve(model: Model, cutoff: float = np.inf, time_limit_seconds: float | None = None) -> Solved:
    """Solve the program as its parameters stand.

    The relaxed program comes first. Where its answer buys nothing of a group it sells at a loss, the answer obeys the rule as
    it is and is optimal; only otherwise the flags are made whole. A relaxed bound above `cutoff`, the cost in dollars of a plan
    known already, ends the search, because nothing under it can beat that plan.

    Raises
    ------
    SolverFailure
        If the solver neither finds a plan nor shows that there is none.
    """
    relaxed = _run(model, model.relaxed, {})
    if relaxed.amounts is None or relaxed.objective >= cutoff or _obeys_wash_rule(model, relaxed.amounts):
        return relaxed
    options: dict[str, float] = {"mip_rel_gap": 0.0, "mip_abs_gap": ABSOLUTE_GAP}
    if time_limit_seconds is not None:
        options["time_limit"] = time_limit_seconds
    return _run(model, model.exact, options)


def _run(model: Model, program: cp.Problem, options: dict[str, float]) -> Solved:
    _attempt(program, options)
    if program.status in (cp.INFEASIBLE, "infeasible_or_unbounded"):
        return Solved("infeasible", np.inf, np.inf, None)
    if program.value is None or program.status not in (cp.OPTIMAL, cp.OPTIMAL_INACCURATE, cp.USER_LIMIT):
        raise SolverFailure(f"The solver stopped with status {program.status!r} and no plan.")
    objective = float(program.value)
    return Solved(program.status, objective, min(objective, _bound(program, objective)), _amounts(model))


def _attempt(program: cp.Problem, options: dict[str, float]) -> None:
    """Run the solver from the last basis, which is fast, and from nothing where it loses its way from there.

    A basis of another case can be so far off that the simplex method ends a hair outside its tolerance and says neither yes
    nor no; a cold start, with presolve and without its own scaling, then settles it.
    """
    trouble: Exception | None = None
    for warm, more in ((True, {}), (False, {}), (False, {"simplex_scale_strategy": 0})):
        try:
            program.solve(solver=cp.HIGHS, warm_start=warm, **options, **more)
        except (cp.SolverError, ValueError) as error:
            trouble = error
            continue
        return
    raise SolverFailure(f"The solver stopped without an answer: {trouble}") from trouble


def _obeys_wash_rule(model: Model, amounts: Amounts) -> bool:
    """Whether every group is either not sold at a loss, or neither bought nor held from the window before."""
    for group in model.wash_axis:
        if amounts.sold[group.losing].sum() <= CLEAN:
            continue
        kept = (model.axes.lots.value - amounts.sold)[group.recent]
        if amounts.bought[group.buys].sum() > CLEAN or kept.sum() > CLEAN or group.has_stuck_shares:
            return False
    return True


def has_plan(model: Model, orders: Iterable[str]) -> bool:
    """Whether some trades obey every rule and, of the household's orders, these.

    Raises
    ------
    SolverFailure
        If the solver cannot tell; orders are called contradictory only when they are shown to be.
    """
    wanted = set(orders)
    constraints = [each.constraint for each in model.constraints if each.order is None or each.order in wanted]
    program = cp.Problem(cp.Minimize(0), constraints)
    try:
        program.solve(solver=cp.HIGHS)
    except cp.SolverError as error:
        raise SolverFailure(f"The solver stopped before it knew whether the orders fit together: {error}") from error
    if program.status in (cp.OPTIMAL, cp.OPTIMAL_INACCURATE):
        return True
    # Nothing is minimised, so "infeasible or unbounded" can only mean the former.
    if program.status in (cp.INFEASIBLE, "infeasible_or_unbounded"):
        return False
    raise SolverFailure(f"The solver stopped with status {program.status!r}, not knowing whether the orders fit together.")


def _bound(program: cp.Problem, objective: float) -> float:
    """The dual bound in dollars; for a program without binaries strong duality makes it the objective."""
    info = program.solver_stats.extra_stats
    if not program.is_mixed_integer():
        return objective
    return objective - float(info.objective_function_value) + float(info.mip_dual_bound)


def _amounts(model: Model) -> Amounts:
    trades = model.trades
    return Amounts(
        sold=_values(trades.sold),
        given=_values(trades.given),
        bought=_values(trades.bought),
        contributed=_values(trades.contributed),
        withdrawn=_values(trades.withdrawn),
        cash_given=_values(trades.cash_given),
        z=np.asarray(model.year.z.value, dtype=float),
        costs={name: float(cost.value) for name, cost in model.costs.items()},
    )


def _values(variable: cp.Variable) -> Vector:
    """The variable's values with the solver's negative rounding noise removed."""
    if variable.size == 0:
        return np.zeros(0)
    found: Vector = np.maximum(np.asarray(variable.value, dtype=float), 0.0)
    return found
