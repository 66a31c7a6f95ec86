"""The convex cases of the tax: a tax that is not convex, written as the smallest of a few functions that are.

The year's tax is a function of four amounts, z = (S, L, O, D): net short-term gain, net long-term gain, other ordinary income
that the plan adds, and its charitable deduction, all in dollars. A case is a convex function of z, a sum of maxima of affine
pieces, that nowhere lies under the tax; the cases together touch it everywhere. So the smallest of the cases' optima is the
optimum, and the smallest of their bounds is a bound.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Pieces = NDArray[np.float64]

N_TERMS = 2
N_PIECES = 2


@dataclass(frozen=True)
class TaxCase:
    """One convex case.

    Parameters
    ----------
    name : what is true of the year in the case, in words.
    pieces : ndarray of shape (n_terms, n_pieces, 5), affine functions of (S, L, O, D, 1) in dollars. The case is the sum over
        terms of the largest piece; it counts a loss carried forward at its value today.
    due : the same with a carried loss counted as nothing: the tax due this year.
    """

    name: str
    pieces: Pieces
    due: Pieces

    def tax(self, z: NDArray[np.float64]) -> float:
        """The case at z = (S, L, O, D), dollars."""
        return evaluate(self.pieces, z)

    def due_at(self, z: NDArray[np.float64]) -> float:
        """The tax due this year at z, dollars."""
        return evaluate(self.due, z)


def evaluate(pieces: Pieces, z: NDArray[np.float64]) -> float:
    """Sum over terms of the largest piece at z, dollars."""
    return float((pieces @ np.append(z, 1.0)).max(axis=1).sum())


def smallest(cases: tuple[TaxCase, ...], z: NDArray[np.float64]) -> float:
    """The tax at z: the smallest case."""
    return min(case.tax(z) for case in cases)


@dataclass(frozen=True)
class FlatTax:
    """Flat marginal rates, the yearly limit on deducted losses in dollars, and the value of a dollar carried."""

    ordinary: float
    long_term: float
    deduction: float
    loss_limit: float
    carried_loss: float


def flat_cases(tax: FlatTax) -> tuple[TaxCase, ...]:
    """The two cases of Schedule D netting at flat rates.

    With N = S + L, rates τo ≥ τl, limit C and value v ≤ τo of a dollar of loss carried,

        no net long-term gain:   max(τo·N, v·N − C·(τo − v))
        some net long-term gain: max(τl·N, v·N) + (τo − τl)·max(S, 0),  with τl·N alone where v > τl

    Each is a sum of maxima of affine functions, hence convex; their minimum is the netting of Schedule D. To both, ordinary
    income adds τo·O and a deduction takes its rate times D. A bare rate times D values every dollar of a gift alike, whatever
    the year's income.
    """
    return (
        TaxCase("no net long-term gain", _ordinary_case(tax, tax.carried_loss), _ordinary_case(tax, 0.0)),
        TaxCase("some net long-term gain", _long_case(tax, tax.carried_loss), _long_case(tax, 0.0)),
    )


def _ordinary_case(tax: FlatTax, carried: float) -> Pieces:
    other = [tax.ordinary, -tax.deduction]
    pieces = np.zeros((N_TERMS, N_PIECES, 5))
    pieces[0, 0] = [tax.ordinary, tax.ordinary, *other, 0.0]
    pieces[0, 1] = [carried, carried, *other, -tax.loss_limit * (tax.ordinary - carried)]
    return pieces


def _long_case(tax: FlatTax, carried: float) -> Pieces:
    other = [tax.ordinary, -tax.deduction]
    pieces = np.zeros((N_TERMS, N_PIECES, 5))
    pieces[0, 0] = [tax.long_term, tax.long_term, *other, 0.0]
    below_zero = min(carried, tax.long_term)
    pieces[0, 1] = [below_zero, below_zero, *other, 0.0]
    pieces[1, 0] = [tax.ordinary - tax.long_term, 0.0, 0.0, 0.0, 0.0]
    return pieces
