"""Columns of a program that say the same: lots of one fund in one sheltered account are one column to the solver."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.model.axes import Index, Mask, Vector
from optimizer.model.linear_form import LinearForm

ENDLESS = 1e30
"""Dollars that stand for no upper bound while bounds are added up."""


@dataclass(frozen=True)
class EqualColumns:
    """Groups of columns with the same cost and the same entries in the same rows, which differ in their bounds alone.

    Parameters
    ----------
    of : ndarray, shape (n_columns,): the group of each column; groups are numbered in the order of their first columns.
    first : ndarray, shape (n_groups,): that column.
    """

    of: Index
    first: Index

    @classmethod
    def none(cls, n_columns: int) -> "EqualColumns":
        """Every column by itself."""
        each = np.arange(n_columns)
        return cls(each, each)

    @classmethod
    def find(cls, form: LinearForm, entries: Mask) -> "EqualColumns":
        """Find them among the entries that are sent; a column with a number that hangs on a parameter stays by itself."""
        column, row, value = form.columns[entries], form.index[entries], form.values.base[entries]
        is_fixed = ~form.is_whole
        if form.cost.slope is not None:
            is_fixed &= np.diff(form.cost.slope.indptr) == 0
        if form.values.slope is not None:
            is_fixed[form.columns[np.diff(form.values.slope.indptr) > 0]] = False
        weight = np.random.default_rng(0).uniform(1.0, 2.0, (2, form.n_rows))
        counted = np.bincount(column, minlength=form.n_columns)
        signs = [np.bincount(column, value * weight[k][row], minlength=form.n_columns) for k in (0, 1)]
        key = np.stack([form.cost.base, counted.astype(float), *signs, np.where(is_fixed, -1.0, np.arange(form.n_columns))])
        order = np.lexsort(key)
        same = (key[:, order[1:]] == key[:, order[:-1]]).all(axis=0)
        group = np.empty(form.n_columns, dtype=np.intp)
        group[order] = np.concatenate([[0], np.cumsum(~same)])
        _, first, of = np.unique(group, return_index=True, return_inverse=True)
        position = np.argsort(np.argsort(first))
        found = cls(position[of], np.sort(first))
        return found if found._is_right(column, row, value, counted) else cls.none(form.n_columns)

    def _is_right(self, column: Index, row: NDArray[np.int32], value: Vector, counted: Index) -> bool:
        """Whether every column has, entry by entry, what the first of its group has."""
        start = np.concatenate([[0], np.cumsum(counted)[:-1]]).astype(np.intp)
        place = np.arange(len(column)) - start[column]
        twin = start[self.first[self.of[column]]] + place
        return bool((row[twin] == row).all() and (value[twin] == value).all())

    @property
    def are_none(self) -> bool:
        """Whether no two columns are equal."""
        return len(self.first) == len(self.of)

    def added(self, bound: Vector) -> Vector:
        """Bounds of the columns added up by group, shape (n_groups,)."""
        if self.are_none:
            return bound
        return np.bincount(self.of, np.clip(bound, -ENDLESS, ENDLESS), minlength=len(self.first)).astype(float)

    def spread(self, x: Vector, lower: Vector, upper: Vector) -> Vector:
        """Values of the groups given to their columns, the earliest filled first, shape (n_columns,)."""
        if self.are_none:
            return x
        order = np.argsort(self.of, kind="stable")
        room = np.clip(upper - lower, 0.0, ENDLESS)[order]
        filled = np.concatenate([[0.0], np.cumsum(room)[:-1]])
        starts = np.searchsorted(self.of[order], np.arange(len(self.first)))
        before = filled - filled[starts][self.of[order]]
        left = (x - self.added(lower))[self.of[order]] - before
        found = np.empty_like(lower)
        found[order] = lower[order] + np.clip(left, 0.0, room)
        alone = np.bincount(self.of)[self.of] == 1
        return np.where(alone, x[self.of], found)
