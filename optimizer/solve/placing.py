"""Tradeable amounts: the optimum in whole shares, and in orders of the size, number and fee wished for.

The search ends after so much work and never by a clock of its own, so that the same question has the same plan on every
machine; how it ended is a part of the answer. Work is nodes of the search's tree times columns of the program, because a node
of a larger program takes longer.
"""

from dataclasses import dataclass, replace
from math import inf
from time import monotonic
from typing import Literal

import numpy as np

from optimizer.model.assemble import Model
from optimizer.problem import Lever
from optimizer.solve.branch import GRACE
from optimizer.solve.chain import Optimum
from optimizer.solve.return_cases import TOLERANCE
from optimizer.solve.session import Searched, Session, session_of
from optimizer.solve.solvers import Amounts, amounts_of
from optimizer.solve.wash_questions import settled_by

WHOLE_GAP = 0.01
"""Dollars between a plan in tradeable amounts and the bound of all such plans at which the search for a better one ends."""
ORDER_WORK = 3_500_000
"""Nodes times columns in which orders are chosen; about ten seconds on the example."""
WHOLE_WORK = 400_000
"""The same for whole shares alone."""
LONGEST = 60.0
"""Seconds after which a search for orders too large for its first node is given up; what is smaller ends by its work."""
WHOLE_LONGEST = 20.0
"""The same for whole shares alone."""


@dataclass(frozen=True)
class TradeablePlan:
    """A plan in tradeable amounts.

    Parameters
    ----------
    amounts : its trades.
    bound : no plan in such amounts costs less, dollars; None where not all of them were searched.
    ended_by : how the search for it ended.
    """

    amounts: Amounts
    bound: float | None
    ended_by: Literal["proof", "work", "time"]


def tradeable_plan(
    model: Model, optimum: Optimum, levers: frozenset[Lever], seconds: float | None = None
) -> TradeablePlan | None:
    """The optimum in whole shares and orders of the size, number and fee wished for; None where none was found.

    Whole shares alone keep the optimum's tax case, lots, harvests and flows, because a cent of cash that no whole share uses up
    is no reason to split a withdrawal over accounts. Orders are chosen among all lots and in every tax case that could be better,
    the optimum's first, until the work for it is done, or of `seconds` that are left of a limit, though never less than a moment.
    """
    session = None if model.whole is None else session_of(model.whole, model.costs)
    if session is None:
        return None
    longest = WHOLE_LONGEST if model.choice is None else LONGEST
    session.until = monotonic() + min(longest, inf if seconds is None else max(GRACE, seconds))
    if model.choice is not None:
        return _with_orders(model, session, optimum, levers)
    model.choose(model.cases[_by_cost(optimum)[0]], levers)
    settled = settled_by(model, optimum.amounts)
    model.decide(settled.states, settled.cuts)
    amounts = optimum.amounts
    model.pin(amounts.sold, amounts.contributed, amounts.withdrawn)
    found = session.search(WHOLE_WORK // session.form.n_columns, WHOLE_GAP)
    return None if found.x is None else TradeablePlan(_amounts(model, session, found), None, found.ended_by)


def _by_cost(optimum: Optimum) -> list[int]:
    """Positions of the cases, the optimum's own first."""
    return sorted(range(len(optimum.cases)), key=lambda place: optimum.cases[place].solved.objective)


def _with_orders(model: Model, session: Session, optimum: Optimum, levers: frozenset[Lever]) -> TradeablePlan | None:
    """The best choice of orders in every case that could hold it; the bound is the least of all cases."""
    nodes, bounds = max(1, ORDER_WORK // session.form.n_columns), list[float]()
    best, amounts = inf, None
    ended: Literal["proof", "work", "time"] = "proof"
    for place in _by_cost(optimum):
        # The optimum's own case holds the plan as a rule, so it gets the larger part of the work and the others what is left.
        share = nodes if len(optimum.cases) == 1 else max(1, nodes * 2 // 3)
        least = optimum.cases[place].solved.bound
        if least >= best - TOLERANCE:
            continue
        if nodes <= 0 or ended == "time":
            bounds.append(least)
            ended = "time" if ended == "time" else "work"
            continue
        model.choose(model.cases[place], levers)
        found = session.search(share, WHOLE_GAP, best)
        nodes -= max(1, found.nodes)
        bounds.append(max(least, found.bound))
        if found.ended_by != "proof":
            ended = found.ended_by
        if found.x is not None and found.objective < best:
            best, amounts = found.objective, _amounts(model, session, found)
    if amounts is None:
        return None
    bound = min([*bounds, best])
    return TradeablePlan(amounts, bound, "proof" if best - bound <= 2 * WHOLE_GAP else ended)


def _amounts(model: Model, session: Session, found: Searched) -> Amounts:
    """The trades of a search's answer; of an order that is not placed the solver's tolerance leaves nothing."""
    assert found.x is not None
    session.write_values(found.x)
    amounts, choice = amounts_of(model, session.costs_at(found.x)), model.choice
    if choice is None:
        return amounts
    sells = np.append(np.asarray(choice.sells.value) if choice.sells.size else np.zeros(0), 0.0)
    sold = np.where(sells[choice.holding] > 1 / 2, amounts.sold, 0.0)
    bought = amounts.bought if not choice.buys.size else np.where(np.asarray(choice.buys.value) > 1 / 2, amounts.bought, 0.0)
    return replace(amounts, sold=sold, bought=bought)
