"""Weights from a covariance: risk parity, minimum variance, and equal risk by cluster.

Three small convex problems, solved by iterations of our own because each has a structure that a general solver does not
see and that makes it a few dozen lines and milliseconds at 500 segments.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

from optimizer.market.prices import Matrix, Vector
from optimizer.market.risk import clusters

APPROACH, MOST_STEPS = 40, 100
NEAR_ENOUGH = 1e-8
"""By what part of itself a share of risk may be off."""
AT_REST = 1e-13
"""Newton decrement, squared, at which the shares of risk are right to about a millionth of themselves."""


def risk_parity(cov: Matrix, budgets: Vector | None = None) -> Vector:
    """Weights whose shares of the portfolio's variance are the budgets, equal ones when left out.

    Minimises f(x) = ½ xᵀΣx − Σ b ln x over x > 0, which is strictly convex; its condition Σx = b / x says that every
    x_i (Σx)_i equals its budget, and scaling x to one keeps that (Spinu 2013, "An algorithm for computing risk parity
    weights"). The fixed point x ← x √(b / (x Σx)) comes near in a few products, halving the distance each time where
    correlations are not below zero; Newton's method with a line search then arrives, and does so from anywhere.

    Parameters
    ----------
    cov : ndarray of shape (n, n), positive definite.
    budgets : ndarray of shape (n,), above zero, adding up to 1.
    """
    spread = np.sqrt(np.diag(cov))
    correlation = cov / np.outer(spread, spread)
    share = np.full(len(cov), 1 / len(cov)) if budgets is None else budgets / budgets.sum()
    x = np.sqrt(share)
    for _ in range(APPROACH):
        risk = x * (correlation @ x)
        if risk.min() <= 0:
            break
        if np.max(np.abs(risk / share - 1)) < NEAR_ENOUGH:
            return _scaled(x / spread)
        x = x * np.sqrt(share / risk)
    for _ in range(MOST_STEPS):
        gradient = correlation @ x - share / x
        step = cho_solve(cho_factor(correlation + np.diag(share / x**2)), gradient)
        decrement = float(gradient @ step)
        if decrement < AT_REST:
            break
        x = _lowered(x, step, decrement, correlation, share)
    return _scaled(x / spread)


def _lowered(x: Vector, step: Vector, decrement: float, correlation: Matrix, share: Vector) -> Vector:
    """Go along a Newton step as far as f falls by a fair part of what its slope promises."""
    now = float(x @ correlation @ x / 2 - share @ np.log(x))
    size = min(1.0, 0.95 / max(float(np.max(step / x)), 1e-300))
    while size > AT_REST:
        there: Vector = x - size * step
        if float(there @ correlation @ there / 2 - share @ np.log(there)) <= now - 0.25 * size * decrement + 1e-15 * abs(now):
            return there
        size /= 2
    return x


def minimum_variance(cov: Matrix) -> Vector:
    """The weights of least variance, none below zero.

    With x = w / (wᵀΣw) the conditions are those of min ½ xᵀΣx − Σx over x ≥ 0: on the support Σx = 1, elsewhere x = 0 and
    Σx ≥ 1. A linear complementarity problem with a positive definite matrix, solved by block principal pivoting, which
    exchanges one index at a time where exchanging all of them stops helping (Júdice and Pires 1994) and so ends.
    """
    count = len(cov)
    inside: NDArray[np.bool_] = np.ones(count, dtype=bool)
    fewest, patience = count + 1, 10
    x, slack = np.zeros(count), np.zeros(count)
    for _ in range(50 * count):
        rows = np.flatnonzero(inside)
        x[:] = 0
        x[rows] = cho_solve(cho_factor(cov[np.ix_(rows, rows)]), np.ones(len(rows)))
        slack = cov @ x - 1
        wrong = (inside & (x < 0)) | (~inside & (slack < -1e-10))
        faults = int(wrong.sum())
        if not faults:
            break
        if faults < fewest:
            fewest, patience = faults, 10
        elif patience:
            patience -= 1
        else:
            wrong[: np.flatnonzero(wrong)[-1]] = False
        inside ^= wrong
    return _scaled(x)


def equal_risk_by_cluster(cov: Matrix, correlation: Matrix, threshold: float) -> Vector:
    """Every cluster bears the same share of the variance, and inside a cluster every segment.

    Risk parity with a segment's budget one over the number of clusters and the number of segments in its own, so that a
    crowd of near copies counts as one bet.
    """
    labels = clusters(correlation, threshold)
    sizes = np.bincount(labels)
    return risk_parity(cov, 1 / (len(sizes) * sizes[labels]))


def filled(base: Vector, room: Vector) -> Vector:
    """Share out one in proportion to `base`, no part above its `room`; what a full part leaves goes to the others.

    Where the rooms add up to less than one, all are filled and the rest is shared out in proportion to them.
    """
    if room.sum() <= 1:
        return _scaled(room)
    full = np.zeros(len(base), dtype=bool)
    while True:
        free = ~full & (base > 0)
        left = 1 - room[full].sum()
        parts: Vector = np.where(full, room, 0.0)
        if not free.any():
            spare = np.where(full, 0.0, room)
            parts += left * _scaled(spare)
            return parts
        parts[free] = left * base[free] / base[free].sum()
        over = free & (parts > room + 1e-15)
        if not over.any():
            return parts
        full |= over


def _scaled(parts: Vector) -> Vector:
    weights: Vector = parts / parts.sum()
    return weights
