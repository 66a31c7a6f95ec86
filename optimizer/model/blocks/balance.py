"""Conservation: what is in an account stays in it or leaves by a trade or a flow."""

import cvxpy as cp
import numpy as np

from optimizer.limits import cash_words
from optimizer.model.axes import Axes, incidence
from optimizer.model.block import Labelled, Part
from optimizer.model.facts import Facts
from optimizer.model.trades import Trades
from optimizer.problem import Problem

IDLE_DOLLAR = 1.0
"""Price of a dollar left idle. Investing comes before dollars, so it exceeds what investing a dollar can cost: its spread
and its location drag, a few cents."""


def balance(problem: Problem, facts: Facts, axes: Axes, trades: Trades, before: Trades | None = None) -> Part:
    """Keep the cash of every account, and no more than is there of every lot; linear.

    Sets: accounts a, lots i.
    Costs: `idle_cash`, dollars of cash beyond the floor and what is set aside, in accounts that can buy something.
    Constraints: opening cash + contributions + proceeds = purchases + trading cost + withdrawals + gifts in cash + closing
    cash; sold and given of a lot together at most the lot, and nothing of it where a wish keeps it; closing cash at or above the
    floor and what is set aside. Of trades made `before` these, the closing cash is the opening cash, and what left of a lot is
    gone.
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
    leaves = trades.sold + trades.given_by_lot
    if before is not None:
        leaves = leaves + before.sold + before.given_by_lot
    constraints = [
        *(Labelled("sums of trades", tie) for tie in trades.ties),
        Labelled("cash of every account is conserved", inflow == outflow + trades.cash),
        Labelled("no more of a lot leaves than there is", leaves <= axes.lots.value),
        *_locked(problem, facts, trades),
        *_kept(problem, axes, trades),
    ]
    idle = cp.multiply(axes.account_can_buy.astype(float), trades.cash - axes.cash_kept)
    return Part({"idle_cash": IDLE_DOLLAR * cp.sum(idle)}, constraints)


def _by_account(axes: Axes, account: np.ndarray, flow: cp.Variable) -> cp.Expression:
    return incidence(account, axes.n_accounts) @ flow


def _locked(problem: Problem, facts: Facts, trades: Trades) -> list[Labelled]:
    """What a wish keeps is not sold, and not given unless the wish is only about sales."""
    number = {lot.id: n for n, lot in enumerate(problem.lots)}
    found = []
    for lock in facts.locks:
        lots = np.array(sorted(number[lot] for lot in lock.lots), dtype=np.intp)
        leaving = trades.sold if lock.may_be_given else trades.sold + trades.given_by_lot
        found.append(Labelled(lock.words, leaving[lots] <= 0, order=lock.words))
    return found


def _kept(problem: Problem, axes: Axes, trades: Trades) -> list[Labelled]:
    """Cash floors and what is set aside, an account each."""
    words = cash_words(problem)
    return [
        Labelled(words[account.id], trades.cash[n] >= axes.cash_kept[n], order=words[account.id])
        for n, account in enumerate(problem.accounts)
        if account.id in words
    ]
