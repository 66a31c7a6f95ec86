"""The scope of the question: what may be sold or realised at all when it is not about everything."""

import cvxpy as cp

from lots.units import to_float
from optimizer.model.block import Labelled, Part
from optimizer.model.trades import Trades
from optimizer.problem import Problem

GAIN_LIMIT = "gain limit"


def scope(problem: Problem, trades: Trades, net_gain: cp.Expression) -> Part:
    """Sell no more dollars and realise no more net gain than the question allows, over all accounts together; linear.

    The limit on gain is a parameter, so that it can be moved.
    """
    found = []
    sales, gain = problem.scope.max_sales, problem.scope.max_net_gain
    if sales is not None:
        order = f"sell no more than {sales:,.2f}"
        found.append(Labelled(order, cp.sum(trades.sold) <= to_float(sales), order=order))
    if gain is not None:
        limit = cp.Parameter(value=to_float(gain), name=GAIN_LIMIT)
        found.append(Labelled(GAIN_LIMIT, net_gain <= limit, order=f"net gain at most {gain:,.2f}"))
    return Part({}, found)
