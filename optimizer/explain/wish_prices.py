"""The price of every binding wish: what the household would save with the wish loosened by a step.

Multipliers say which wishes bind at all; what a step saves is then measured, by solving the whole question again with the wish
loosened by it. Dollars outside a band are not money, so the prices that put bands and investing first are left out of a saving.
"""

from collections.abc import Iterator
from decimal import Decimal

import numpy as np

from lots.units import Money
from optimizer.limits import Limit, Unit, limits_of, loosened
from optimizer.model.assemble import Model, assemble
from optimizer.model.block import Labelled
from optimizer.plan import WishPrice
from optimizer.solve.chain import Optimum, optimum_of
from optimizer.solve.duals import duals_at
from optimizer.solve.priced import money_of

NOTICEABLE = Decimal("0.005")
"""Dollars a step has to save to be told."""
BINDS = 1e-7
"""Dollars a unit from which a multiplier is one."""
EDGES = {"lower": "lower edges", "upper": "upper edges"}


def prices_of_wishes(model: Model, optimum: Optimum) -> tuple[WishPrice, ...]:
    """Measure every wish that binds, the dearest step first.

    One solve for each wish that a multiplier, or the want of one, does not rule out.
    """
    levers = frozenset(model.problem.levers)
    found = []
    for limit in _binding(model, duals_at(model, optimum, levers)):
        loose = loosened(model.problem, limit)
        solved = optimum_of(assemble(loose), frozenset(loose.levers))
        if solved is None:
            continue
        saving = money_of(optimum) - money_of(solved)
        if saving >= NOTICEABLE:
            found.append(_price(limit, saving))
    return tuple(sorted(found, key=lambda row: -row.saving))


def _binding(model: Model, duals: list[tuple[Labelled, np.ndarray]]) -> Iterator[Limit]:
    """Limits whose own constraint has a price, and those behind which no constraint of their own stands."""
    edges = {each.label: value for each, value in duals if each.label in EDGES.values()}
    by_order: dict[str, float] = {}
    for each, value in duals:
        if each.order is not None:
            by_order[each.order] = max(by_order.get(each.order, 0.0), float(value.max(initial=0.0)))
    for limit in limits_of(model.problem):
        head, position, *rest = limit.paths[0]
        if head == "segments" and rest:
            assert isinstance(position, int)
            price = edges.get(EDGES[str(rest[-1])])
            binds = price is None or float(price[position]) > BINDS
        else:
            binds = limit.order not in by_order or by_order[limit.order] > BINDS
        if binds:
            yield limit


def _price(limit: Limit, saving: Money) -> WishPrice:
    return WishPrice(wish=limit.words, unit=limit.unit.value, step=limit.step, saving=saving, sentence=_sentence(limit, saving))


def _sentence(limit: Limit, saving: Money) -> str:
    """The price in words: ``five more basis points for 'energy no less than 3.60 %' save $212``."""
    more = "more" if limit.sense > 0 else "less"
    told = f"${saving:,.0f}" if saving >= 10 else f"${saving:,.2f}" if saving >= 1 else f"{saving * 100:.1f} cents"
    match limit.unit:
        case Unit.FRACTION:
            points = f"{limit.step * 10000:.0f} basis points of room"
            return f"{points} in '{limit.words}' save {told}"
        case Unit.DOLLARS:
            return f"one dollar {more} in '{limit.words}' saves {told}"
        case Unit.DAYS:
            return f"one day {more} in '{limit.words}' saves {told}"
        case Unit.ORDERS:
            return f"one order {more} in '{limit.words}' saves {told}"
        case _:
            return f"without '{limit.words}' the plan saves {told}"
