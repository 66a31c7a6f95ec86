"""Expressions as sums of terms: coefficient · parameter · variable, each in a row of the expression's vector.

Only what is affine in the variables and in the parameters is read; anything else is told by returning None, so that the
modelling library's own compiler can have it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import cvxpy as cp
import numpy as np
from cvxpy.atoms.affine.add_expr import AddExpression
from cvxpy.atoms.affine.binary_operators import DivExpression, MulExpression, multiply
from cvxpy.atoms.affine.hstack import Hstack
from cvxpy.atoms.affine.index import index, special_index
from cvxpy.atoms.affine.promote import Promote
from cvxpy.atoms.affine.reshape import reshape
from cvxpy.atoms.affine.sum import Sum
from cvxpy.atoms.affine.unary_operators import NegExpression
from numpy.typing import NDArray
from scipy import sparse

from optimizer.model.axes import Vector

Places_: TypeAlias = NDArray[np.intp]
ONE = -1
"""In the place of a column or a parameter: the number 1."""


@dataclass
class Places:
    """Where variables and parameters begin, in the order in which they are met."""

    variables: list[cp.Variable] = field(default_factory=list)
    parameters: list[cp.Parameter] = field(default_factory=list)
    column_of: dict[int, int] = field(default_factory=dict)
    parameter_of: dict[int, int] = field(default_factory=dict)
    n_columns: int = 0
    n_parameters: int = 0
    known: "dict[int, tuple[cp.Expression, Read | None]]" = field(default_factory=dict)
    """What was read already, by the expression's identity; expressions are shared between costs and constraints."""

    def column(self, variable: cp.Variable) -> int:
        """The first column of a variable."""
        if variable.id not in self.column_of:
            self.column_of[variable.id] = self.n_columns
            self.variables.append(variable)
            self.n_columns += variable.size
        return self.column_of[variable.id]

    def parameter(self, parameter: cp.Parameter) -> int:
        """The first place of a parameter."""
        if parameter.id not in self.parameter_of:
            self.parameter_of[parameter.id] = self.n_parameters
            self.parameters.append(parameter)
            self.n_parameters += parameter.size
        return self.parameter_of[parameter.id]


@dataclass(frozen=True)
class Terms:
    """Terms value · parameter · column, each in its row; matrices are stacked by columns."""

    row: Places_
    column: Places_
    parameter: Places_
    value: Vector
    shape: tuple[int, ...] = ()

    @classmethod
    def together(cls, parts: "Sequence[Terms]", shifts: Sequence[int]) -> "Terms":
        """All terms of several expressions, the rows of each moved down by its shift."""
        if not parts:
            nothing = np.zeros(0, dtype=np.intp)
            return cls(nothing, nothing, nothing, np.zeros(0))
        return cls(
            np.concatenate([part.row + shift for part, shift in zip(parts, shifts, strict=True)]),
            np.concatenate([part.column for part in parts]),
            np.concatenate([part.parameter for part in parts]),
            np.concatenate([part.value for part in parts]),
        )

    def only(self, kept: NDArray[np.bool_]) -> "Terms":
        """Some of the terms."""
        return Terms(self.row[kept], self.column[kept], self.parameter[kept], self.value[kept], self.shape)

    def with_variables(self) -> "Terms":
        """The terms that hold a variable."""
        return self.only(self.column != ONE)

    def without_variables(self) -> "Terms":
        """The terms that hold none."""
        return self.only(self.column == ONE)

    def by_column(self) -> "Terms":
        """The same terms with each in the row of its column: what a sum over rows has for each variable."""
        return Terms(self.column, self.column, self.parameter, self.value)

    def times(self, factor: "Vector | float") -> "Terms":
        """Every term times a number, or times its row's."""
        by = factor if isinstance(factor, float) else factor[self.row]
        return Terms(self.row, self.column, self.parameter, self.value * by, self.shape)

    def in_shape(self, shape: tuple[int, ...]) -> "Terms":
        """The same terms under another shape of as many entries."""
        return Terms(self.row, self.column, self.parameter, self.value, shape)

    def at(self, x: Vector, parameters: Vector, size: int) -> Vector:
        """The expression's values, shape (size,)."""
        weight = self.value * np.append(x, 1.0)[self.column] * np.append(parameters, 1.0)[self.parameter]
        return np.asarray(np.bincount(self.row, weights=weight, minlength=size), dtype=float)

    def expanded(self, start: Places_, new_row: Places_, factor: "Vector | None", shape: tuple[int, ...]) -> "Terms":
        """Every term of row r once for each k from start[r] to start[r + 1], in row new_row[k] and times factor[k]."""
        place, k = _expansion(self.row, start)
        value = self.value[place] if factor is None else self.value[place] * factor[k]
        return Terms(new_row[k], self.column[place], self.parameter[place], value, shape)


