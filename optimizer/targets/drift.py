"""Drift: where every segment stands against its band, in exact decimals, looking through funds and over all accounts."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from lots.units import ZERO, Money
from optimizer.problem import Band, Problem, SegmentFacts

Standing = Literal["inside", "above", "below"]

HAIR = Decimal("0.0001")
"""A basis point of the household."""


@dataclass(frozen=True, slots=True)
class Drift:
    """One segment's dollars and weight, and how it stands against its trigger band."""

    segment: SegmentFacts
    value: Money
    weight: Decimal
    standing: Standing
    allowed: Band
    """The band a plan has to reach: by the question's scope."""


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
    """Where the problem's segments stand today; cash and pooled income count, what is set aside does not."""
    price = {s.symbol: s.price for s in problem.securities}
    held: dict[str, Money] = {}
    for lot in problem.lots:
        held[lot.symbol] = held.get(lot.symbol, ZERO) + lot.shares * price[lot.symbol]
    total = household_value(problem) - _set_aside_already(problem)
    values = segment_values(problem, held)
    after = total + _flows(problem)
    return [_drift(problem, segment, values[segment.id], total, after) for segment in problem.segments]


def _flows(problem: Problem) -> Money:
    """Dollars that enter by the orders, less those that leave; of a gift up to an amount nothing is certain."""
    entering = sum((order.amount for order in problem.contributions), ZERO)
    leaving = sum((order.leaving for order in problem.withdrawals), ZERO)
    return entering - leaving - sum((order.promised for order in problem.donations), ZERO)


def _set_aside_already(problem: Problem) -> Money:
    """What of the cash to be set aside is there today; the rest still stands in the segments."""
    cash = {a.id: a.cash for a in problem.accounts}
    for payment in problem.income:
        cash[payment.account] += payment.amount
    return sum((min(amount, cash[name]) for name, amount in problem.set_aside().items()), ZERO)


def household_value(problem: Problem) -> Money:
    """Holdings, cash and pooled income of all accounts before flows, dollars."""
    price = {s.symbol: s.price for s in problem.securities}
    holdings = sum((lot.shares * price[lot.symbol] for lot in problem.lots), ZERO)
    cash = sum((a.cash for a in problem.accounts), ZERO) + sum((i.amount for i in problem.income), ZERO)
    return holdings + cash


def _drift(problem: Problem, segment: SegmentFacts, value: Money, total: Money, after: Money) -> Drift:
    weight = value / total if total else ZERO
    standing: Standing = "inside"
    if weight > segment.trigger.upper:
        standing = "above"
    elif weight < segment.trigger.lower:
        standing = "below"
    untraded = min(value / after, Decimal(1)) if after > 0 else weight
    match problem.scope.bands:
        case "reach":
            allowed = segment.trigger if standing == "inside" else segment.destination
        case "hold":
            allowed = _held(segment.trigger, untraded)
        case "keep":
            allowed = _in_place(untraded) if segment.id in problem.scope.held else _kept(segment, untraded)
    return Drift(segment, value, weight, standing, allowed)


def _held(trigger: Band, untraded: Decimal) -> Band:
    """The trigger band, reaching to where the segment would be untraded and a hair beyond, which the cost of trading needs."""
    lower = trigger.lower if untraded >= trigger.lower else max(untraded - HAIR, Decimal(0))
    upper = trigger.upper if untraded <= trigger.upper else min(untraded + HAIR, Decimal(1))
    return Band(lower=lower, upper=upper)


def _in_place(untraded: Decimal) -> Band:
    """Where the segment would be untraded, and a hair to either side."""
    return Band(lower=max(untraded - HAIR, Decimal(0)), upper=min(untraded + HAIR, Decimal(1)))


def _kept(segment: SegmentFacts, untraded: Decimal) -> Band:
    """From the target to where the segment would be untraded and a hair beyond, which the cost of trading needs; a segment
    inside its band stays inside."""
    lower = max(min(segment.target, untraded) - HAIR, min(segment.trigger.lower, untraded - HAIR))
    upper = min(max(segment.target, untraded) + HAIR, max(segment.trigger.upper, untraded + HAIR))
    return Band(lower=max(lower, Decimal(0)), upper=min(upper, Decimal(1)))
