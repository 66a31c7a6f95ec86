"""Policies: when to look, when to act, and where to stop.

A policy decides weights; which lots are sold for them is the engine's business. The arithmetic here is shared by both engines, so
"the same policy" means the same weights in a single account and in a household.
"""

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from optimizer.simulate.paths import Paths
from optimizer.targets.bands import BandRule, standing

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


class Targets(Protocol):
    """Where the target weights come from; shape (n_paths or 1, n_steps + 1, n_segments), step t knowing prices up to t."""

    def weights(self, paths: Paths) -> Floats:
        """Target weights along the paths."""


@dataclass(frozen=True)
class FixedTargets:
    """The same weights at all times; equal ones when none are given."""

    fixed: tuple[float, ...] = ()

    def weights(self, paths: Paths) -> Floats:
        """The weights, repeated for every step."""
        n = paths.n_segments
        row = np.array(self.fixed) if self.fixed else np.full(n, 1.0 / n)
        return np.broadcast_to(row / row.sum(), (1, paths.n_steps + 1, n))


@dataclass(frozen=True)
class Policy:
    """One way to keep a portfolio.

    Parameters
    ----------
    name : short and unique in a comparison.
    targets : where target weights come from.
    look_every : steps between looks; 0 never looks again, which is buy-and-hold.
    band : a look acts only when a segment is outside, and the segments outside go to the rule's destination; None acts at every
        look.
    moves_all : once it acts, every segment goes to its target, not only those outside.
    is_market : holds the market fund instead of the segments.
    """

    name: str
    targets: Targets = FixedTargets()
    look_every: int = 1
    band: BandRule | None = None
    moves_all: bool = False
    is_market: bool = False

    def named(self, name: str) -> "Policy":
        """The same policy under another name."""
        return replace(self, name=name)

    def looks(self, step: int) -> bool:
        """Whether the policy looks at the portfolio at a step."""
        return self.look_every > 0 and step % self.look_every == 0


HOLD = Policy("hold", look_every=0)
MARKET = Policy("market", look_every=0, is_market=True)


@dataclass(frozen=True)
class Calls:
    """What a policy asks for on a day; arrays of shape (n_rows, n_segments).

    Parameters
    ----------
    out : segments outside their bands; all of them for a policy without bands.
    fixed : segments that are brought to a weight; the others absorb the difference.
    aim : that weight.
    """

    out: Mask
    fixed: Mask
    aim: Floats


def calls_of(policy: Policy, weights: Floats, target: Floats, volatility: Floats | None = None) -> Calls:
    """Which segments are out and where they are to go."""
    everywhere = np.ones_like(weights, dtype=bool)
    if policy.band is None:
        return Calls(everywhere, everywhere, target)
    lower, upper = policy.band.edges(target, volatility)
    sides = standing(weights, lower - ROUNDING, upper + ROUNDING)
    out = sides != 0
    if policy.moves_all:
        return Calls(out, everywhere, target)
    low, high = policy.band.destinations(target, lower, upper)
    return Calls(out, out, np.asarray(np.where(sides > 0, high, low), dtype=float))


ROUNDING = 1e-12
"""Weights this close to an edge are on it."""


def settle(values: Floats, fixed: Mask, fixed_values: Floats, total: Floats, target: Floats) -> Floats:
    """Dollars of every segment after trades, adding up to `total`.

    Parameters
    ----------
    values : shape (n_rows, n_segments), dollars now.
    fixed : segments that are brought to `fixed_values`.
    total : shape (n_rows,), dollars to hold afterwards.
    target : target weights.

    Notes
    -----
    The difference is absorbed by the other segments: what is over goes to those under target in proportion to what they lack,
    what is missing comes from those above target in proportion to their excess; what even that leaves is spread over all of
    them by target (over) or by value (missing).
    """
    wanted = np.where(fixed, fixed_values, values)
    free = ~fixed
    difference = total - wanted.sum(axis=1)
    aim = target * total[:, None]
    lack = np.where(free, np.maximum(0.0, aim - values), 0.0)
    excess = np.where(free, np.maximum(0.0, values - aim), 0.0)
    over, missing = np.maximum(0.0, difference), np.maximum(0.0, -difference)
    wanted = wanted + _shared(lack, np.minimum(over, lack.sum(axis=1)))
    wanted = wanted - _shared(excess, np.minimum(missing, excess.sum(axis=1)))
    rest = total - wanted.sum(axis=1)
    takers = free | ~np.asarray(free.any(axis=1, keepdims=True))
    by_target = _shared(np.where(takers, target, 0.0) + 1e-300, np.maximum(0.0, rest))
    by_value = _shared(np.where(takers, np.maximum(wanted, 0.0), 0.0) + 1e-300, np.maximum(0.0, -rest))
    return np.asarray(np.maximum(0.0, wanted + by_target - by_value))


def _shared(weights: Floats, total: Floats) -> Floats:
    whole = weights.sum(axis=1)
    share = np.divide(total, whole, out=np.zeros_like(total), where=whole > 0)
    return np.asarray(weights * share[:, None])
