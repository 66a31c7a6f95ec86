"""A linear program as arrays: what the blocks write as expressions, read once into numbers and the parameters they hang on.

The modelling library compiles a program for any solver and any cone, and translates every value in and out again at each solve.
Here every expression is a sum of terms, coefficient · parameter · variable, so the whole program is a few arrays that are
affine in the parameters, and a solve after a change touches only what changed. Expressions that are not affine are refused,
and the program then goes the modelling library's own way.

Sets
----
columns  entries of the variables, in the order of :attr:`LinearForm.variables`
rows     entries of the constraints, each constraint a slice
parameters  entries of the parameters; one more stands for the number 1
"""

from collections.abc import Mapping
from dataclasses import dataclass

import cvxpy as cp
import numpy as np
from cvxpy.constraints import Equality, Inequality, Zero
from scipy import sparse

from optimizer.model.axes import Vector
from optimizer.model.terms import Places, Terms, terms_of


class NotLinearError(ValueError):
    """An expression of the program is not affine in its variables, or not in its parameters."""


@dataclass(frozen=True)
class AffineVector:
    """Numbers that are affine in the parameters: `base` + `slope` · parameters."""

    base: Vector
    slope: sparse.csr_matrix | None

    @classmethod
    def of(cls, base: Vector, terms: Terms, n_parameters: int) -> "AffineVector":
        """Add terms without variables to `base` by their rows."""
        fixed = terms.parameter < 0
        base = base + np.bincount(terms.row[fixed], weights=terms.value[fixed], minlength=len(base))
        if fixed.all():
            return cls(base, None)
        at = (terms.row[~fixed], terms.parameter[~fixed])
        return cls(base, sparse.csr_matrix((terms.value[~fixed], at), shape=(len(base), n_parameters)))

    def at(self, parameters: Vector) -> Vector:
        """The numbers where the parameters have these values."""
        return self.base if self.slope is None else np.asarray(self.base + self.slope @ parameters)


@dataclass(frozen=True)
class LinearForm:
    """Least cost · x + offset with row_lower ≤ matrix · x ≤ row_upper and lower ≤ x ≤ upper, some of x whole.

    The matrix is stored by columns: entry k stands in row `index[k]`, and column j holds the entries from `start[j]` on.
    Right sides are those of the rows; an equation has the same on both sides, an inequality nothing below.
    """

    places: Places
    parameters: tuple[cp.Parameter, ...]
    constraints: tuple[cp.Constraint, ...]
    slices: dict[int, slice]
    """The rows of each constraint by the constraint's id."""
    costs: Mapping[str, Terms]
    cost: AffineVector
    offset: AffineVector
    start: np.ndarray
    index: np.ndarray
    values: AffineVector
    right: AffineVector
    is_equation: np.ndarray
    lower: AffineVector
    upper: AffineVector
    is_whole: np.ndarray

    @property
    def n_columns(self) -> int:
        """Number of columns."""
        return self.places.n_columns

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.is_equation)

    @property
    def columns(self) -> np.ndarray:
        """The column of each nonzero, shape (n_nonzeros,)."""
        return np.repeat(np.arange(self.n_columns), np.diff(self.start))

    def parameter_values(self) -> Vector:
        """The parameters as they stand, shape (n_parameters,)."""
        parts = [np.ravel(np.asarray(p.value, dtype=float), order="F") for p in self.parameters]
        return np.concatenate(parts) if parts else np.zeros(0)

    def costs_at(self, x: Vector, parameters: Vector) -> dict[str, float]:
        """Every cost by name, dollars."""
        return {name: float(terms.at(x, parameters, 1)[0]) for name, terms in self.costs.items()}