Read: TypeAlias = "Terms | Vector | sparse.sparray | sparse.spmatrix"


def terms_of(expression: cp.Expression, places: Places) -> Terms | None:
    """Read a vector or scalar expression; None when it is not affine or not of a kind known here."""
    found = _read(expression, places)
    if found is None or isinstance(found, Terms):
        return found
    return _constant(found)


def _read(node: cp.Expression, places: Places) -> "Read | None":
    if id(node) not in places.known:
        places.known[id(node)] = node, _read_anew(node, places)
    return places.known[id(node)][1]


def _read_anew(node: cp.Expression, places: Places) -> "Read | None":
    if isinstance(node, cp.Variable):
        return _leaf(places.column(node), node, is_variable=True) if node.ndim < 2 else None
    if isinstance(node, cp.Parameter):
        return _leaf(places.parameter(node), node, is_variable=False)
    if isinstance(node, cp.Constant):
        value = node.value
        return value if sparse.issparse(value) else np.asarray(value, dtype=float)
    args = [_read(arg, places) for arg in node.args]
    if any(arg is None for arg in args):
        return None
    if not any(isinstance(arg, Terms) for arg in args):
        value = node.numeric(args)
        return value if sparse.issparse(value) else np.asarray(value, dtype=float)
    rule = RULES.get(type(node))
    return None if rule is None else rule(node, args)


def _leaf(first: int, node: cp.Variable | cp.Parameter, *, is_variable: bool) -> Terms:
    rows = np.arange(node.size)
    places, nothing = rows + first, np.full(node.size, ONE)
    return Terms(rows, places if is_variable else nothing, nothing if is_variable else places, np.ones(node.size), node.shape)


def _dense(value: "Vector | sparse.sparray | sparse.spmatrix") -> Vector:
    return np.asarray(value if isinstance(value, np.ndarray) else value.toarray(), dtype=float)


def _constant(value: "Vector | sparse.sparray | sparse.spmatrix") -> Terms:
    dense = _dense(value)
    flat = np.ravel(dense, order="F")
    rows = np.flatnonzero(flat)
    nothing = np.full(len(rows), ONE)
    return Terms(rows, nothing, nothing, flat[rows], dense.shape)


def _expansion(rows: Places_, start: Places_) -> tuple[Places_, Places_]:
    """For every term of row r and every k from start[r] to start[r + 1]: the term's place, and k."""
    counts = start[rows + 1] - start[rows]
    place = np.repeat(np.arange(len(rows)), counts)
    before = np.cumsum(counts) - counts
    k = np.arange(len(place)) - np.repeat(before, counts) + np.repeat(start[rows], counts)
    return place, k


def _add(node: cp.Expression, args: list["Read"]) -> "Terms | None":
    parts = [arg if isinstance(arg, Terms) else _constant(arg) for arg in args]
    if any(int(np.prod(part.shape)) != node.size for part in parts):
        return None
    return Terms.together(parts, [0] * len(parts)).in_shape(node.shape)


def _negative(node: cp.Expression, args: list["Read"]) -> "Terms | None":
    assert isinstance(args[0], Terms)
    return args[0].times(-1.0)


def _sum(node: cp.Expression, args: list["Read"]) -> "Terms | None":
    assert isinstance(args[0], Terms)
    if node.size != 1:
        return None
    part = args[0]
    return Terms(np.zeros_like(part.row), part.column, part.parameter, part.value, node.shape)


def _select(node: cp.Expression, args: list["Read"]) -> "Terms | None":
    """Rows chosen, some perhaps more than once."""
    assert isinstance(args[0], Terms)
    part = args[0]
    size = int(np.prod(part.shape))
    chosen = np.ravel(node.numeric([np.arange(size).reshape(part.shape, order="F")]), order="F").astype(np.intp)
    order = np.argsort(chosen, kind="stable")
    start = np.searchsorted(chosen[order], np.arange(size + 1))
    return part.expanded(start, order, None, node.shape)


def _promote(node: cp.Expression, args: list["Read"]) -> "Terms | None":
    assert isinstance(args[0], Terms)
    return args[0].expanded(np.array([0, node.size]), np.arange(node.size), None, node.shape)


