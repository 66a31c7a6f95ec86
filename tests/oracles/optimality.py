"""The optimality conditions of a linear program, worked out from its data and a pair of answers, whoever found them.

With y the prices of the rows and d = c − Aᵀy the reduced costs, x is optimal if and only if it obeys every row and bound, y is at
most 0 on rows ≤, d is at least 0 off the upper bound and at most 0 off the lower one, and no price stands on a row that is not
used up. Then c·x equals the dual objective b·y + Σ max(d, 0)·lower + Σ min(d, 0)·upper, which bounds every plan by itself: it
needs no claim of the solver, only the signs.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from optimizer.model.linear_form import LinearForm


@dataclass(frozen=True)
class Conditions:
    """How far a pair of answers is from each condition: dollars, or dollars per dollar for prices."""

    primal: float
    """Most by which a row or a bound is broken, dollars."""
    sign: float
    """Most by which a price of a row has the wrong sign."""
    reduced: float
    """Most by which a reduced cost has the wrong sign for where its variable stands."""
    unused: float
    """Largest product of a row's price and what is left of the row, dollars."""
    cost: float
    bound: float
    """The dual objective, dollars; minus infinity where an unbounded variable has a price of the wrong sign."""


def conditions(form: LinearForm, x: np.ndarray, y: np.ndarray, near: float = 1e-6) -> Conditions:
    """Hold the answers against the program's own arrays, as its parameters stand; within `near` dollars a bound is reached."""
    parameters = form.parameter_values()
    matrix = sparse.csc_matrix((form.values.at(parameters), form.index, form.start), shape=(form.n_rows, form.n_columns))
    right, cost = form.right.at(parameters), form.cost.at(parameters)
    lower, upper = form.lower.at(parameters), form.upper.at(parameters)
    offset = float(form.offset.at(parameters)[0])
    left = right - matrix @ x
    broken = np.where(form.is_equation, np.abs(left), np.maximum(-left, 0.0))
    outside = np.maximum(np.maximum(lower - x, x - upper), 0.0)
    d = cost - matrix.T @ y
    wrong = np.maximum(np.where(x > lower + near, d, 0.0), np.where(x < upper - near, -d, 0.0))
    # What a trace of rounding may move at all: a variable without a bound is bounded by all the dollars there are.
    trace, most = 1e-10, float(np.abs(x).max(initial=0.0)) * 10
    low = np.where(np.isfinite(lower), lower, np.where(d <= trace, -most, -np.inf))
    high = np.where(np.isfinite(upper), upper, np.where(d >= -trace, most, np.inf))
    priced = np.where(d > 0, d * low, np.where(d < 0, d * high, 0.0))
    return Conditions(
        primal=float(max(broken.max(initial=0.0), outside.max(initial=0.0))),
        sign=float(np.maximum(np.where(form.is_equation, 0.0, y), 0.0).max(initial=0.0)),
        reduced=float(np.maximum(wrong, 0.0).max(initial=0.0)),
        unused=float(np.abs(y * left).max(initial=0.0)),
        cost=float(cost @ x) + offset,
        bound=float(y @ right) + float(priced.sum()) + offset,
    )
