"""The frontier: what less drift, or a smaller budget of gains, costs, and the price of the next dollar at every point.

Against drift the bands are set aside and a limit on drift is moved from where the household would stand at the least cost to the
nearest it can come to its targets. Against gains the bands stay and a limit on the year's net gain is moved from what the plan
realises to the least there is. All points are solves of one compiled program with one number changed; each is proven.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from lots.units import CENT, ZERO, Money, cents, from_float, to_float
from optimizer.documents import Claim, Document, Dollars, Fraction, Identifier, PositiveDollars
from optimizer.errors import LedgerDisagrees, SolverFailure
from optimizer.explain.compare import Step, step_of
from optimizer.explain.conflicts import contradiction, smallest_conflict
from optimizer.explain.statement import solver_tax
from optimizer.model.assemble import Model, assemble
from optimizer.model.blocks.bands import DRIFT_LIMIT
from optimizer.model.blocks.scope import GAIN_LIMIT
from optimizer.plan import AGREEMENT
from optimizer.problem import Band, Problem
from optimizer.rebalance import checked, prepare, settled, solved
from optimizer.scope import Scope
from optimizer.solve.cost import dollars_away
from optimizer.solve.duals import duals_at
from optimizer.solve.least import least_net_gain
from optimizer.solve.priced import money_of, undone_before_rounding
from optimizer.solve.replay import tax_without_plan

Against = Literal["drift", "gains"]
ANY = Band(lower=ZERO, upper=Decimal(1))
PLACES = Decimal("0.000001")
OUTSIDE = 1.0
"""Dollars outside the bands from which the price of a dollar of gain is in bands and not in money."""
WHOLE_DOLLAR = 1.0
"""A dollar of room that saves more than itself buys something that is priced above money."""


class FrontierPoint(Document):
    """One plan on the frontier."""

    limit: Annotated[Dollars, Field(description="The limit on drift as a fraction of the household, or on net gain in dollars.")]
    drift: Fraction
    """Half the sum of all distances between weight and target, by the rounded plan."""
    net_gain: Dollars
    """The year's, carryovers included, by the ledger."""
    added_tax: Dollars
    """What the plan adds to the year's tax, by the ledger."""
    cost: Dollars
    """What is minimised before rounding, without the prices that put bands and investing first."""
    outside: PositiveDollars
    """Dollars outside the bands; 0 against drift, where no band is asked for."""
    next_dollar: Dollars | None
    """What one more dollar of room saves, later years at today's value: a dollar less to be brought to target, or a dollar more
    of gain. Null where it would buy bands or investing instead of money."""
    is_proven: Claim


class MissingPoint(Document):
    """A limit at which there is no plan to trade."""

    limit: Annotated[Dollars, Field(description="As in a point: a fraction of the household, or dollars of net gain.")]
    reason: str
    is_fault: Claim = False
    """Whether the program is to blame: ledger and solver tell different taxes of the plan."""


class Frontier(Document):
    """The curve, and the household's own plan beside it."""

    household: Identifier
    against: Against
    value: Dollars
    """Of the household after flows, dollars."""
    points: tuple[FrontierPoint, ...]
    missing: tuple[MissingPoint, ...] = ()
    """Limits asked for at which no plan can be had, each with the reason."""
    own_plan: FrontierPoint
    """The plan with the bands as they are; its `limit` is where it stands."""


@dataclass(frozen=True)
class _Sweep:
    """One compiled program and the parameter that is moved."""

    model: Model
    parameter: str

    def along(self, limits: Iterable[float]) -> tuple[tuple[FrontierPoint, ...], tuple[MissingPoint, ...]]:
        """The points at limits that get tighter, and those missing: beyond the first that nothing obeys, nothing does."""
        found: list[FrontierPoint] = []
        missing: list[MissingPoint] = []
        for limit in limits:
            if missing and not missing[-1].is_fault:
                missing.append(missing[-1].model_copy(update={"limit": from_float(limit, PLACES)}))
                continue
            point = self.at(limit)
            if isinstance(point, MissingPoint):
                missing.append(point)
            else:
                found.append(point)
        return tuple(found), tuple(missing)

    def at(self, limit: float) -> FrontierPoint | MissingPoint:
        """The point at one limit, or why there is none."""
        problem = self.model.problem
        exact = from_float(limit, PLACES)
        field = "max_drift" if self.parameter == DRIFT_LIMIT else "max_net_gain"
        asked = problem.model_copy(update={"scope": problem.scope.model_copy(update={field: exact})})
        moved = replace(self.model, problem=asked)
        moved.move(self.parameter, limit)
        levers = frozenset(problem.levers)
        step = step_of(moved, levers)
        if step is None or step.optimum is None:
            return MissingPoint(limit=exact, reason=self._why_not(moved))
        off = step.replayed.tax.total - solver_tax(moved, step)
        if abs(off) >= AGREEMENT:
            return MissingPoint(limit=exact, reason=str(LedgerDisagrees(off)), is_fault=True)
        price = next(float(value.max()) for each, value in duals_at(moved, step.optimum, levers) if each.label == self.parameter)
        return point_of(moved, step, exact, price)

    def _why_not(self, moved: Model) -> str:
        """What the limit collides with; its own words are those of the limit the program was compiled with."""
        own = {each.order for each in moved.constraints if each.label == self.parameter}
        others = [order for order in smallest_conflict(moved) if order not in own]
        kept = f" and keeps to: {'; '.join(others)}" if others else ""
        return f"no plan obeys this limit{kept}"


