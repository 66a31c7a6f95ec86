"""Dynamic policies: targets that move, slowly and by rule, with prices or with the market.

They are the safety valve of a method that buys what fell. A fixed target pours money into a segment that dies; one that
follows the trend stops. How much of the market's drift a policy simply follows, and so never trades against, is
measured in :mod:`optimizer.targets.following`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from optimizer.errors import Fault, InputFaults
from optimizer.market.prices import Matrix, Vector, as_day64
from optimizer.targets.fixed import equal_weights
from optimizer.targets.policy import TOLERANCE, ClassFraction, Known, MonthCount, Policy
from optimizer.targets.registry import register
from optimizer.targets.risk_weights import filled

TEN_MONTHS = 10


@register("trend")
@dataclass(frozen=True)
class Trend(Policy):
    """Segments above the moving average of their month ends share the class equally; those below go down to the floor.

    Where all are below, or all above, every one has the same weight: how much of the class there is belongs to its
    owner. A segment with fewer months than the average has no trend yet and gets the floor until it can be judged; only where
    none can be judged does every one of them get the same.

    Parameters
    ----------
    months : month ends in the moving average, the last one among them (Faber 2007 has ten).
    floor : the least weight of a segment with a price, a fraction of the class.
    cap : the most weight of one, a fraction of the class; what it leaves over goes to those below, and a class of
        too few segments to keep it has equal weights.
    """

    months: MonthCount = TEN_MONTHS
    floor: ClassFraction = 0.0
    cap: ClassFraction = 1.0

    @property
    def months_needed(self) -> int:
        """One less than the average has, since the date itself is one of them."""
        return self.months - 1

    def weights(self, known: Known, previous: Vector | None) -> Vector:
        """The floor for everyone, and what is left to those above their average."""
        equal, alive = equal_weights(known), known.alive
        floor = min(self.floor, float(equal.max()))
        window = known.prices[-self.months :]
        average = window.mean(axis=0)
        judged = alive & np.isfinite(average) if len(window) == self.months else np.zeros_like(alive)
        above = judged & (known.prices[-1] >= np.where(judged, average, np.inf))
        if not above.any():
            above = judged  # all that can be judged are below: none of them is better
        if not above.any() or above.sum() == alive.sum():
            return equal
        least = floor * alive
        left = 1 - least.sum()
        if left <= 0:
            return equal
        room = np.maximum(self.cap * alive - least, 0.0) / left
        if room.sum() <= 1:
            return equal
        result: Vector = least + left * filled(above.astype(float), room)
        return result

    def refuse_impossible(self, counts: Sequence[int]) -> None:
        """Refuse a floor that asks for more than a class has, and a cap that no class can keep; see :class:`Policy`."""
        most = max(counts, default=1)
        pairs = [
            ("floor", self.floor * most > 1 + TOLERANCE, f"{100 / most:.4g} at most, for {most} segments"),
            ("cap", self.cap * most < 1 - TOLERANCE, f"{100 / most:.4g} at least, for {most} segments"),
            ("floor", self.floor > self.cap, f"no more than cap_pct = {100 * self.cap:g}"),
        ]
        faults = [
            Fault((name,), f"{name}_pct = {100 * getattr(self, name):g}", expected, where="policy trend")
            for name, is_wrong, expected in pairs
            if is_wrong
        ]
        if faults:
            raise InputFaults(faults)


@register("market")
@dataclass(frozen=True)
class Market(Policy):
    """The market's own weights. They drift with prices, so they never call for a trade."""

    @property
    def needs_market(self) -> bool:
        """It is nothing else."""
        return True

    def weights(self, known: Known, previous: Vector | None) -> Vector:
        """The market weights of the date."""
        return _scaled(market_rows(known)[-1], known)


@register("slow-market")
@dataclass(frozen=True)
class SlowMarket(Policy):
    """The mean of the market's weights over some months: it follows what lasts and trades against what passes.

    Parameters
    ----------
    months : month ends in the mean; of the history there is, where that is shorter.
    """

    months: MonthCount = 60

    @property
    def needs_market(self) -> bool:
        """It averages market weights."""
        return True

    def weights(self, known: Known, previous: Vector | None) -> Vector:
        """The mean of the last months' market weights, over the segments with a price."""
        rows = market_rows(known)[-self.months :]
        return _scaled(np.nanmean(rows[np.isfinite(rows).any(axis=1)], axis=0), known)


@register("shrunk-market")
@dataclass(frozen=True)
class ShrunkMarket(Policy):
    """Between equal weights and the market's.

    Parameters
    ----------
    market_part : 0 for equal weights, 1 for the market's.
    """

    market_part: ClassFraction = 0.5

    @property
    def needs_market(self) -> bool:
        """It leans on market weights."""
        return True

    def weights(self, known: Known, previous: Vector | None) -> Vector:
        """The mixture."""
        market = _scaled(market_rows(known)[-1], known)
        return self.market_part * market + (1 - self.market_part) * equal_weights(known)


@dataclass(frozen=True, eq=False)
class Dated(Policy):
    """Weights somebody wrote down, each row valid from its day on.

    Parameters
    ----------
    days : rising days.
    segments : names of the columns.
    table : ndarray of shape (n_days, n_segments), in any unit; what a class has of a row is scaled to one.
    """

    days: tuple[date, ...]
    segments: tuple[str, ...]
    table: Matrix

    @property
    def first_day(self) -> date | None:
        """The day of the first row."""
        return self.days[0]

    def weights(self, known: Known, previous: Vector | None) -> Vector:
        """The last row on or before the date."""
        row = int(np.searchsorted(np.array(self.days, dtype="datetime64[D]"), as_day64(known.day), side="right")) - 1
        if row < 0:
            found = f"weights from {self.days[0]} on"
            raise InputFaults([Fault((), found, f"a row on or before {known.day}", where="the dated weights")])
        seat = {name: place for place, name in enumerate(self.segments)}
        return _scaled(np.nan_to_num(self.table[row, [seat[name] for name in known.segments]]), known)


def market_rows(known: Known) -> Matrix:
    """The market weights known, of shape (n_months, n_segments).

    Raises
    ------
    InputFaults
        When nobody stated any.
    """
    if known.market is None or not np.isfinite(known.market[-1]).any():
        step = "Name a table of dated market weights; one row is enough, it is carried on by prices."
        raise InputFaults([Fault((), f"no market weights on {known.day}", "market weights", step, "policy")])
    return known.market


def _scaled(weights: Vector, known: Known) -> Vector:
    """Weights of the segments with a price, scaled to one."""
    kept = np.where(known.alive, np.nan_to_num(weights), 0.0)
    return kept / kept.sum() if kept.sum() > 0 else equal_weights(known)
