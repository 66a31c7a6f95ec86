"""The scope of the question: what may be sold or realised at all when it is not about everything."""

import cvxpy as cp
import numpy as np

from lots.units import to_float
from optimizer.model.axes import Axes
from optimizer.model.block import Labelled, Part
from optimizer.model.trades import Trades
from optimizer.problem import Problem

GAIN_LIMIT = "gain limit"
SALES_LIMIT = "sales limit"


def scope(problem: Problem, axes: Axes, trades: Trades, net_gain: cp.Expression) -> Part:
    """Sell no more dollars and realise no more net gain than the question allows, over all accounts together; linear.

    Where sales are limited to what orders need, nothing is sold in an account that no order takes anything from: its proceeds
    could not serve one. The limit on gain is a parameter, so that it can be moved.
    """
    found = []
    sales, gain = problem.scope.max_sales, problem.scope.max_net_gain
    if sales is not None:
        words = f"sell no more than {sales:,.2f}"
        found.append(Labelled(SALES_LIMIT, cp.sum(trades.sold) <= to_float(sales), order=words))
        sources = {source for order in problem.withdrawals for source in order.sources}
        sources |= {source for order in problem.donations for source in order.sources}
        others = np.flatnonzero([lot.account not in sources for lot in problem.lots])
        if len(others):
            found.append(Labelled("nothing is sold where nothing leaves", trades.sold[others] <= 0))
    if gain is not None:
        limit = cp.Parameter(value=to_float(gain), name=GAIN_LIMIT)
        found.append(Labelled(GAIN_LIMIT, net_gain <= limit, order=f"net gain at most {gain:,.2f}"))
    return Part({}, found)
