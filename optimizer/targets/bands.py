"""Bands: how far a segment may drift from its target before it calls for trades, and how far back a trade brings it.

One piece of arithmetic serves arrays of floats in simulations and exact decimals in a household: give targets as a float
array for the one and as an object array of decimals for the other.

============  ==========================================================  ==================================================
kind          distance from target t to the edge                          in words
============  ==========================================================  ==================================================
relative      width · t                                                   a fifth of the target either way
absolute      width                                                       so many percentage points either way
5/25          min(0.05, 0.25 · t)                                         five points, or a quarter of a small target (Swedroe)
floored       max(width · t, floor)                                       relative, and never narrower than some points
volatility    width · t · σ / σ̄                                           wide for what swings, narrow for what does not
none          1                                                           no band
============  ==========================================================  ==================================================

Every kind takes one width below and another above. σ̄ is the mean of σ weighted by target, so that `width` reads as the
width of an average segment.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

BandKind = Literal["relative", "absolute", "5/25", "floored", "volatility", "none"]
BAND_KINDS: tuple[str, ...] = get_args(BandKind)
POINTS_OF_5_25, PART_OF_5_25 = Decimal("0.05"), Decimal("0.25")

Numbers = Any
"""A float array, or an object array of decimals; numpy's types cannot say which, since decimals are objects to it."""


@dataclass(frozen=True, slots=True)
class BandRule:
    """How wide a band is and where trades stop.

    Parameters
    ----------
    kind : one of the table above.
    below, above : width below and above the target: a fraction of the target for relative, floored and volatility bands,
        a fraction of the whole for absolute ones; 5/25 and none have none.
    floor : the least distance to an edge of a floored band, a fraction of the whole.
    destination : where trades bring a segment that was out: 0 at its target, 0.5 half-way, 1 at the edge.
    """

    kind: BandKind = "relative"
    below: Decimal = Decimal("0.2")
    above: Decimal = Decimal("0.2")
    floor: Decimal = Decimal(0)
    destination: Decimal = Decimal(1)

    @classmethod
    def even(cls, kind: BandKind, width: Decimal | str, **more: Decimal) -> "BandRule":
        """A band as wide below as above."""
        return cls(kind, Decimal(width), Decimal(width), **more)

    def edges(
        self, targets: Numbers, volatilities: Numbers | None = None, swings: Numbers | None = None
    ) -> tuple[Numbers, Numbers]:
        """Lower and upper edge of every segment's band, cut off at 0 and 1.

        Parameters
        ----------
        targets : array of shape (..., n_segments), fractions of the whole.
        volatilities : array that broadcasts to the same shape, standard deviations of a year's return; needed by volatility
            bands alone.
        swings : in the place of volatilities, each over the mean of all segments, where not all of them are at hand.

        Raises
        ------
        ValueError
            For a volatility band without volatilities, or with a mean volatility of zero.
        """
        if self.kind == "volatility" and swings is None:
            swings = _swings(targets, volatilities)
        down = self._reach(targets, self.below, swings)
        up = self._reach(targets, self.above, swings)
        return _within(targets - down, targets), _within(targets + up, targets)

    def destinations(self, targets: Numbers, lower: Numbers, upper: Numbers) -> tuple[Numbers, Numbers]:
        """The band a segment that was out has to reach, between the target and the edges that `edges` gave."""
        stop = _like(self.destination, targets)
        return targets - stop * (targets - lower), targets + stop * (upper - targets)

    def _reach(self, targets: Numbers, width: Decimal, swings: Numbers | None) -> Numbers:
        size = _like(width, targets)
        match self.kind:
            case "relative":
                return targets * size
            case "absolute":
                return targets * 0 + size
            case "5/25":
                return np.minimum(_like(POINTS_OF_5_25, targets), targets * _like(PART_OF_5_25, targets))
            case "floored":
                return np.maximum(targets * size, _like(self.floor, targets))
            case "volatility":
                return targets * size * swings
            case "none":
                return targets * 0 + _like(Decimal(1), targets)


def standing(weights: Numbers, lower: Numbers, upper: Numbers) -> NDArray[np.int8]:
    """-1 below the band, 0 inside it, 1 above; an edge belongs to its band."""
    above, below = np.asarray(weights > upper), np.asarray(weights < lower)
    return above.astype(np.int8) - below.astype(np.int8)


def _swings(targets: Numbers, volatilities: Numbers | None) -> Numbers:
    """Each volatility over the mean of all, weighted by target."""
    if volatilities is None:
        raise ValueError("volatilities, which a band scaled by volatility needs")
    total = targets.sum(axis=-1, keepdims=True)
    mean = (targets * volatilities).sum(axis=-1, keepdims=True)
    if np.any(mean <= 0):
        raise ValueError("volatilities above zero")
    return volatilities * total / mean


def _like(number: Decimal, targets: Numbers) -> Any:
    """The number as the array counts."""
    return number if targets.dtype == object else float(number)


def _within(edges: Numbers, targets: Numbers) -> Numbers:
    return np.minimum(np.maximum(edges, _like(Decimal(0), targets)), _like(Decimal(1), targets))