def linear_form(program: cp.Problem, costs: Mapping[str, cp.Expression]) -> LinearForm:
    """Read a program into arrays, and costs that are to be known by name beside it.

    Raises
    ------
    NotLinearError
        If an expression is not affine, or multiplies parameters.
    """
    places = Places()
    if not isinstance(program.objective, cp.Minimize):
        raise NotLinearError("an objective to be made large")
    total = _read(program.objective.args[0], places)
    read, slices, equations, n_rows = [], {}, [], 0
    for constraint in program.constraints:
        if not isinstance(constraint, Equality | Inequality | Zero):
            raise NotLinearError(f"a constraint of the kind {type(constraint).__name__}")
        terms = _read(constraint.expr, places)
        read.append(terms)
        slices[constraint.id] = slice(n_rows, n_rows + constraint.size)
        equations.append(np.full(constraint.size, not isinstance(constraint, Inequality)))
        n_rows += constraint.size
    rows = Terms.together(read, [each.start for each in slices.values()])
    named = {name: _read(cost, places) for name, cost in costs.items()}
    bounds = [_bounds(variable, places) for variable in places.variables]
    places.known.clear()
    n, m = places.n_columns, places.n_parameters
    start, index, values = _by_columns(rows.with_variables(), n, n_rows, m)
    return LinearForm(
        places=places,
        parameters=tuple(places.parameters),
        constraints=tuple(program.constraints),
        slices=slices,
        costs=named,
        cost=AffineVector.of(np.zeros(n), total.with_variables().by_column(), m),
        offset=AffineVector.of(np.zeros(1), total.without_variables(), m),
        start=start,
        index=index,
        values=values,
        right=AffineVector.of(np.zeros(n_rows), rows.without_variables().times(-1.0), m),
        is_equation=np.concatenate(equations) if equations else np.zeros(0, dtype=bool),
        lower=_bound([low for low, _ in bounds], n, m),
        upper=_bound([high for _, high in bounds], n, m),
        is_whole=_whole(places),
    )


def _read(expression: cp.Expression, places: Places) -> Terms:
    found = terms_of(expression, places)
    if found is None:
        raise NotLinearError(f"not affine, or of a kind not read here: {str(expression)[:200]}")
    return found


def _by_columns(terms: Terms, n_columns: int, n_rows: int, n_parameters: int) -> tuple[np.ndarray, np.ndarray, AffineVector]:
    """The pattern of nonzeros by columns, and their values."""
    key = terms.column.astype(np.int64) * max(n_rows, 1) + terms.row
    pattern, place = np.unique(key, return_inverse=True)
    column = pattern // max(n_rows, 1)
    start = np.searchsorted(column, np.arange(n_columns + 1)).astype(np.int32)
    index = (pattern - column * max(n_rows, 1)).astype(np.int32)
    at_place = Terms(place, np.full(len(place), -1), terms.parameter, terms.value)
    return start, index, AffineVector.of(np.zeros(len(pattern)), at_place, n_parameters)


def _bounds(variable: cp.Variable, places: Places) -> tuple[Terms | Vector, Terms | Vector]:
    """Lower and upper bound of every entry of a variable: numbers, or terms of parameters."""
    attributes = variable.attributes
    low = np.full(variable.size, 0.0 if attributes["nonneg"] or attributes["pos"] or attributes["boolean"] else -np.inf)
    high = np.full(variable.size, 0.0 if attributes["nonpos"] or attributes["neg"] else np.inf)
    if attributes["boolean"]:
        high = np.ones(variable.size)
    if attributes["bounds"] is None:
        return low, high
    found: list[Terms | Vector] = []
    for side, given in zip((low, high), attributes["bounds"], strict=True):
        if isinstance(given, cp.Expression) and not given.is_constant():
            raise NotLinearError("a bound that is not constant")
        if isinstance(given, cp.Expression) and given.parameters():
            found.append(_read(given, places).in_shape((variable.size,)))
        elif given is None:
            found.append(side)
        else:
            number = given.value if isinstance(given, cp.Expression) else given
            found.append(np.broadcast_to(np.ravel(np.asarray(number, dtype=float), order="F"), variable.size))
    return found[0], found[1]


def _bound(parts: list[Terms | Vector], n_columns: int, n_parameters: int) -> AffineVector:
    """The bounds of all variables one after the other."""
    base, shifts, terms, at = [], [], [], 0
    for part in parts:
        size = part.shape[0] if isinstance(part, Terms) else len(part)
        base.append(np.zeros(size) if isinstance(part, Terms) else part)
        if isinstance(part, Terms):
            terms.append(part)
            shifts.append(at)
        at += size
    whole = np.concatenate(base) if base else np.zeros(n_columns)
    return AffineVector.of(whole, Terms.together(terms, shifts), n_parameters)


def _whole(places: Places) -> np.ndarray:
    parts = [np.full(v.size, bool(v.attributes["integer"] or v.attributes["boolean"])) for v in places.variables]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=bool)
