"""A convex case of the tax as a small linear program: the least height of the points above a few affine pieces.

A case is f(z) = min {c·u + d·z + constant : A z + B u ≤ k}, where z are the year's amounts and u what a return works out from
them (adjusted gross income, taxable income, tax ...). The least value of a linear program is convex in what stands on its right,
so every case is convex, whatever its rows. Rows are written by name; all cases of a household share one pattern of nonzeros,
so that one compiled program serves them all.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import inf

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Vector = NDArray[np.float64]

AMOUNTS = ("short", "long", "ordinary", "cash_gifts", "short_gifts", "long_gifts")
"""z: net short- and long-term gain, ordinary income that the plan adds, and its gifts in cash, of short-term property at what it
counts for, and of long-term property; all in dollars."""


@dataclass
class Rows:
    """Rows Σ coefficient · amount ≤ right, and the height to make least, being written."""

    coefficients: dict[tuple[str, str], float] = field(default_factory=dict)
    right: dict[str, float] = field(default_factory=dict)
    height: dict[str, float] = field(default_factory=dict)
    constant: float = 0.0

    def at_most(self, label: str, right: float, /, **coefficients: float) -> None:
        """Write Σ coefficient · amount ≤ right."""
        self.right[label] = right
        self.coefficients.update({(label, name): value for name, value in coefficients.items()})

    def at_least(self, label: str, right: float, /, **coefficients: float) -> None:
        """Write Σ coefficient · amount ≥ right."""
        self.at_most(label, -right, **{name: -value for name, value in coefficients.items()})

    def add_height(self, **coefficients: float) -> None:
        """Add Σ coefficient · amount to the height."""
        for name, value in coefficients.items():
            self.height[name] = self.height.get(name, 0.0) + value


@dataclass(frozen=True)
class Pattern:
    """Where all cases of a household may have a nonzero, and what each row and column is called."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    row_of: NDArray[np.intp]
    column_of: NDArray[np.intp]

    @classmethod
    def of(cls, written: Iterable[Rows]) -> "Pattern":
        """The union of what several cases write."""
        entries: dict[tuple[str, str], None] = {}
        rows: dict[str, None] = {}
        columns = dict.fromkeys(AMOUNTS)
        for each in written:
            entries.update(dict.fromkeys(each.coefficients))
            rows.update(dict.fromkeys(each.right))
            columns.update(dict.fromkeys(name for _, name in each.coefficients))
        row_no, column_no = {n: k for k, n in enumerate(rows)}, {n: k for k, n in enumerate(columns)}
        return cls(
            tuple(rows),
            tuple(columns),
            np.array([row_no[row] for row, _ in entries], dtype=np.intp),
            np.array([column_no[name] for _, name in entries], dtype=np.intp),
        )


@dataclass(frozen=True)
class LinearCase:
    """One case in its household's pattern.

    Parameters
    ----------
    name : what is true of the year in the case, in words.
    values : ndarray of shape (n_nonzeros,), coefficients in the order of the pattern.
    right : ndarray of shape (n_rows,), dollars.
    height : ndarray of shape (n_columns,), the tax per unit of each amount, a loss carried forward at its value today.
    constant : dollars that the tax holds besides.
    carried : dollars of height per dollar of net loss, and the loss from which on they count; zero where nothing is carried.
    """

    name: str
    pattern: Pattern
    values: Vector
    right: Vector
    height: Vector
    constant: float
    carried: tuple[float, float]

    @classmethod
    def of(cls, name: str, pattern: Pattern, rows: Rows, carried: tuple[float, float]) -> "LinearCase":
        """Put what was written into the pattern; a row or a coefficient nobody wrote is zero."""
        names = [(pattern.rows[r], pattern.columns[c]) for r, c in zip(pattern.row_of, pattern.column_of, strict=True)]
        return cls(
            name=name,
            pattern=pattern,
            values=np.array([rows.coefficients.get(entry, 0.0) for entry in names], dtype=float),
            right=np.array([rows.right.get(row, 0.0) for row in pattern.rows]),
            height=np.array([rows.height.get(column, 0.0) for column in pattern.columns]),
            constant=rows.constant,
            carried=carried,
        )

    @property
    def matrix(self) -> sparse.csr_matrix:
        """The rows, shape (n_rows, n_columns)."""
        at = (self.pattern.row_of, self.pattern.column_of)
        return sparse.csr_matrix((self.values, at), shape=(len(self.pattern.rows), len(self.pattern.columns)))

    def due(self, height: float, z: Vector) -> float:
        """The tax due this year where the height is known at z: the same without the value of a loss carried."""
        value, limit = self.carried
        return height - value * (float(z[0] + z[1]) + limit)

    def tax(self, z: Vector) -> float:
        """The case at z, dollars; infinite where the case does not reach."""
        return self.least(z, z)

    def least(self, lower: Vector, upper: Vector) -> float:
        """The least of the case over a box of z, dollars; infinite where the case does not reach into it."""
        return CaseProgram(self, lower, upper).least()


class CaseProgram:
    """A case over a box of z as a small program of its own, to which affine functions of z can be added from below."""

    def __init__(self, case: LinearCase, lower: Vector, upper: Vector) -> None:
        matrix, n = case.matrix.tocsc(), len(case.pattern.columns)
        self._constant, self._amounts, self._rows, self._height = case.constant, len(lower), len(case.right), n
        self._lower, self._upper = lower, upper
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = n + 1, len(case.right)
        model.col_cost_ = np.append(case.height, 1.0)
        model.col_lower_ = np.concatenate([lower, np.full(n - len(lower), -highspy.kHighsInf), [0.0]])
        model.col_upper_ = np.concatenate([upper, np.full(n - len(upper), highspy.kHighsInf), [0.0]])
        model.row_lower_ = np.full(len(case.right), -highspy.kHighsInf)
        model.row_upper_ = case.right
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = np.append(matrix.indptr, matrix.indptr[-1])
        model.a_matrix_.index_, model.a_matrix_.value_ = matrix.indices, matrix.data
        self._solver = highspy.Highs()
        self._solver.setOptionValue("output_flag", False)
        self._solver.passModel(model)

    def add_cut(self, slope: Vector, offset: float) -> None:
        """Add to the height an amount that is at least slope·z + offset, and at least that of every other cut."""
        self._solver.changeColBounds(self._height, -highspy.kHighsInf, highspy.kHighsInf)
        places = np.append(np.arange(self._amounts), self._height).astype(np.int32)
        self._solver.addRow(offset, highspy.kHighsInf, len(places), places, np.append(-slope, 1.0))

    def forget(self) -> None:
        """Take every cut out again."""
        self._solver.changeColBounds(self._height, 0.0, 0.0)
        cuts = np.arange(self._rows, self._solver.getNumRow(), dtype=np.int32)
        if len(cuts):
            self._solver.deleteRows(len(cuts), cuts)

    def tax(self, z: Vector) -> float:
        """The height at z alone, which may lie outside the box, without any cut; infinite where the case does not reach."""
        places = np.arange(self._amounts, dtype=np.int32)
        self._solver.changeColsBounds(len(places), places, z, z)
        self._solver.changeColCost(self._height, 0.0)
        found = self.least()
        self._solver.changeColsBounds(len(places), places, self._lower, self._upper)
        self._solver.changeColCost(self._height, 1.0)
        return found

    def least(self) -> float:
        """The least height with the cuts, dollars; infinite where there is none, and minus infinity where in doubt."""
        self._solver.run()
        status = self._solver.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            return float(self._solver.getInfo().objective_function_value) + self._constant
        return inf if status == highspy.HighsModelStatus.kInfeasible else -inf
