"""Contradictory orders: the smallest set of wishes and rules that cannot all be carried out.

Bands are elastic and the tax only costs, so a program without a plan has orders that collide. Every constraint carries the
order behind it in words; sets of orders are tried from small to large until one alone has no plan, and what grows past the
sizes tried is reduced one order at a time, which leaves a set from which no order can be dropped.
"""

from itertools import combinations

from optimizer.model.assemble import Model
from optimizer.solve.solvers import has_plan

SIZES_TRIED = 3


def smallest_conflict(model: Model) -> tuple[str, ...]:
    """The smallest set of orders that collide, in the household's words; empty when the orders can all be carried out."""
    orders = list(dict.fromkeys(each.order for each in model.constraints if each.order is not None))
    if has_plan(model, orders):
        return ()
    for size in range(1, SIZES_TRIED + 1):
        for chosen in combinations(orders, size):
            if not has_plan(model, chosen):
                return chosen
    return _reduced(model, orders)


def _reduced(model: Model, orders: list[str]) -> tuple[str, ...]:
    kept = list(orders)
    for order in orders:
        rest = [other for other in kept if other != order]
        if not has_plan(model, rest):
            kept = rest
    return tuple(kept)
