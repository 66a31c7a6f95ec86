"""Money and what is priced as if it were: dollars outside the bands and dollars left idle come before any cost, by a price.

The price is no money. Whatever is said in dollars leaves it out, and says beside it what is left outside or idle.
"""

from collections.abc import Mapping
from typing import Literal

from lots.units import CENT, ZERO, Money, from_float
from optimizer.model.assemble import Model
from optimizer.model.axes import Axes
from optimizer.model.blocks.balance import IDLE_DOLLAR
from optimizer.model.blocks.bands import breach_price
from optimizer.plan import CostSummary, Undone
from optimizer.solve.chain import Optimum

OUTSIDE = ("breach", "off_benchmark", "january breach", "january off_benchmark")
IDLE = ("idle_cash", "january idle_cash")
ROUNDED_CENTS = Money("0.10")
"""Dollars by which cents and small steps may round a plan's cost below the bound of the program."""


def priced_of(costs: Mapping[str, float]) -> float:
    """The part of a program's costs that is a price and no money, dollars."""
    return sum(costs.get(name, 0.0) for name in (*OUTSIDE, *IDLE))


def undone_of(axes: Axes, costs: Mapping[str, float]) -> Undone:
    """What a program's plan leaves outside or idle before rounding; less than a cent of either is the solver's noise."""
    outside = sum(costs.get(name, 0.0) for name in OUTSIDE) / breach_price(axes)
    idle = sum(costs.get(name, 0.0) for name in IDLE) / IDLE_DOLLAR
    if max(outside, idle) < float(CENT):
        return Undone()
    return _undone(outside, idle, priced_of(costs))


def undone_by(axes: Axes, *costs: CostSummary) -> Undone:
    """The same of exact orders, those of both years where there are two."""
    breach, idle = sum((each.breach for each in costs), ZERO), sum((each.idle_cash for each in costs), ZERO)
    return _undone(float(breach) / breach_price(axes), float(idle) / IDLE_DOLLAR, float(breach + idle))


def _undone(outside: float, idle: float, priced: float) -> Undone:
    return Undone(
        outside=max(ZERO, from_float(outside, CENT)),
        idle=max(ZERO, from_float(idle, CENT)),
        priced=max(ZERO, from_float(priced, CENT)),
    )


def money_of(optimum: Optimum) -> Money:
    """What a plan costs in money before rounding."""
    return from_float(optimum.objective - priced_of(_best(optimum)), CENT.scaleb(-2))


def undone_before_rounding(model: Model, optimum: Optimum) -> Undone:
    """What the best plan before rounding leaves outside or idle."""
    return undone_of(model.axes, _best(optimum))


def _best(optimum: Optimum) -> Mapping[str, float]:
    """The costs of the case that gave the objective: the amounts may since have been made tradeable."""
    solved = min((case.solved for case in optimum.cases), key=lambda solved: solved.objective)
    return (solved.amounts or optimum.amounts).costs


def tradeable_bound_of(optimum: Optimum, total: Money) -> tuple[Money | None, Literal["proof", "work", "time"] | None]:
    """The bound of plans in tradeable amounts, and how the search ended; no more than this plan costs, then without a proof.

    What rounding leaves undone under a dollar is no cost of the plan but one in the program, so that its bound may lie higher.
    """
    if optimum.tradeable_bound is None:
        return None, optimum.tradeable_ended_by
    bound = from_float(optimum.tradeable_bound, CENT)
    return min(bound, total), optimum.tradeable_ended_by if bound <= total + ROUNDED_CENTS else None
