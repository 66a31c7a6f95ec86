"""Rows that hold one variable, which the solver knows as bounds: thousands of lots then cost columns and no rows.

A row coefficient · x ≤ right with a fixed coefficient bounds x alone. Its price is the variable's reduced cost where it is the
row that binds; where the variable's own bound is as tight, the price is the bound's and the row has none.
"""

from dataclasses import dataclass

import numpy as np

from optimizer.model.axes import Index, Mask, Vector
from optimizer.model.linear_form import LinearForm


@dataclass(frozen=True)
class SingleRows:
    """Rows of a form that hold one variable: arrays of shape (n_single,), and the other rows, shape (n_rows,)."""

    row: Index
    column: Index
    coefficient: Vector
    is_other: Mask

    @classmethod
    def of(cls, form: LinearForm) -> "SingleRows":
        """Find them; equations and rows whose coefficient hangs on a parameter are left as they are."""
        entries = np.bincount(form.index, minlength=form.n_rows)
        is_fixed = np.ones(len(form.index), dtype=bool)
        if form.values.slope is not None:
            is_fixed = np.diff(form.values.slope.indptr) == 0
        is_single = (entries == 1) & ~form.is_equation
        chosen = is_single[form.index] & is_fixed & (form.values.base != 0)
        row = form.index[chosen].astype(np.intp)
        is_other = np.ones(form.n_rows, dtype=bool)
        is_other[row] = False
        return cls(row, form.columns[chosen], form.values.base[chosen], is_other)

    def tightened(self, lower: Vector, upper: Vector, right: Vector, binding: Mask) -> tuple[Vector, Vector]:
        """The bounds with these rows in them, but for rows that are not `binding`, a mask of shape (n_rows,)."""
        low, high = lower.copy(), upper.copy()
        kept = binding[self.row]
        column, limit = self.column[kept], right[self.row[kept]] / self.coefficient[kept]
        is_upper = self.coefficient[kept] > 0
        np.minimum.at(high, column[is_upper], limit[is_upper])
        np.maximum.at(low, column[~is_upper], limit[~is_upper])
        return low, high

    def priced(self, reduced: Vector, lower: Vector, upper: Vector, right: Vector) -> tuple[Vector, Vector]:
        """Prices of these rows, and the reduced costs with what the rows explain taken out."""
        limit = right[self.row] / self.coefficient
        low, high = self.tightened(lower, upper, right, np.ones(len(right), dtype=bool))
        here = reduced[self.column]
        binds_above = (self.coefficient > 0) & (here < 0) & (limit <= high[self.column]) & (limit < upper[self.column])
        binds_below = (self.coefficient < 0) & (here > 0) & (limit >= low[self.column]) & (limit > lower[self.column])
        at = np.flatnonzero(binds_above | binds_below)
        _, first = np.unique(self.column[at], return_index=True)
        at = at[first]
        price, left = np.zeros(len(self.row)), reduced.copy()
        price[at] = here[at] / self.coefficient[at]
        left[self.column[at]] = 0.0
        return price, left
