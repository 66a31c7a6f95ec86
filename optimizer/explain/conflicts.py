"""Contradictory orders: the smallest set of wishes and rules that cannot all be carried out.

Bands are elastic and the tax only costs, so a program without a plan has orders that collide. Every constraint carries the
order behind it in words; sets of orders are tried from small to large until one alone has no plan, and what grows past the
sizes tried is reduced one order at a time, which leaves a set from which no order can be dropped. Where they collide only
because what a sale loses may be washed, the wash-sale rule stands in the set, too.
"""

from collections.abc import Iterable
from itertools import combinations
from math import ceil

from optimizer.errors import WASH_RULE, ContradictoryOrders
from optimizer.model.assemble import Model
from optimizer.problem import Lever
from optimizer.solve.solvers import can_carry_out
from optimizer.solve.ways_out import least_relaxation

SIZES_TRIED = 3
CENT = 0.01


def smallest_conflict(model: Model) -> tuple[str, ...]:
    """The smallest set of orders that collide, in the household's words; empty when no collision can be shown."""
    orders = list(dict.fromkeys(each.order for each in model.constraints if each.order is not None))
    orders += _undirected(model)
    if _feasible(model, orders):
        return _beside_the_wash_rule(model, orders)
    for size in range(1, SIZES_TRIED + 1):
        for chosen in combinations(orders, size):
            if not _feasible(model, chosen):
                return chosen
    return _reduced(model, orders)


def contradiction(model: Model) -> ContradictoryOrders:
    """The smallest conflict as an answer, with the ways out of it."""
    conflict = smallest_conflict(model)
    if not conflict:
        # No rule and no order could be shown to be the reason, so every order is named and none is blamed.
        return ContradictoryOrders(tuple(dict.fromkeys(each.order for each in model.constraints if each.order is not None)))
    return ContradictoryOrders(conflict, ways_out(model, conflict))


def ways_out(model: Model, conflict: tuple[str, ...]) -> tuple[str, ...]:
    """By how many dollars each order of a conflict would have to give way with all others kept, the least first."""
    found = []
    for order in conflict:
        dollars = least_relaxation(model, order, frozenset(model.problem.levers))
        if dollars is not None and dollars > CENT:
            found.append((dollars, f"{order}: give way by {ceil(dollars * 100) / 100:,.2f}"))
    return tuple(words for _, words in sorted(found))


def _undirected(model: Model) -> list[str]:
    """Levers that are off, as an order: a plan that needs them cannot be had without."""
    off = [lever.value for lever in Lever if lever not in model.problem.levers]
    return [f"leave {', '.join(off)} undirected"] if off else []


def _beside_the_wash_rule(model: Model, orders: list[str]) -> tuple[str, ...]:
    """What collides once every wash group is settled, the rule last; empty where nothing does."""
    if not model.wash_axis or model.tracking is not None or _feasible(model, orders, settled=True):
        return ()
    alone = next((order for order in orders if not _feasible(model, [order], settled=True)), None)
    return (*((alone,) if alone else _reduced(model, orders, settled=True)), WASH_RULE)


def _reduced(model: Model, orders: list[str], settled: bool = False) -> tuple[str, ...]:
    kept = list(orders)
    for order in orders:
        rest = [other for other in kept if other != order]
        if not _feasible(model, rest, settled):
            kept = rest
    return tuple(kept)


def _feasible(model: Model, orders: Iterable[str], settled: bool = False) -> bool:
    """Whether some trades obey every rule and these orders, with every wash group `settled` or in part sold and bought."""
    wanted = set(orders)
    levers = model.problem.levers if wanted & set(_undirected(model)) else tuple(Lever)
    return can_carry_out(model, wanted, frozenset(levers), settled)