def frontier(problem: Problem, against: Against = "drift", points: int = 11) -> Frontier:
    """Sweep the limit over `points` values, from the loosest to the tightest.

    Raises
    ------
    InputFaults
        If the problem contradicts itself.
    ContradictoryOrders
        If its orders cannot all be carried out.
    LedgerDisagrees
        If ledger and solver tell different taxes of the household's own plan.
    """
    problem = settled(checked(problem))
    own_model = prepare(problem)
    own = solved(own_model)
    sweep, loose, tight = _drift_range(problem) if against == "drift" else _gain_range(problem, own_model, own)
    off = own.replayed.tax.total - solver_tax(own_model, own)
    if abs(off) >= AGREEMENT:
        raise LedgerDisagrees(off)
    found, missing = sweep.along(np.linspace(loose, tight, points))
    stands = _drift(own_model, own) if against == "drift" else _net_gain(own)
    return Frontier(
        household=problem.household,
        against=against,
        value=from_float(float(own_model.axes.value_after_flows), CENT),
        points=found,
        missing=missing,
        own_plan=point_of(own_model, own, from_float(stands, PLACES), None),
    )


def refuse_faults(answer: Frontier) -> None:
    """Stop where ledger and solver tell different taxes at some point, once the others are written.

    Raises
    ------
    SolverFailure
        With what was found at the first such point.
    """
    for gone in answer.missing:
        if gone.is_fault:
            raise SolverFailure(gone.reason)


def point_of(model: Model, step: Step, limit: Decimal, price: float | None) -> FrontierPoint:
    """A plan as a point; `price` in dollars for each dollar of room."""
    assert step.optimum is not None
    tax = step.replayed.tax
    outside = to_float(undone_before_rounding(model, step.optimum).outside)
    told = price is not None and outside < OUTSIDE and price <= WHOLE_DOLLAR
    return FrontierPoint(
        limit=limit,
        drift=from_float(_drift(model, step), PLACES),
        net_gain=tax.short + tax.long,
        added_tax=tax.total - tax_without_plan(model.problem, model.facts).total,
        cost=cents(money_of(step.optimum)),
        outside=from_float(outside, CENT) if outside >= OUTSIDE else ZERO,
        next_dollar=from_float(price, PLACES) if told and price is not None else None,
        is_proven=step.optimum.gap <= to_float(CENT),
    )


def unbanded(problem: Problem) -> Problem:
    """The household with every weight allowed."""
    free = tuple(s.model_copy(update={"trigger": ANY, "destination": ANY}) for s in problem.segments)
    return checked(problem).model_copy(update={"segments": free})


def _drift_range(problem: Problem) -> tuple[_Sweep, float, float]:
    """From the drift of the cheapest plan without a limit to the least there is, found with a dollar away at a dollar."""
    free = unbanded(problem)
    near = free.model_copy(update={"outlook": free.outlook.model_copy(update={"drift_cost": Decimal(1)})})
    least = _solved_drift(assemble(near))
    model = assemble(free.model_copy(update={"scope": Scope(max_drift=Decimal(1))}))
    return _Sweep(model, DRIFT_LIMIT), _solved_drift(model), least


def _solved_drift(model: Model) -> float:
    step = solved(model)
    return _drift(model, step)


def _gain_range(problem: Problem, own_model: Model, own: Step) -> tuple[_Sweep, float, float]:
    """From what the household's own plan realises to the least any plan can."""
    most = _net_gain(own)
    least = least_net_gain(own_model, frozenset(problem.levers))
    if least is None:
        raise contradiction(own_model)
    limit = from_float(most, CENT)
    model = assemble(problem.model_copy(update={"scope": problem.scope.model_copy(update={"max_net_gain": limit})}))
    return _Sweep(model, GAIN_LIMIT), most, min(least + 1.0, most)


def _net_gain(step: Step) -> float:
    assert step.optimum is not None
    return float(step.optimum.amounts.z[0] + step.optimum.amounts.z[1])


def _drift(model: Model, step: Step) -> float:
    """Half the dollars away from target as a fraction of the household after flows."""
    away: Money = dollars_away(model, step.orders)
    return to_float(away) / 2 / float(model.axes.value_after_flows)
