"""Many windows or paths as a few numbers: median, 5 to 95 %, share above zero, and how sure the median is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.simulate.markets import stationary_blocks

Floats = NDArray[np.float64]

DRAWS = 1000
"""Resamples behind a confidence band."""


@dataclass(frozen=True)
class Spread:
    """How a figure varies over windows; fractions unless the figure is something else.

    Parameters
    ----------
    count : windows.
    median, low, high : the middle, and the 5 and 95 % points.
    positive : share of windows above zero.
    sure_low, sure_high : 90 % confidence band of the median, from resampling blocks as long as the windows overlap.
    """

    count: int
    median: float
    low: float
    high: float
    positive: float
    sure_low: float
    sure_high: float


def spread_of(figures: Floats, overlap: int = 1, seed: int = 0) -> Spread:
    """Describe figures of windows in the order of their starts, of which `overlap` neighbours share months."""
    low, median, high = np.percentile(figures, [5, 50, 95])
    random = np.random.default_rng([seed, len(figures)])
    picks = np.stack([stationary_blocks(random, len(figures), len(figures), max(1.0, float(overlap))) for _ in range(DRAWS)])
    sure = np.percentile(np.median(figures[picks], axis=1), [5, 95])
    positive = float(np.mean(figures > 0))
    return Spread(len(figures), float(median), float(low), float(high), positive, float(sure[0]), float(sure[1]))
