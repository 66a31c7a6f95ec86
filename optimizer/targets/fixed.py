"""Fixed policies: what they return does not follow prices, only, where they need it, an estimate of risk made once a year.

A segment that has no price on the day gets nothing. One that has a price but too few months for the estimate gets an
equal share, and the others share the rest by their risk.
"""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

import numpy as np

from optimizer.errors import Fault, InputFaults
from optimizer.market.prices import Matrix, Vector
from optimizer.market.risk import covariance, shrunk_correlation, volatility
from optimizer.targets.policy import ClassFraction, Known, MonthCount, Policy
from optimizer.targets.registry import register
from optimizer.targets.risk_weights import equal_risk_by_cluster, minimum_variance, risk_parity

Estimate = Literal["once", "year", "month"]
FIVE_YEARS = 60


@register("equal")
@dataclass(frozen=True)
class Equal(Policy):
    """The same weight for every segment."""

    def weights(self, known: Known, previous: Vector | None) -> Vector:
        """One over the number of segments with a price."""
        return equal_weights(known)


@register("custom")
@dataclass(frozen=True)
class Custom(Policy):
    """Weights of one's own, in any unit: they are scaled to one, over the segments with a price."""

    parts: Mapping[str, float] = field(default_factory=dict)

    def weights(self, known: Known, previous: Vector | None) -> Vector:
        """The stated parts, scaled."""
        missing = [name for name in known.segments if name not in self.parts]
        strange = [name for name in self.parts if name not in known.segments]
        if missing or strange:
            found = f"no part of {missing[0]}" if missing else f"a part of the unknown {strange[0]!r}"
            raise InputFaults([Fault(("parts",), found, f"a part of each of {', '.join(known.segments)}", where="policy custom")])
        stated: Vector = np.array([self.parts[name] for name in known.segments]) * known.alive
        if stated.min() < 0 or stated.sum() <= 0:
            found = "parts below zero, or none above it"
            raise InputFaults([Fault(("parts",), found, "parts of zero or more", where="policy custom")])
        scaled: Vector = stated / stated.sum()
        return scaled


@dataclass(frozen=True)
class Estimated(Policy):
    """What policies share that estimate risk over some months.

    Parameters
    ----------
    months : monthly returns an estimate is made of.
    estimate : once, at the first date; year, anew at the end of every year; month, anew at every date.
    """

    months: MonthCount = FIVE_YEARS
    estimate: Estimate = "year"

    @property
    def months_needed(self) -> int:
        """As many as an estimate is made of."""
        return self.months

    def weights(self, known: Known, previous: Vector | None) -> Vector:
        """An equal share for segments with too few months, the rest by risk."""
        if self.estimate == "once" and previous is not None and np.all(previous[~known.alive] == 0):
            return previous
        window = self._window(known)
        judged = known.alive & np.isfinite(window).all(axis=0)
        if len(window) < self.months or not judged.any():
            return equal_weights(known)
        moving = judged.copy()
        moving[judged] = volatility(window[:, judged]) > 0
        result = equal_weights(known)
        if moving.any():
            result[moving] = result[moving].sum() * _estimated(self, window[:, moving].tobytes(), int(moving.sum()))
        return result

    @abstractmethod
    def shares(self, returns: Matrix) -> Vector:
        """Weights adding up to one from monthly returns without holes, of shape (months, n_segments)."""

    def _window(self, known: Known) -> Matrix:
        """The returns an estimate is made of: up to the end of last year if they reach back far enough."""
        if self.estimate != "month":
            years = known.dates.astype("datetime64[Y]")
            before = int(np.searchsorted(years, years[-1], side="left"))
            past = known.prices[max(0, before - self.months - 1) : before]
            if len(past) == self.months + 1 and np.isfinite(past).all(axis=0).any():
                return past[1:] / past[:-1] - 1
        return known.returns(self.months)


@lru_cache(maxsize=16)
def _estimated(policy: Estimated, returns: bytes, segments: int) -> Vector:
    """The policy's shares; the same window, asked about month after month of a year, is estimated once."""
    found = policy.shares(np.frombuffer(returns).reshape(-1, segments))
    found.flags.writeable = False
    return found


@register("inverse-volatility")
@dataclass(frozen=True)
class InverseVolatility(Estimated):
    """Weights proportional to one over volatility: what swings half as much gets twice as much."""

    def shares(self, returns: Matrix) -> Vector:
        """One over volatility, scaled."""
        parts = 1 / volatility(returns)
        scaled: Vector = parts / parts.sum()
        return scaled


@register("risk-parity")
@dataclass(frozen=True)
class RiskParity(Estimated):
    """Every segment contributes the same part of the class's variance."""

    def shares(self, returns: Matrix) -> Vector:
        """See :func:`~optimizer.targets.risk_weights.risk_parity`."""
        return risk_parity(covariance(returns))


@register("minimum-variance")
@dataclass(frozen=True)
class MinimumVariance(Estimated):
    """The weights of least variance, none below zero; they lean hard on few segments."""

    def shares(self, returns: Matrix) -> Vector:
        """See :func:`~optimizer.targets.risk_weights.minimum_variance`."""
        return minimum_variance(covariance(returns))


@register("cluster-risk")
@dataclass(frozen=True)
class ClusterRisk(Estimated):
    """Every cluster of segments that move together contributes the same part of the class's variance.

    Parameters
    ----------
    threshold : mean correlation from which segments count as one cluster.
    """

    threshold: ClassFraction = 0.8

    def shares(self, returns: Matrix) -> Vector:
        """See :func:`~optimizer.targets.risk_weights.equal_risk_by_cluster`."""
        correlation, spread = shrunk_correlation(returns)[0], volatility(returns)
        return equal_risk_by_cluster(correlation * np.outer(spread, spread), correlation, self.threshold)


def equal_weights(known: Known) -> Vector:
    """One over the number of segments with a price on the day, nothing for the others.

    Raises
    ------
    InputFaults
        When no segment has a price.
    """
    alive = known.alive
    if not alive.any():
        where = f"the prices up to {known.day}"
        raise InputFaults([Fault((), f"no price of any of {', '.join(known.segments)[:80]}", "at least one", where=where)])
    weights: Vector = alive / alive.sum()
    return weights
