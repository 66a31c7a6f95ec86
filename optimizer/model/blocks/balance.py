"""Conservation: what is in an account stays in it or leaves by a trade or a flow."""

import cvxpy as cp
import numpy as np

from optimizer.model.axes import Axes, incidence
from optimizer.model.block import Labelled, Part
from optimizer.model.trades import Trades
from optimizer.problem import Problem

IDLE_DOLLAR = 1.0
"""Price of a dollar left idle. Investing comes before dollars, so it exceeds what investing a dollar can cost: its spread
and its location drag, a few cents."""


def balance(problem: Problem, axes: Axes, trades: Trades, before: Trades | None = None) -> Part:
    """Keep the cash of every account, and no more than is there of every lot; linear.

    Sets: accounts a, lots i.
    Costs: `idle_cash`, dollars of cash beyond the floor in accounts that can buy something.
    Constraints: opening cash + contributions + proceeds = purchases + trading cost + withdrawals + gifts in cash + closing
    cash; sold and given of a lot together at most the lot; closing cash at or above the floor. Of trades made `before` these,
    the closing cash is the opening cash, and what left of a lot is gone.
    """
    by_lot = incidence(axes.lots.account, axes.n_accounts)
    opening = axes.cash if before is None else before.cash
    inflow = opening + by_lot @ trades.sold + _by_account(axes, axes.contributions.account, trades.contributed)
    outflow = (
        incidence(axes.buy_account, axes.n_accounts) @ trades.bought
        + trades.cost_by_account
        + _by_account(axes, axes.withdrawals.account, trades.withdrawn)
        + _by_account(axes, axes.cash_gifts.account, trades.cash_given)
    )
    sellable = np.where(axes.lots.may_sell, axes.lots.value, 0.0)
    leaves = trades.sold + trades.given_by_lot
    if before is not None:
        leaves = leaves + before.sold + before.given_by_lot
    constraints = [
        *(Labelled("sums of trades", tie) for tie in trades.ties),
        Labelled("cash of every account is conserved", inflow == outflow + trades.cash),
        Labelled(
            "no more of a lot leaves than may be sold of it",
            leaves <= sellable,
            order=_locks(problem),
        ),
    ]
    constraints += [
        Labelled(
            f"cash floor of {account.id}",
            trades.cash[n] >= axes.cash_floor[n],
            order=f"keep {account.cash_floor:,.2f} in cash in {account.id}",
        )
        for n, account in enumerate(problem.accounts)
        if account.cash_floor > 0
    ]
    idle = cp.multiply(axes.account_can_buy.astype(float), trades.cash - axes.cash_floor)
    return Part({"idle_cash": IDLE_DOLLAR * cp.sum(idle)}, constraints)


def _by_account(axes: Axes, account: np.ndarray, flow: cp.Variable) -> cp.Expression:
    return incidence(account, axes.n_accounts) @ flow


def _locks(problem: Problem) -> str | None:
    """The household's words for what must not be sold, None when everything may."""
    wishes = problem.wishes
    kept = [f"lot {lot}" for lot in wishes.keep_lots] + list(wishes.do_not_sell)
    kept += [f"account {a.id}" for a in problem.accounts if not a.traded]
    return f"do not sell {', '.join(kept)}" if kept else None
