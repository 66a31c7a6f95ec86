"""Risk: the covariance of a benchmark's names as a matrix root, so that a variance is a sum of squares.

The root has rows for what names have in common and one row for what is each name's own. A factor model says which is which;
of a whole covariance as much is taken for each name's own as leaves a covariance.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from optimizer.problem import Problem

Vector = NDArray[np.float64]
ROUNDING = 1e-9
"""Part of the largest eigenvalue by which another may lie under zero and count as rounding."""


@dataclass(frozen=True)
class Risk:
    """The yearly variance of active weights d is |common · d|² + |own ∘ d|²."""

    common: sparse.csr_matrix
    """What the names share, shape (n_rows, n_securities)."""
    own: Vector
    """Standard deviation of what is each security's own, shape (n_securities,)."""
    factors: tuple[str, ...]
    loadings: Vector
    """Shape (n_factors, n_securities)."""

    @property
    def root(self) -> sparse.csr_matrix:
        """Both parts in one matrix: the variance is |root · d|²."""
        return sparse.csr_matrix(sparse.vstack([self.common, sparse.diags(self.own)]))

    def tracking_error(self, active: Vector) -> float:
        """Standard deviation of a year's active return of active weights of shape (n_securities,), as a fraction."""
        return float(np.hypot(np.linalg.norm(self.common @ active), np.linalg.norm(self.own * active)))


def risk_of(problem: Problem) -> Risk | None:
    """The benchmark's risk model in the order of the problem's securities; None where there is none."""
    model = problem.benchmark.risk if problem.benchmark else None
    if model is None:
        return None
    place = {s.symbol: n for n, s in enumerate(problem.securities)}
    columns = np.array([place[symbol] for symbol in model.symbols])
    spread = sparse.csr_matrix(
        (np.ones(len(columns)), (np.arange(len(columns)), columns)), shape=(len(columns), len(problem.securities))
    )
    loadings = np.array(model.loadings).reshape(len(model.symbols), len(model.factors))
    if model.covariance is not None:
        covariance = np.array(model.covariance)
        variance = own_variance(covariance)
        common = _root(covariance - np.diag(variance))
    else:
        between = np.array(model.factor_covariance).reshape(len(model.factors), len(model.factors))
        common, variance = _root(between) @ loadings.T, np.array(model.specific_variance)
    return Risk(
        sparse.csr_matrix(sparse.csr_matrix(common) @ spread), np.sqrt(variance) @ spread, model.factors, loadings.T @ spread
    )


def own_variance(covariance: Vector) -> Vector:
    """Variances that can be taken off a covariance's diagonal and leave a covariance, shape (n_names,).

    They are one part of what each name varies by when all others are known, which is 1 over the inverse's diagonal: the largest
    part that leaves no direction with less than no variance, the least eigenvalue of the covariance in units of those. Nothing
    where the covariance has a direction without variance.
    """
    try:
        np.linalg.cholesky(covariance)
    except np.linalg.LinAlgError:
        return np.zeros(len(covariance))
    alone = 1 / np.sqrt(np.diag(np.linalg.inv(covariance)))
    least = float(np.linalg.eigvalsh(covariance / np.outer(alone, alone))[0])
    return np.asarray(max(least - ROUNDING, 0.0) * alone**2)


def _root(covariance: Vector) -> Vector:
    """R with RᵀR = covariance, one row for each direction that varies at all."""
    if not covariance.size:
        return np.zeros((0, 0))
    values, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    kept = values > ROUNDING * max(values[-1], 0.0)
    return np.asarray(np.sqrt(values[kept])[:, None] * vectors[:, kept].T)
