"""The solver at work: one convex program in, trades in dollars and a dual bound out."""

from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass, replace

import cvxpy as cp
import numpy as np

from optimizer.errors import SolverFailure
from optimizer.model.assemble import Model
from optimizer.model.axes import Vector
from optimizer.model.blocks.wash import WashState
from optimizer.model.blocks.year_return import YearReturn
from optimizer.model.two_years.program import TwoYears
from optimizer.problem import Lever
from optimizer.solve.conic import solve_conic, with_lots, without_traces
from optimizer.solve.session import NO_ANSWER, TIME_LIMIT, Session, session_of
from optimizer.solve.settled_wash import SECONDS, SettledWash

SOLVER = "HiGHS"


@dataclass(frozen=True)
class Amounts:
    """Values of the decision variables in dollars, in the order of the model's axes."""

    sold: Vector
    given: Vector
    bought: Vector
    contributed: Vector
    withdrawn: Vector
    cash_given: Vector
    washed: Vector
    """Of the rows of the model's washed amounts."""
    z: Vector
    """The year's amounts as the model sees them: net short- and long-term gain, ordinary income, and the deduction or, with a
    whole return, gifts in cash, of short-term and of long-term property."""
    costs: dict[str, float]


@dataclass(frozen=True)
class Solved:
    """What is known of one case; without amounts where no plan exists."""

    status: str
    objective: float
    bound: float
    amounts: Amounts | None
    point: Vector | None = None
    """The variables of a program with a cone, whose lots are still to be settled."""


NOT_SOLVED = Solved(TIME_LIMIT, np.inf, -np.inf, None)


def solve(model: Model) -> Solved:
    """Solve the program as its parameters stand: one convex program, its optimum and, by strong duality, its bound.

    Raises
    ------
    SolverFailure
        If the solver neither finds a plan nor shows that there is none.
    """
    session = session_of(model.program, model.costs)
    if session is None:
        return _solved_by_the_library(model)
    if model.tracking is not None:
        return _solve_with_cone(model, session)
    answer = session.solve()
    if answer.status != cp.OPTIMAL:
        return _without_plan(answer.status)
    session.write_back()
    return Solved(answer.status, answer.objective, answer.objective, amounts_of(model, session.costs()))


@contextmanager
def solving_until(model: Model | TwoYears, moment: float | None) -> Iterator[None]:
    """Stop every solve of the model at a moment of the monotonic clock, for as long as this lasts; None lets each finish."""
    session = session_of(model.program, model.costs)
    if session is None:
        yield
        return
    before, session.until = session.until, moment
    try:
        yield
    finally:
        session.until = before


def _without_plan(status: str) -> Solved:
    """What is known of a program that has no plan, or of one that was not solved, which is nothing."""
    return replace(NOT_SOLVED, status=status) if status in (TIME_LIMIT, NO_ANSWER) else Solved("infeasible", np.inf, np.inf, None)


def settle(model: Model, solved: Solved, states: Mapping[int, WashState], cuts: Mapping[int, tuple[int, int]]) -> Solved:
    """The same plan in as few lots as there have to be, every wash group settled; a plan without a cone has them already."""
    session = session_of(model.program, model.costs)
    if solved.point is None or session is None:
        return solved
    model.decide({**by_the_larger_side(model, session, solved.point), **states}, cuts)
    with solving_until(model, None):
        answer = with_lots(model, session, solved.point)
    if answer is None:
        return Solved("infeasible", np.inf, solved.bound, None)
    session.write_back()
    return Solved(answer.status, answer.objective, min(solved.bound, answer.objective), amounts_of(model, session.costs()))


def by_the_larger_side(model: Model, session: Session, point: Vector) -> dict[int, WashState]:
    """Every wash group by position as sold or bought, whichever is more; those with shares bought lately are left open."""
    sold, bought = point[session.columns(model.trades.sold)], point[session.columns(model.trades.bought)]
    return {
        n: WashState.HARVESTED if float(sold[group.losing].sum()) > float(bought[group.buys].sum()) else WashState.BOUGHT
        for n, group in enumerate(model.wash_axis)
        if not group.kept
    }


