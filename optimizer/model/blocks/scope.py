"""The scope of the question: what may be sold at all when it is not about everything."""

import cvxpy as cp

from lots.units import to_float
from optimizer.model.block import Labelled, Part
from optimizer.model.trades import Trades
from optimizer.problem import Problem


def scope(problem: Problem, trades: Trades) -> Part:
    """Sell no more dollars than the question allows, over all accounts together; linear."""
    limit = problem.scope.max_sales
    if limit is None:
        return Part()
    order = f"sell no more than {limit:,.2f}"
    return Part({}, [Labelled(order, cp.sum(trades.sold) <= to_float(limit), order=order)])
