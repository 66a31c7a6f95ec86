"""The solver at work: one convex program in, trades in dollars and a dual bound out."""

import warnings
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
from optimizer.solve.session import TIME_LIMIT, Session, session_of

SOLVER = "HiGHS"
WHOLE_GAP = 0.01
"""Dollars between a plan in whole shares and the bound of whole shares at which the search for a better one ends."""
WHOLE_SECONDS = 5.0
"""Seconds after which the best plan in whole shares so far is taken."""


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
    return Solved(answer.status, answer.objective, answer.objective, _amounts(model, session.costs()))


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
    """What is known of a program that has no plan, or of one that the time did not suffice for, which is nothing."""
    return NOT_SOLVED if status == TIME_LIMIT else Solved("infeasible", np.inf, np.inf, None)


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
    return Solved(answer.status, answer.objective, min(solved.bound, answer.objective), _amounts(model, session.costs()))


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
    amounts = _amounts(model, session.costs())
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
    return Solved(program.status, objective, objective, _amounts(model, _costs(model)))


@dataclass(frozen=True)
class Tradeable:
    """The best plan found in tradeable amounts, its cost and the bound of its search, in dollars."""

    amounts: Amounts
    objective: float
    bound: float


def solve_whole(model: Model, seconds: float = WHOLE_SECONDS) -> Tradeable | None:
    """Solve the program in tradeable amounts as its parameters stand; None where no such plan was found in time."""
    if model.whole is None:
        return None
    try:
        with warnings.catch_warnings():
            # A search ended by its clock is called inaccurate there; here the plan states what it is worth.
            warnings.simplefilter("ignore", UserWarning)
            model.whole.solve(solver=cp.HIGHS, warm_start=False, mip_abs_gap=WHOLE_GAP, mip_rel_gap=0.0, time_limit=seconds)
    except (cp.SolverError, ValueError):
        return None
    if model.whole.value is None or model.whole.status not in (cp.OPTIMAL, cp.OPTIMAL_INACCURATE, cp.USER_LIMIT):
        return None
    bound = getattr(model.whole.solver_stats.extra_stats, "mip_dual_bound", -np.inf)
    return Tradeable(_placed(model, _amounts(model, _costs(model))), float(model.whole.value), float(bound))


def _placed(model: Model, amounts: Amounts) -> Amounts:
    """The amounts of the orders that are placed; what the solver's tolerance leaves of others is nothing."""
    choice = model.choice
    if choice is None:
        return amounts
    sells = np.append(np.asarray(choice.sells.value) if choice.sells.size else np.zeros(0), 0.0)
    sold = np.where(sells[choice.holding] > 1 / 2, amounts.sold, 0.0)
    bought = amounts.bought if not choice.buys.size else np.where(np.asarray(choice.buys.value) > 1 / 2, amounts.bought, 0.0)
    return replace(amounts, sold=sold, bought=bought)


def can_carry_out(model: Model, orders: Set[str], levers: frozenset[Lever]) -> bool:
    """Whether some trades obey every rule of the model and these of its orders, at whatever cost."""
    model.pull(levers)
    wanted = [each for each in model.constraints if each.order is None or each.order in orders]
    if not isinstance(model.year, YearReturn):
        return _has_plan(model, [each.constraint for each in wanted])
    of_the_return = model.year.rows
    if not any(each.order is not None and _speaks_of(each.constraint, model.year) for each in wanted):
        return _has_plan(model, [each.constraint for each in wanted if each.constraint is not of_the_return])
    for case in model.cases:
        model.year.choose(case)
        if _has_plan(model, [each.constraint for each in wanted]):
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


def _amounts(model: Model, costs: dict[str, float]) -> Amounts:
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
