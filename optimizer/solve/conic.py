"""Programs with a tracking error: the household's linear program and one second-order cone, solved by an interior point.

The solver's dual is a bound by itself: any dual that is feasible bounds every plan, whatever the right sides. So the plan is
sought a hair inside the limit on tracking error, which leaves room for rounding to shares, and the bound is that of the limit
itself, from the same solve.

An interior point splits a sale over all lots that are equally good and leaves a trace of every trade. Once it has settled what
each name gains or loses, which lots are sold is a linear program, whose vertex takes as few as there have to be.
"""

from dataclasses import dataclass, replace
from time import monotonic

import clarabel
import cvxpy as cp
import numpy as np
from scipy import sparse

from optimizer.errors import SolverFailure
from optimizer.model.assemble import Model
from optimizer.model.axes import Mask, Vector
from optimizer.solve.cones import cones_of
from optimizer.solve.session import NO_ANSWER, TIME_LIMIT, Answer, Numbers, Session

NAME = "Clarabel and HiGHS"
TRACE = 0.05
"""Dollars; less than this is a trace that an interior point leaves, and no trade."""
LOOSE = (0.002, 0.02, 0.2)
"""Dollars by which a name's net trade may move when its lots are chosen, the least that leaves a plan."""
NOTHING = 1e-4
"""Variance in its unit that is an interior point's trace."""
LEAST_MARGIN = 1e-6
"""Part of the limit on tracking error that the solver's own tolerance may take."""
LARGEST_MARGIN = 0.25
"""Part of the limit on tracking error that rounding to shares may take at most."""


@dataclass(frozen=True)
class LinearArrays:
    """The linear part of a program as it stands: matrix · x = right in the rows of equations, ≤ in the others."""

    cost: Vector
    offset: float
    matrix: sparse.csr_matrix
    right: Vector
    is_equation: Mask
    lower: Vector
    upper: Vector


def arrays_of(session: Session) -> LinearArrays:
    """Read the session's program, parameters as they stand."""
    form = session.form
    numbers = Numbers.of(form, form.parameter_values())
    columns = sparse.csc_matrix((numbers.values, form.index, form.start), shape=(form.n_rows, form.n_columns))
    return LinearArrays(
        cost=numbers.cost,
        offset=numbers.offset,
        matrix=sparse.csr_matrix(columns),
        right=numbers.right,
        is_equation=form.is_equation,
        lower=numbers.lower,
        upper=numbers.upper,
    )


def solve_conic(model: Model, session: Session) -> tuple[Answer, float]:
    """Solve the model's program with its cone, as parameters and flags stand: the answer inside the margin, and the bound.

    The answer has the prices of equations alone. Where the solver neither finds a plan nor shows that there is none, the status
    says so, and there is no bound.
    """
    full = arrays_of(session)
    arrays = _without_repetition(full)
    found, program = _solved(model, session, arrays)
    status, nothing = str(found.status), np.zeros(0)
    if status == "MaxTime":
        return Answer(TIME_LIMIT, np.inf, nothing, nothing, nothing), -np.inf
    if "PrimalInfeasible" in status:
        return Answer(cp.INFEASIBLE, np.inf, nothing, nothing, nothing), np.inf
    if "Solved" not in status:
        return Answer(NO_ANSWER, np.inf, nothing, nothing, nothing), -np.inf
    x, multiplier = np.array(found.x)[: len(arrays.cost)], np.array(found.z)
    bound = -float(program.at_limit @ multiplier) + arrays.offset
    objective = float(arrays.cost @ x) + arrays.offset
    dual = np.zeros(len(full.right))
    dual[full.is_equation] = -multiplier[: program.equations]
    return Answer(cp.OPTIMAL, objective, x, dual, np.zeros(len(x))), min(bound, objective)


def least_error(model: Model, session: Session) -> tuple[Vector, float]:
    """The variables and the least tracking error in dollars, as parameters and flags stand, whatever else that costs.

    Raises
    ------
    SolverFailure
        If there is no plan at all, or none is found.
    """
    assert model.tracking is not None
    arrays = _without_repetition(arrays_of(session))
    found, _ = _solved(model, session, arrays, seek_least=True)
    if "Solved" not in str(found.status):
        raise SolverFailure(f"The conic solver stopped with status {str(found.status)!r} where any plan would do.")
    x = np.array(found.x)[: len(arrays.cost)]
    return x, model.tracking.error(x[session.columns(model.tracking.change)]) * model.tracking.value


@dataclass(frozen=True)
class _Program:
    """What was asked: right sides at the limit itself, and how many rows come from equations."""

    at_limit: Vector
    equations: int


def _solved(
    model: Model, session: Session, arrays: LinearArrays, seek_least: bool = False
) -> tuple["clarabel.DefaultSolution", _Program]:
    rows, right, kinds, equations = _linear_rows(arrays)
    cones = cones_of(model, session, arrays.lower == arrays.upper, margin_of(model), seek_least)
    wider = sparse.csr_matrix((rows.data, rows.indices, rows.indptr), shape=(rows.shape[0], cones.rows.shape[1]))
    matrix = sparse.csc_matrix(sparse.vstack([wider, cones.rows]))
    cost = np.concatenate([arrays.cost, cones.cost])
    found = _run(cost, matrix, np.concatenate([right, cones.inside]), [*kinds, *cones.kinds], session.until)
    return found, _Program(np.concatenate([right, cones.at_limit]), equations)


