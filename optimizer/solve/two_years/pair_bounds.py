"""Bounds of pairs of cases without a solve of the household.

A solve tells what one more dollar of each amount of both years costs in everything but tax. That price bounds the rest of the
cost from below for every plan, because it is convex in the amounts z of this year and in the amounts w of next year before
the loss carried in. With z' = w − carried and λ, λ' the prices, every plan of the cases (a, carry, b) costs at least

    offset + min { a(z) + λ·z + λ'·carried(z) } + min { discount · b(z') + λ'·z' },

two programs of a few amounts each, the second without the first: so the bounds of all pairs are sums.
"""

from dataclasses import dataclass
from math import inf

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from optimizer.model.polyhedral import LinearCase, Vector
from optimizer.model.two_years.carryover import CarryCase
from optimizer.model.year_cases import YearCases


@dataclass(frozen=True)
class Price:
    """What the rest of the cost is at least: offset + this_year·z + next_year·w, dollars."""

    this_year: Vector
    next_year: Vector
    offset: float


class YearProgram:
    """A case over its box, within a part of the plane of gains, made least again and again with other prices on its amounts."""

    def __init__(self, case: LinearCase, taxed: YearCases, weight: float, within: CarryCase | None = None) -> None:
        self._tax = weight * case.height
        self._constant = weight * (case.constant - taxed.base_tax)
        self._amounts = len(taxed.lower)
        matrix, right = _with_region(case, within)
        free = len(case.pattern.columns) - self._amounts
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = matrix.shape[1], matrix.shape[0]
        model.col_cost_ = self._tax
        model.col_lower_ = np.concatenate([taxed.lower, np.full(free, -highspy.kHighsInf)])
        model.col_upper_ = np.concatenate([taxed.upper, np.full(free, highspy.kHighsInf)])
        model.row_lower_ = np.full(len(right), -highspy.kHighsInf)
        model.row_upper_ = right
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = matrix.indptr
        model.a_matrix_.index_, model.a_matrix_.value_ = matrix.indices, matrix.data
        self._solver = highspy.Highs()
        self._solver.setOptionValue("output_flag", False)
        self._solver.passModel(model)
        self._places = np.arange(self._amounts, dtype=np.int32)

    def least(self, slope: Vector) -> float:
        """The least of tax + slope·z, dollars; infinite where the case reaches nothing, minus infinity where in doubt."""
        self._solver.changeColsCost(self._amounts, self._places, self._tax[: self._amounts] + slope)
        self._solver.run()
        status = self._solver.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            return float(self._solver.getInfo().objective_function_value) + self._constant
        return inf if status == highspy.HighsModelStatus.kInfeasible else -inf


def _with_region(case: LinearCase, within: CarryCase | None) -> tuple[sparse.csc_matrix, Vector]:
    """The case's rows, and those of a part of the plane of gains: what is carried is not negative, and the part's own rule."""
    matrix, right = case.matrix, case.right
    if within is not None:
        above = np.vstack([within.amounts, within.region])
        above = above[np.abs(above).sum(axis=1) > 0]
        rows = np.zeros((len(above), matrix.shape[1]))
        rows[:, :2] = -above[:, :2]
        matrix = sparse.vstack([matrix, sparse.csr_matrix(rows)])
        right = np.concatenate([right, above[:, 2]])
    return sparse.csc_matrix(matrix), right


class PairBounds:
    """The least every pair of cases can cost by the prices known so far, an array of shape (this year, carried, next year)."""

    def __init__(self, this_year: YearCases, carried: tuple[CarryCase, ...], next_year: YearCases, discount: float) -> None:
        self._carried = carried
        self._first = [[YearProgram(case, this_year, 1.0, part) for part in carried] for case in _linear(this_year)]
        self._second = [YearProgram(case, next_year, discount) for case in _linear(next_year)]
        self.bounds: NDArray[np.float64] = np.full((len(self._first), len(carried), len(self._second)), -inf)

    def tell(self, price: Price) -> None:
        """Raise the bounds by one more price."""
        first = np.array(
            [[self._least_of_first(a, r, price) for r in range(len(self._carried))] for a in range(len(self._first))]
        )
        second = np.array([program.least(price.next_year) for program in self._second])
        told = price.offset + first[:, :, None] + second[None, None, :]
        self.bounds = np.maximum(self.bounds, told)

    def _least_of_first(self, a: int, r: int, price: Price) -> float:
        carried = self._carried[r]
        slope = price.this_year.copy()
        slope[:2] += price.next_year[:2] @ carried.amounts[:, :2]
        return self._first[a][r].least(slope) + float(price.next_year[:2] @ carried.amounts[:, 2])


def _linear(taxed: YearCases) -> list[LinearCase]:
    return [case for case in taxed.cases if isinstance(case, LinearCase)]
