"""The loss that one year carries into the next, short and long, as the law splits it.

With S and L the year's net short- and long-term results, N = S + L and C the yearly limit, the Capital Loss Carryover Worksheet
leaves (Pub. 550; IRC 1212(b)), where taxable income uses the whole deduction,

    N ≥ −C            nothing
    N ≤ −C, S ≥ −C    −N − C, all of it long-term
    N ≤ −C, L ≥ 0     −N − C, all of it short-term
    S ≤ −C, L ≤ 0     −S − C short-term and −L long-term

so the plane falls into four parts, each a polyhedron on which the carryover is affine. A program takes one of them; the products
with the cases of both years' tax are exact together. The first needs no rule: to carry nothing is never better than the law.
"""

from dataclasses import dataclass

import cvxpy as cp
import numpy as np

from optimizer.model.block import Labelled
from optimizer.model.polyhedral import Vector


@dataclass(frozen=True)
class CarryCase:
    """One part of the plane of (S, L).

    Parameters
    ----------
    name : what is carried, in words.
    amounts : ndarray of shape (2, 3), short- and long-term loss carried as affine functions of (S, L, 1), dollars.
    region : ndarray of shape (3,), an affine function of (S, L, 1) that is not negative where the part holds.
    """

    name: str
    amounts: Vector
    region: Vector

    def at(self, short: float, long: float) -> Vector:
        """The carryover at a point, dollars of shape (2,); meaningful within the part only."""
        return np.asarray(self.amounts @ np.array([short, long, 1.0]))

    def holds(self, short: float, long: float) -> bool:
        """Whether a point lies within the part."""
        point = np.array([short, long, 1.0])
        return bool(self.region @ point >= 0 and (self.amounts @ point >= 0).all())


NOTHING, ALL_LONG, ALL_SHORT, BOTH = (
    "nothing carried",
    "a long-term loss carried",
    "a short-term loss carried",
    "both losses carried",
)


def carry_cases(limit: float, lower: Vector, upper: Vector) -> tuple[CarryCase, ...]:
    """The parts that some plan can reach; `lower` and `upper` are the box of (S, L, …) and `limit` the yearly limit, dollars."""
    none, free = np.zeros(3), np.zeros(3)
    total = np.array([-1.0, -1.0, -limit])
    found = [CarryCase(NOTHING, np.stack([none, none]), free)]
    if lower[0] + lower[1] >= -limit:
        return tuple(found)
    if lower[1] < 0 and upper[0] >= -limit:
        found.append(CarryCase(ALL_LONG, np.stack([none, total]), np.array([1.0, 0.0, limit])))
    if lower[0] < -limit and upper[1] >= 0:
        found.append(CarryCase(ALL_SHORT, np.stack([total, none]), np.array([0.0, 1.0, 0.0])))
    if lower[0] < -limit and lower[1] < 0:
        split = np.stack([np.array([-1.0, 0.0, -limit]), np.array([0.0, -1.0, 0.0])])
        found.append(CarryCase(BOTH, split, free))
    return tuple(found)


@dataclass(frozen=True)
class Carryover:
    """The carryover as a variable, tied to the first year's results by the part chosen."""

    amounts: cp.Variable
    """Short- and long-term loss carried, dollars, shape (2,)."""
    slopes: cp.Parameter
    offsets: cp.Parameter
    region_slope: cp.Parameter
    region_offset: cp.Parameter
    constraints: tuple[Labelled, ...]

    def choose(self, case: CarryCase) -> None:
        """Put a part into the model."""
        self.slopes.value, self.offsets.value = case.amounts[:, :2], case.amounts[:, 2]
        self.region_slope.value, self.region_offset.value = case.region[:2], float(case.region[2])


def carryover(z: cp.Variable) -> Carryover:
    """Carry the losses of the year whose amounts are `z`; linear once the part is chosen.

    Variables: short- and long-term loss carried, zero or more.
    Constraints: both are the part's affine functions of (S, L); (S, L) lies in the part.
    """
    amounts = cp.Variable(2, nonneg=True, name="carried")
    slopes, offsets = cp.Parameter((2, 2), name="carried_slopes"), cp.Parameter(2, name="carried_offsets")
    region_slope, region_offset = cp.Parameter(2, name="region_slope"), cp.Parameter(name="region_offset")
    constraints = (
        Labelled("loss carried into next year", amounts == slopes @ z[:2] + offsets),
        Labelled("part of the plane of gains", region_slope @ z[:2] + region_offset >= 0),
    )
    return Carryover(amounts, slopes, offsets, region_slope, region_offset, constraints)
