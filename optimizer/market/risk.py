"""Risk from monthly returns: correlation that can be relied on, clusters of what moves together, and what rebalancing may earn.

Volatilities are estimated as they are. Correlations of many segments over few months are not to be trusted one by one,
so they are pulled towards zero by as much as their own noise calls for (Ledoit and Wolf 2004, on standardised returns,
whose target is then the identity): more segments than months still give a matrix that can be inverted.

The library of clusters is loaded where a tree is asked for: every reading of a household passes through here, few ask.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.market.prices import Matrix, Vector

MONTHS_A_YEAR = 12
NINETY_PER_CENT = 1.645
"""Standard errors to either side of a mean within which nine in ten normal estimates lie."""


def complete(returns: Matrix) -> Matrix:
    """The months in which every segment has a return."""
    rows: Matrix = returns[np.isfinite(returns).all(axis=1)]
    return rows


def volatility(returns: Matrix) -> Vector:
    """Standard deviation of a year's return of every segment, from monthly returns of shape (n_months, n_segments)."""
    spread: Vector = np.nanstd(returns, axis=0, ddof=1) * np.sqrt(MONTHS_A_YEAR)
    return spread


def shrunk_correlation(returns: Matrix) -> tuple[Matrix, float]:
    """Correlation of monthly returns without holes, pulled towards the identity, and by what part it was pulled.

    With standardised returns x_t of n segments in T months and S their sample correlation, the pull is b² / d², where
    d² = ‖S − I‖² and b² = min(d², Σ_t ‖x_t x_tᵀ − S‖² / T²): Ledoit and Wolf, "A well-conditioned estimator for
    large-dimensional covariance matrices", Journal of Multivariate Analysis 88 (2004), lemmas 3.2 to 3.5.

    Segments whose price never moves have no correlation with anything.
    """
    months, count = returns.shape
    centred = returns - returns.mean(axis=0)
    spread = np.sqrt((centred**2).mean(axis=0))
    x = centred / np.where(spread > 0, spread, 1.0)
    sample = x.T @ x / months
    np.fill_diagonal(sample, 1.0)
    size = float(np.vdot(sample, sample))
    distance = size - count  # the diagonal of S is one, so ‖S − I‖² = ‖S‖² − n
    noise = (float((((x**2).sum(axis=1)) ** 2).sum()) - months * size) / months**2
    pull = 1.0 if distance <= 1e-12 * count else min(1.0, max(0.0, noise / distance))
    sample *= 1 - pull
    np.fill_diagonal(sample, 1.0)
    return sample, pull


def covariance(returns: Matrix) -> Matrix:
    """Covariance of a year's returns, of shape (n_segments, n_segments), from complete months, with shrunk correlations."""
    whole = complete(returns)
    spread = volatility(whole)
    return shrunk_correlation(whole)[0] * np.outer(spread, spread)


def clusters(correlation: Matrix, threshold: float) -> NDArray[np.intp]:
    """Number of the cluster of every segment, from 0 in the order of first members.

    Agglomerative, average linkage on 1 − correlation: two clusters join while the mean correlation between their members
    is at least `threshold`.
    """
    count = len(correlation)
    if count == 1:
        return np.zeros(1, dtype=np.intp)
    from scipy.cluster.hierarchy import fcluster

    labels = fcluster(_tree(correlation), 1 - threshold + 1e-12, criterion="distance")
    first: dict[int, int] = {}
    return np.array([first.setdefault(int(label), len(first)) for label in labels], dtype=np.intp)


def cluster_order(correlation: Matrix) -> list[int]:
    """The segments in an order that puts what moves together side by side."""
    from scipy.cluster.hierarchy import leaves_list

    return [int(leaf) for leaf in leaves_list(_tree(correlation))] if len(correlation) > 1 else [0]


def _tree(correlation: Matrix) -> Matrix:
    from scipy.cluster.hierarchy import linkage
    from scipy.spatial.distance import squareform

    distance = np.clip(1 - (correlation + correlation.T) / 2, 0, 2)
    np.fill_diagonal(distance, 0)
    tree: Matrix = linkage(squareform(distance, checks=False), method="average")
    return tree


def effective_bets(weights: Vector, cov: Matrix) -> float:
    """How many uncorrelated segments of equal risk would diversify as much: (Σ w σ)² / σ_p², one if all move as one.

    The square of the diversification ratio of Choueifaty and Coignard (2008).
    """
    variance = float(weights @ cov @ weights)
    mean = float(weights @ np.sqrt(np.diag(cov)))
    return mean**2 / variance if variance > 0 else 1.0


@dataclass(frozen=True)
class Bonus:
    """The expected rebalancing bonus before cost, a fraction a year, with its standard error.

    `months` are the months it was measured over.
    """

    value: float
    error: float
    months: int

    @property
    def band(self) -> tuple[float, float]:
        """Between what nine of ten estimates like this one have the true value, if months to come are like those past."""
        return self.value - NINETY_PER_CENT * self.error, self.value + NINETY_PER_CENT * self.error


def rebalancing_bonus(weights: Vector, returns: Matrix) -> Bonus:
    """½ (Σ w σ² − σ_p²) a year, where σ_p² is the variance of the portfolio kept at `weights`.

    It is the mean of a series, since in every month it is half the weighted spread of the segments around the portfolio:
    b_t = ½ (Σ w r̃² − (Σ w r̃)²) with r̃ the month's returns less their own means. So its standard error is that of a mean,
    with the months' dependence on each other counted by Newey and West's weights over twelve months.

    Parameters
    ----------
    weights : ndarray of shape (n_segments,), adding up to 1.
    returns : monthly returns of shape (n_months, n_segments); months with a hole are left out.
    """
    whole = complete(returns)
    months = len(whole)
    centred = whole - whole.mean(axis=0)
    monthly = ((centred**2) @ weights - (centred @ weights) ** 2) / 2
    scale = months / (months - 1)
    return Bonus(
        MONTHS_A_YEAR * scale * float(monthly.mean()), MONTHS_A_YEAR * scale * _error_of_mean(monthly, MONTHS_A_YEAR), months
    )


def _error_of_mean(series: Vector, lags: int) -> float:
    """Newey and West (1987): the standard error of a mean whose terms depend on up to `lags` terms before them."""
    count = len(series)
    gap = series - series.mean()
    variance = float(gap @ gap) / count
    for lag in range(1, min(lags, count - 1) + 1):
        variance += 2 * (1 - lag / (lags + 1)) * float(gap[lag:] @ gap[:-lag]) / count
    return float(np.sqrt(max(variance, 0.0) / count))