def _solve_with_cone(model: Model, session: Session) -> Solved:
    answer, bound = solve_conic(model, session)
    if answer.status != cp.OPTIMAL:
        return _without_plan(answer.status)
    session.answer = answer
    session.write_back()
    amounts = amounts_of(model, session.costs())
    amounts = replace(amounts, sold=without_traces(amounts.sold), bought=without_traces(amounts.bought))
    return Solved(answer.status, answer.objective, bound, amounts, answer.x)


def _solved_by_the_library(model: Model) -> Solved:
    """A program that is not linear goes through the modelling library's own compiler."""
    program = model.program
    _attempt(program)
    if program.status in (cp.INFEASIBLE, "infeasible_or_unbounded"):
        return Solved("infeasible", np.inf, np.inf, None)
    if program.value is None or program.status not in (cp.OPTIMAL, cp.OPTIMAL_INACCURATE):
        raise SolverFailure(f"The solver stopped with status {program.status!r} and no plan.")
    objective = float(program.value)
    return Solved(program.status, objective, objective, amounts_of(model, _costs(model)))


def can_carry_out(model: Model, orders: Set[str], levers: frozenset[Lever], settled: bool = False) -> bool:
    """Whether some trades obey every rule of the model and these of its orders, at whatever cost.

    Wash groups may be sold and bought in part, which is a relaxation, unless they are to be `settled`; what is then not known in
    the time allowed counts as possible.
    """
    model.pull(levers)
    has_plan = _has_settled_plan if settled else _has_plan
    wanted = [each for each in model.constraints if each.order is None or each.order in orders]
    if not isinstance(model.year, YearReturn):
        return has_plan(model, [each.constraint for each in wanted])
    of_the_return = model.year.rows
    if not any(each.order is not None and _speaks_of(each.constraint, model.year) for each in wanted):
        return has_plan(model, [each.constraint for each in wanted if each.constraint is not of_the_return])
    for case in model.cases:
        model.year.choose(case)
        if has_plan(model, [each.constraint for each in wanted]):
            return True
    return False


def _speaks_of(constraint: cp.Constraint, year: YearReturn) -> bool:
    """Whether a constraint is about what a return works out, which only the rows of a case say."""
    return any(variable.id == year.worked_out.id for variable in constraint.variables())


def _has_plan(model: Model, constraints: list[cp.Constraint]) -> bool:
    session = session_of(model.program, model.costs)
    if session is not None:
        return session.has_plan(constraints)
    program = cp.Problem(cp.Minimize(0), constraints)
    _attempt(program)
    return program.status in (cp.OPTIMAL, cp.OPTIMAL_INACCURATE)


def _has_settled_plan(model: Model, constraints: list[cp.Constraint]) -> bool:
    program = cp.Problem(cp.Minimize(0), constraints + SettledWash(model).rules)
    try:
        program.solve(solver=cp.HIGHS, time_limit=SECONDS)
    except cp.SolverError as error:
        raise SolverFailure(f"The solver stopped without an answer: {error}") from error
    return program.status not in (cp.INFEASIBLE, "infeasible_or_unbounded")


def _attempt(program: cp.Problem) -> None:
    """Let the modelling library solve, from the last answer and then from nothing, at last without the solver's own scaling."""
    trouble: Exception | None = None
    for warm, options in ((True, {}), (False, {}), (False, {"simplex_scale_strategy": 0})):
        try:
            program.solve(solver=cp.HIGHS, warm_start=warm, **options)
        except (cp.SolverError, ValueError) as error:
            trouble = error
            continue
        return
    raise SolverFailure(f"The solver stopped without an answer: {trouble}") from trouble


def _costs(model: Model) -> dict[str, float]:
    return {name: float(cost.value) for name, cost in model.costs.items()}


def amounts_of(model: Model, costs: dict[str, float]) -> Amounts:
    """The decision variables as they stand, with costs by name."""
    trades = model.trades
    return Amounts(
        sold=_values(trades.sold),
        given=_values(trades.given),
        bought=_values(trades.bought),
        contributed=_values(trades.contributed),
        withdrawn=_values(trades.withdrawn),
        cash_given=_values(trades.cash_given),
        washed=_values(model.washed.amount),
        z=np.asarray(model.year.z.value, dtype=float),
        costs=costs,
    )


def _values(variable: cp.Variable) -> Vector:
    """The variable's values with the solver's negative rounding noise removed."""
    if variable.size == 0:
        return np.zeros(0)
    found: Vector = np.maximum(np.asarray(variable.value, dtype=float), 0.0)
    return found
