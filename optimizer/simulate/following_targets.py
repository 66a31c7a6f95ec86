"""Targets of a registered policy along simulated paths: it is shown each path's prices up to the day and nothing after."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.market.prices import PriceHistory
from optimizer.simulate.paths import Paths
from optimizer.targets.policy import Months, targets_through
from optimizer.targets.policy import Policy as TargetPolicy

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PolicyTargets:
    """The weights a target policy gives on every step, path by path; equal weights until it can judge.

    A policy that works on market weights is given those of a market that starts equal and drifts with the prices.
    """

    policy: TargetPolicy

    def weights(self, paths: Paths) -> Floats:
        """Weights of shape (n_paths, n_steps + 1, n_segments)."""
        total = np.broadcast_to(paths.total(), (paths.n_paths, paths.n_steps, paths.n_segments))
        days = list(paths.clock.days)
        found = np.full((paths.n_paths, len(days), paths.n_segments), 1.0 / paths.n_segments)
        for p in range(paths.n_paths):
            level = np.concatenate([np.ones((1, paths.n_segments)), np.cumprod(1 + total[p], axis=0)])
            history = PriceHistory.of_adjusted(days, paths.names, level)
            market = level / level.sum(axis=1, keepdims=True) if self.policy.needs_market else None
            answered, rows = targets_through(self.policy, Months.of(history, market), days)
            if len(rows):
                found[p, len(days) - len(answered) :] = rows
        return found
