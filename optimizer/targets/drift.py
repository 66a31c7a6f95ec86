"""Drift: where every segment stands against its band, in exact decimals, looking through funds and over all accounts."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from lots.units import ZERO, Money
from optimizer.problem import Band, Problem, SegmentFacts

Standing = Literal["inside", "above", "below"]


@dataclass(frozen=True, slots=True)
class Drift:
    """One segment's dollars and weight, and how it stands against its trigger band."""

    segment: SegmentFacts
    value: Money
    weight: Decimal
    standing: Standing

    @property
    def allowed(self) -> Band:
        """The band a plan has to reach: the destination once the segment is outside, the trigger band otherwise."""
        return self.segment.trigger if self.standing == "inside" else self.segment.destination


def segment_values(problem: Problem, held: dict[str, Money]) -> dict[str, Money]:
    """Dollars of each segment, parents included, of holdings given in dollars by symbol."""
    parent = {s.id: s.parent for s in problem.segments}
    values = {s.id: ZERO for s in problem.segments}
    exposures = {s.symbol: s.exposures for s in problem.securities}
    for symbol, dollars in held.items():
        for segment, weight in exposures[symbol].items():
            node: str | None = segment
            while node is not None:
                values[node] += weight * dollars
                node = parent[node]
    return values


def drifts_of(problem: Problem) -> list[Drift]:
    """Where the problem's segments stand today, cash and pooled income counted in the household's value."""
    price = {s.symbol: s.price for s in problem.securities}
    held: dict[str, Money] = {}
    for lot in problem.lots:
        held[lot.symbol] = held.get(lot.symbol, ZERO) + lot.shares * price[lot.symbol]
    total = household_value(problem)
    values = segment_values(problem, held)
    return [_drift(segment, values[segment.id], total) for segment in problem.segments]


def household_value(problem: Problem) -> Money:
    """Holdings, cash and pooled income of all accounts before flows, dollars."""
    price = {s.symbol: s.price for s in problem.securities}
    holdings = sum((lot.shares * price[lot.symbol] for lot in problem.lots), ZERO)
    cash = sum((a.cash for a in problem.accounts), ZERO) + sum((i.amount for i in problem.income), ZERO)
    return holdings + cash


def _drift(segment: SegmentFacts, value: Money, total: Money) -> Drift:
    weight = value / total if total else ZERO
    standing: Standing = "inside"
    if weight > segment.trigger.upper:
        standing = "above"
    elif weight < segment.trigger.lower:
        standing = "below"
    return Drift(segment, value, weight, standing)
