"""Risk: the covariance of a benchmark's names as a matrix root, so that a variance is a sum of squares.

The root of a factor model has one row per factor and one per name and stays sparse; that of a whole covariance is dense.
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
    """root : sparse matrix of shape (n_rows, n_securities); the yearly variance of active weights d is |root · d|²."""

    root: sparse.csr_matrix
    factors: tuple[str, ...]
    loadings: Vector
    """Shape (n_factors, n_securities)."""
    alone: Vector
    """The largest active weight of each security that a tracking error of 1 allows, whatever the others do: the root of the
    inverse covariance's diagonal, shape (n_securities,)."""

    def tracking_error(self, active: Vector) -> float:
        """Standard deviation of a year's active return of active weights of shape (n_securities,), as a fraction."""
        return float(np.linalg.norm(self.root @ active))


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
    if model.covariance is not None:
        covariance = np.array(model.covariance)
        root = sparse.csr_matrix(_root(covariance))
        alone = _alone(np.diag(_inverse(covariance)))
        return Risk(sparse.csr_matrix(root @ spread), (), np.zeros((0, len(problem.securities))), alone @ spread)
    loadings = np.array(model.loadings).reshape(len(model.symbols), len(model.factors))
    common = sparse.csr_matrix(
        _root(np.array(model.factor_covariance).reshape(len(model.factors), len(model.factors))) @ loadings.T
    )
    variance = np.array(model.specific_variance)
    root = sparse.vstack([common, sparse.diags(np.sqrt(variance))])
    alone = _alone(_inverse_diagonal(np.asarray(common.todense()), variance))
    return Risk(sparse.csr_matrix(root @ spread), model.factors, loadings.T @ spread, alone @ spread)


def _inverse_diagonal(common: Vector, variance: Vector) -> Vector:
    """Diagonal of the inverse of commonᵀ · common + diag(variance), by the matrix inversion lemma; infinite where one is 0."""
    if not (variance > 0).all():
        return np.full(len(variance), np.inf)
    scaled = common / variance
    inner = np.linalg.inv(np.identity(len(common)) + scaled @ common.T)
    return np.asarray(1 / variance - np.einsum("ks,kl,ls->s", scaled, inner, scaled))


def _inverse(covariance: Vector) -> Vector:
    try:
        np.linalg.cholesky(covariance)
        return np.asarray(np.linalg.inv(covariance), dtype=float)
    except np.linalg.LinAlgError:
        return np.full(covariance.shape, np.inf)


def _alone(diagonal: Vector) -> Vector:
    """Roots, as large as any weight can be where there is no limit."""
    return np.minimum(np.sqrt(np.maximum(diagonal, 0.0)), 1e9)


def _root(covariance: Vector) -> Vector:
    """R with RᵀR = covariance, one row for each direction that varies at all."""
    if not covariance.size:
        return np.zeros((0, 0))
    values, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    kept = values > ROUNDING * max(values[-1], 0.0)
    return np.asarray(np.sqrt(values[kept])[:, None] * vectors[:, kept].T)