def _run(
    cost: Vector, matrix: sparse.csc_matrix, right: Vector, cones: list[object], until: float | None
) -> "clarabel.DefaultSolution":
    """One attempt with the solver's own tolerances, and one with looser ones where it loses its way."""
    nothing = sparse.csc_matrix((len(cost), len(cost)))
    for regularised in (False, True):
        settings = clarabel.DefaultSettings()
        settings.verbose = False
        settings.max_threads = 1
        if until is not None:
            settings.time_limit = max(0.0, until - monotonic())
        if regularised:
            settings.static_regularization_constant = 1e-7
            settings.max_iter = 400
        found = clarabel.DefaultSolver(nothing, cost, matrix, right, cones, settings).solve()
        if str(found.status) in ("Solved", "PrimalInfeasible", "MaxTime"):
            break
    return found


def _linear_rows(arrays: LinearArrays) -> tuple[sparse.csr_matrix, Vector, list[object], int]:
    """Equations, inequalities and finite bounds in the solver's form, slack = right − rows · x; and how many equations."""
    identity = sparse.identity(len(arrays.cost), format="csr")
    fixed = arrays.lower == arrays.upper
    low, high = np.isfinite(arrays.lower) & ~fixed, np.isfinite(arrays.upper) & ~fixed
    equal = arrays.is_equation
    rows = [arrays.matrix[equal], identity[fixed], arrays.matrix[~equal], -identity[low], identity[high]]
    right = [arrays.right[equal], arrays.lower[fixed], arrays.right[~equal], -arrays.lower[low], arrays.upper[high]]
    equations = int(equal.sum())
    matrix = sparse.csr_matrix(sparse.vstack(rows))
    zero = equations + int(fixed.sum())
    cones = [clarabel.ZeroConeT(zero), clarabel.NonnegativeConeT(matrix.shape[0] - zero)]
    return matrix, np.concatenate(right), cones, equations


def _without_repetition(arrays: LinearArrays) -> LinearArrays:
    """The same program with rows of one variable as bounds, and without bounds that a row x ≤ v · flag implies anyway."""
    lower, upper = arrays.lower.copy(), arrays.upper.copy()
    matrix = arrays.matrix
    matrix.eliminate_zeros()
    count = np.diff(matrix.indptr)
    single = np.flatnonzero(~arrays.is_equation & (count == 1))
    at = matrix.indptr[single]
    column, slope = matrix.indices[at], matrix.data[at]
    limit = arrays.right[single] / slope
    np.minimum.at(upper, column[slope > 0], limit[slope > 0])
    np.maximum.at(lower, column[slope < 0], limit[slope < 0])
    closed = np.isfinite(lower) & np.isfinite(upper) & (upper - lower <= 1e-9)
    upper[closed] = lower[closed]
    pair = np.flatnonzero(~arrays.is_equation & (count == 2) & (arrays.right == 0))
    for first, second in ((0, 1), (1, 0)):
        x, flag = matrix.indices[matrix.indptr[pair] + first], matrix.indices[matrix.indptr[pair] + second]
        a, v = matrix.data[matrix.indptr[pair] + first], matrix.data[matrix.indptr[pair] + second]
        is_link = (a > 0) & (v < 0) & (upper[flag] == 1) & (lower[x] < upper[x])
        implied = x[is_link & (-v / a <= upper[x] * (1 + 1e-12))]
        upper[implied] = np.inf
    kept = arrays.is_equation | (count > 1)
    return replace(
        arrays, matrix=matrix[kept], right=arrays.right[kept], is_equation=arrays.is_equation[kept], lower=lower, upper=upper
    )


def margin_of(model: Model) -> float:
    """Part of the limit on tracking error left free for choosing lots and for rounding to shares.

    For rounding it is twice what independent steps of every name would make; such errors add up as squares do, beside the rest
    of the tracking error as among themselves.
    """
    tracking = model.tracking
    if tracking is None or not tracking.budget:
        return 0.0
    steps = np.array([float(account.share_step) for account in model.problem.accounts if account.traded])
    prices = np.array([float(security.price) for security in model.problem.securities])
    variance = np.asarray(tracking.risk.root.power(2).sum(axis=0)).ravel()
    limit = tracking.limit
    part = min(2.0 * float(np.sqrt(variance @ (steps.max(initial=0.0) * prices) ** 2 / 3)) / limit, 1.0)
    lots = LOOSE[0] * float(np.sqrt(variance.sum())) / limit
    return min(1.0 - float(np.sqrt(1.0 - part**2)) + lots + LEAST_MARGIN, LARGEST_MARGIN)


def without_traces(dollars: Vector) -> Vector:
    """Dollars without the traces an interior point leaves."""
    return np.where(dollars < TRACE, 0.0, dollars)


def with_lots(model: Model, session: Session, x: Vector) -> Answer | None:
    """The same net trade of every name at a vertex of the linear program, flags as they stand; None where there is none.

    The tracking error that was reached stays, because the net trades do; the cost is that of the lots chosen.
    """
    for loose in LOOSE:
        answer = session.solve_within(_near(model, session, x, loose))
        if answer.status == cp.OPTIMAL:
            return answer
    return None


def _near(model: Model, session: Session, x: Vector, loose: float) -> list[tuple[np.ndarray, Vector, Vector]]:
    """Bounds that keep net trades where they are, and what the cone alone would hold."""
    assert model.tracking is not None
    change = session.columns(model.tracking.change)
    wanted, width = (np.where(np.abs(x[change]) < TRACE, 0.0, each) for each in (x[change], loose))
    within = [(change, wanted - width, wanted + width)]
    if model.tracking.variance is not None:
        at = session.columns(model.tracking.variance)
        amount = np.where(x[at] > NOTHING, x[at], 0.0)
        within.append((at, amount, amount))
    return within
