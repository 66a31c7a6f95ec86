"""The decision variables: every trade the plan may make, in dollars and never negative.

sold      of each lot, shape (n_lots,)
given     of each pair (donation, lot)
bought    of each pair (account, security)
contributed, withdrawn, cash_given   of each pair (order, account)
cash      closing cash of each account
harvested 1 for each wash group of which something is sold at a loss, else 0; between the two in the relaxed program

Two sums that many constraints share are variables too, tied by equations, which keeps the program sparse: the net change of
every security and the trading cost of every account.
"""

from dataclasses import dataclass

import cvxpy as cp

from optimizer.model.axes import Axes, incidence


@dataclass(frozen=True)
class Trades:
    """The variables of one model, and the sums that several blocks need."""

    sold: cp.Variable
    given: cp.Variable
    bought: cp.Variable
    contributed: cp.Variable
    withdrawn: cp.Variable
    cash_given: cp.Variable
    cash: cp.Variable
    harvested: cp.Variable
    given_by_lot: cp.Expression
    change: cp.Variable
    """Net dollars of each security bought over all accounts, shape (n_securities,)."""
    cost_by_account: cp.Variable
    """Trading cost in dollars, shape (n_accounts,)."""
    ties: tuple[cp.Constraint, ...]
    """The equations of the two sums."""


def trades_of(axes: Axes, n_groups: int) -> Trades:
    """Declare the variables."""
    sold = cp.Variable(axes.n_lots, nonneg=True, name="sold")
    given = cp.Variable(len(axes.gifts), nonneg=True, name="given")
    bought = cp.Variable(axes.n_buys, nonneg=True, name="bought")
    given_by_lot = incidence(axes.gifts.lot, axes.n_lots) @ given
    lot_security = incidence(axes.lots.security, axes.n_securities)
    buy_security = incidence(axes.buy_security, axes.n_securities)
    spread_sold = incidence(axes.lots.account, axes.n_accounts).multiply(axes.half_spread[axes.lots.security]).tocsr()
    spread_bought = incidence(axes.buy_account, axes.n_accounts).multiply(axes.half_spread[axes.buy_security]).tocsr()
    change = cp.Variable(axes.n_securities, name="change")
    cost = cp.Variable(axes.n_accounts, name="cost")
    return Trades(
        sold=sold,
        given=given,
        bought=bought,
        contributed=cp.Variable(len(axes.contributions), nonneg=True, name="contributed"),
        withdrawn=cp.Variable(len(axes.withdrawals), nonneg=True, name="withdrawn"),
        cash_given=cp.Variable(len(axes.cash_gifts), nonneg=True, name="cash_given"),
        cash=cp.Variable(axes.n_accounts, nonneg=True, name="cash"),
        harvested=cp.Variable(n_groups, nonneg=True, name="harvested"),
        given_by_lot=given_by_lot,
        change=change,
        cost_by_account=cost,
        ties=(
            change == buy_security @ bought - lot_security @ (sold + given_by_lot),
            cost == spread_sold @ sold + spread_bought @ bought,
        ),
    )
