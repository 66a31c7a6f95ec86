"""A plan with everything that takes more solves to say: runners-up, prices of wishes, and simpler rules of choosing lots."""

from lots.lot import Term
from optimizer.explain.compare import Step
from optimizer.explain.lot_orders import lot_orders
from optimizer.explain.runner_up import RunnerUp, runner_up
from optimizer.explain.wish_prices import prices_of_wishes
from optimizer.model.assemble import Model
from optimizer.plan import GiftRow, Plan, SaleRow

MOST_LOTS = 60
"""Lots, those that move most dollars, for which the next best is looked for; each takes a solve."""


def explained(model: Model, step: Step, plan: Plan) -> Plan:
    """Fill in what :func:`~optimizer.explain.statement.plan_of` leaves empty.

    One solve for every taxed lot that is sold or given, and one for every wish that binds.
    """
    assert step.optimum is not None
    place = {lot.id: n for n, lot in enumerate(model.problem.lots)}
    moved = {sale.lot: sale.proceeds for sale in plan.sales if sale.term is not None}
    moved |= {gift.lot: gift.value + moved.get(gift.lot, 0) for gift in plan.gifts}
    asked = sorted(moved, key=lambda lot: -moved[lot])[:MOST_LOTS]
    others = {lot: runner_up(model, step.optimum, place[lot]) for lot in asked}
    return plan.model_copy(
        update={
            "sales": tuple(_sale(model, row, others.get(row.lot)) for row in plan.sales),
            "gifts": tuple(_gift(model, row, others.get(row.lot)) for row in plan.gifts),
            "prices_of_wishes": prices_of_wishes(model, step.optimum),
            "lot_orders": lot_orders(model, step),
        }
    )


def _sale(model: Model, row: SaleRow, other: RunnerUp | None) -> SaleRow:
    return row if other is None else row.model_copy(update=_told(model, other))


def _gift(model: Model, row: GiftRow, other: RunnerUp | None) -> GiftRow:
    return row if other is None else row.model_copy(update=_told(model, other))


def _told(model: Model, other: RunnerUp) -> dict[str, object]:
    words = ""
    if other.lot is not None:
        lot = model.problem.lots[other.lot]
        term = model.facts.term.get(lot.id)
        when = f" bought {lot.acquired}" if lot.acquired else ""
        short = ", short-term," if term is Term.SHORT else ""
        words = f"{lot.symbol}{when}{short} in {lot.account}"
    if other.more_outside >= 1:
        further = f"{other.more_outside:,.0f} more dollars outside the bands or in cash"
        words = f"{words}, with {further}" if words else f"nothing, which leaves {further}"
    return {"runner_up": words, "runner_up_costs": other.costs_more}