def _reshape(node: cp.Expression, args: list["Read"]) -> "Terms | None":
    assert isinstance(args[0], Terms)
    in_order = getattr(node, "order", "F") == "F" or max(len(args[0].shape), node.ndim) < 2
    return args[0].in_shape(node.shape) if in_order else None


def _hstack(node: cp.Expression, args: list["Read"]) -> "Terms | None":
    if node.ndim != 1:
        return None
    parts = [arg if isinstance(arg, Terms) else _constant(arg) for arg in args]
    sizes = [int(np.prod(part.shape)) for part in parts]
    return Terms.together(parts, np.cumsum([0, *sizes[:-1]]).tolist()).in_shape(node.shape)


def _multiply(node: cp.Expression, args: list["Read"]) -> "Terms | None":
    left, right = (_spread(arg, node.size) for arg in args)
    if isinstance(left, Terms) and isinstance(right, Terms):
        found = _products(left, right, right.row, node.size)
        return None if found is None else found.in_shape(node.shape)
    terms, factor = (left, right) if isinstance(left, Terms) else (right, left)
    assert isinstance(terms, Terms)
    assert not isinstance(factor, Terms)
    return terms.times(np.broadcast_to(np.ravel(_dense(factor), order="F"), node.size)).in_shape(node.shape)


def _divide(node: cp.Expression, args: list["Read"]) -> "Terms | None":
    if isinstance(args[1], Terms) or not isinstance(args[0], Terms):
        return None
    return _multiply(node, [args[0], 1.0 / np.asarray(args[1])])


def _spread(arg: "Read", size: int) -> "Read":
    """A scalar of terms for every entry."""
    if isinstance(arg, Terms) and int(np.prod(arg.shape)) == 1 != size:
        return arg.expanded(np.array([0, size]), np.arange(size), None, (size,))
    return arg


def _matrix_product(node: cp.Expression, args: list["Read"]) -> "Terms | None":
    left, right = args
    if node.ndim > 1:
        return None
    if not isinstance(right, Terms) or (isinstance(left, Terms) and len(_shape(left)) < 2 <= len(_shape(right))):
        left, right = _transposed(right), left
    if left is None or not isinstance(right, Terms) or len(right.shape) > 1:
        return None
    if not isinstance(left, Terms):
        matrix = sparse.csc_matrix(np.atleast_2d(left) if not sparse.issparse(left) else left)
        if matrix.shape[1] != int(np.prod(right.shape)):
            return None if matrix.shape != (1, 1) else right.times(float(matrix.data.sum())).in_shape(node.shape)
        return right.expanded(matrix.indptr, matrix.indices, matrix.data, node.shape)
    shape = left.shape if len(left.shape) == 2 else (1, int(np.prod(left.shape)))
    inner = Terms(left.row // shape[0], left.column, left.parameter, left.value)
    found = _products(inner, right, left.row % shape[0], shape[1], of_left=True)
    return None if found is None else found.in_shape(node.shape)


def _shape(arg: "Read") -> tuple[int, ...]:
    return tuple(arg.shape)


def _transposed(arg: "Read") -> "Read | None":
    if isinstance(arg, Terms):
        return arg if len(arg.shape) < 2 else None
    return arg.T


def _products(left: Terms, right: Terms, new_row: Places_, size: int, *, of_left: bool = False) -> "Terms | None":
    """The products of all terms of a left and a right row of one number; None where variables or parameters multiply.

    `new_row` has the row of each product by the right term it comes from, or by the left one.
    """
    order = np.argsort(left.row, kind="stable")
    start = np.searchsorted(left.row[order], np.arange(size + 1))
    place, k = _expansion(right.row, start)
    other = order[k]
    for name in ("column", "parameter"):
        if ((getattr(right, name)[place] != ONE) & (getattr(left, name)[other] != ONE)).any():
            return None
    return Terms(
        new_row[other] if of_left else new_row[place],
        np.maximum(right.column[place], left.column[other]),
        np.maximum(right.parameter[place], left.parameter[other]),
        right.value[place] * left.value[other],
    )


RULES: dict[type, Callable[[cp.Expression, list["Read"]], "Terms | None"]] = {
    AddExpression: _add,
    NegExpression: _negative,
    Sum: _sum,
    index: _select,
    special_index: _select,
    Promote: _promote,
    reshape: _reshape,
    Hstack: _hstack,
    multiply: _multiply,
    MulExpression: _matrix_product,
    DivExpression: _divide,
}
