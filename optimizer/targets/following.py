"""The guard: how much of the drift a policy simply follows.

Rebalancing earns from what it trades against. Between two dates the weights drift by d; the policy's targets move by m.
If m = d, as with market weights, drift never meets a band and nothing is ever traded, whatever the bands are. So two
numbers are measured: the part of drift that targets follow, Σ m·d / Σ d·d (the slope of m on d: 0 for a fixed target, 1
for the market), and the trades the policy calls for as a part of those that standing still would have called for, Σ |d
− m| / Σ |d|.
"""

from dataclasses import dataclass

import numpy as np

from optimizer.market.prices import Matrix

FOLLOWS, LEANS = 0.9, 0.5


@dataclass(frozen=True)
class Following:
    """How targets went with drift.

    Parameters
    ----------
    followed : slope of the targets' moves on the drift; 0 fixed, 1 following the market, above 1 running ahead of it.
    traded : trades called for against those of targets that stand still; 0 never trades, 1 as much as a fixed target.
    dates : dates between which it was measured.
    """

    followed: float
    traded: float
    dates: int

    @property
    def verdict(self) -> str:
        """The number in a sentence."""
        part = f"{100 * self.followed:.0f} % of the drift"
        if self.dates < 2 or not np.isfinite(self.followed):
            return "Too few dates to say how much of the drift these targets follow."
        if self.traded < 1 - FOLLOWS:
            return (
                f"These targets follow {part}: they move with prices and call for only {100 * self.traded:.0f} % of the "
                "trades that targets standing still would call for. A portfolio that follows them is not rebalanced."
            )
        words = f"call for {100 * self.traded:.0f} % as much trading as targets that stand still."
        if self.followed > 1 / FOLLOWS:
            return (
                f"These targets run ahead of the drift, {self.followed:.1f} times as far the same way, and call for "
                f"{self.traded:.1f} times as much trading as targets that stand still."
            )
        if self.followed >= LEANS:
            return f"These targets follow {part}, most of it, and {words}"
        if self.followed <= -LEANS:
            return f"These targets move against the drift ({part}), and {words}"
        return f"These targets follow {part} and {words}"


def following(weights: Matrix, prices: Matrix) -> Following:
    """Measure how targets went with drift from date to date.

    Parameters
    ----------
    weights : targets of shape (n_dates, n_segments), rows adding up to 1.
    prices : total-return prices of the same shape; a segment without a price at either of two dates is left out between them.
    """
    both = np.isfinite(prices[1:]) & np.isfinite(prices[:-1])
    grown = np.where(both, weights[:-1] * np.where(both, prices[1:], 1) / np.where(both, prices[:-1], 1), 0.0)
    held = np.where(both, weights[:-1], 0.0)
    aims = np.where(both, weights[1:], 0.0)
    grown, held, aims = (part / np.maximum(part.sum(axis=1, keepdims=True), 1e-300) for part in (grown, held, aims))
    drift, move = grown - held, aims - held
    size = float((drift**2).sum())
    if size == 0:
        return Following(float("nan"), float("nan"), len(weights))
    traded = float(np.abs(drift - move).sum() / np.abs(drift).sum())
    return Following(float((move * drift).sum()) / size, traded, len(weights))
