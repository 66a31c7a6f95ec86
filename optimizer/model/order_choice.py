"""Orders: placed or not, one for each account, security and side, with a least size, a number and a fee.

A binary for each order switches on what it trades: at most all there is, at least the least size, and the account's ticket fee.
Not convex; the plan is held against the bound without it, and what it costs is stated.
"""

from dataclasses import dataclass
from decimal import Decimal

import cvxpy as cp
import numpy as np

from lots.units import to_float
from optimizer.model.axes import Axes, Index, Vector, incidence
from optimizer.model.block import Labelled
from optimizer.model.blocks.balance import IDLE_DOLLAR
from optimizer.model.trades import Trades
from optimizer.problem import Problem

IDLE_EXCUSED = IDLE_DOLLAR
"""Price taken back for idle cash that is too little for an order."""
TO_THE_CENT = 0.01
"""Dollars by which such cash stays below a purchase, because proceeds are rounded to cents."""


@dataclass(frozen=True)
class OrderChoice:
    """Which orders are placed: a binary each, and the sums they switch on.

    Parameters
    ----------
    sells, buys : binaries, of the holdings that may be sold and of the purchase pairs.
    holding : the place in `sells` of every lot, -1 where it may not be sold.
    fees : dollars of ticket fees of every account.
    """

    sells: cp.Variable
    buys: cp.Variable
    holding: Index
    fees: cp.Expression


def has_order_wishes(problem: Problem) -> bool:
    """Whether orders have a least size, a number or a fee of their own."""
    wishes = problem.wishes
    return wishes.min_trade is not None or wishes.max_orders is not None or any(a.ticket_fee > 0 for a in problem.accounts)


def order_choice(problem: Problem, axes: Axes, trades: Trades) -> tuple[OrderChoice, list[Labelled]]:
    """The binaries of all orders with their rules."""
    sellable = np.flatnonzero(axes.lots.may_sell)
    names = axes.lots.account[sellable] * axes.n_securities + axes.lots.security[sellable]
    keys, place = np.unique(names, return_inverse=True)
    holding = np.full(axes.n_lots, -1)
    holding[sellable] = place
    sells, buys = _flags(len(keys), "sells"), _flags(axes.n_buys, "buys")
    by_holding = incidence(place, len(keys))
    sold, most = by_holding @ trades.sold[sellable], by_holding @ axes.lots.value[sellable]
    account_of = keys // axes.n_securities
    everything = np.bincount(
        axes.lots.account * axes.n_securities + axes.lots.security, axes.lots.value, axes.n_accounts * axes.n_securities
    )
    step = np.array([to_float(account.share_step) for account in problem.accounts])
    price = np.array([to_float(security.price) for security in problem.securities])
    fee = np.array([to_float(account.ticket_fee) for account in problem.accounts])
    least = to_float(problem.wishes.min_trade or Decimal(0))
    found = []
    if len(keys):
        sell_step = step[account_of] * price[keys % axes.n_securities]
        floor = np.minimum(least + sell_step if least else 0.0, everything[keys])
        found += [
            Labelled("a holding is sold only by an order", sold <= cp.multiply(most, sells)),
            Labelled(
                "a lot is sold only by an order", trades.sold[sellable] <= cp.multiply(axes.lots.value[sellable], sells[place])
            ),
            Labelled("a sale has the least size or sells out", sold >= cp.multiply(floor, sells)),
        ]
    if axes.n_buys:
        buy_step = step[axes.buy_account] * price[axes.buy_security]
        floor = least + buy_step if least else np.zeros(axes.n_buys)
        found += [
            Labelled("a purchase is made only by an order", trades.bought <= cp.multiply(most_bought(problem, axes), buys)),
            Labelled("a purchase has the least size", trades.bought >= cp.multiply(floor, buys)),
        ]
    if problem.wishes.max_orders is not None:
        found.append(Labelled("number of orders", cp.sum(sells) + cp.sum(buys) <= problem.wishes.max_orders))
    counts = incidence(account_of, axes.n_accounts) @ sells + incidence(axes.buy_account, axes.n_accounts) @ buys
    return OrderChoice(sells, buys, holding, cp.multiply(fee, counts)), found


def most_bought(problem: Problem, axes: Axes) -> Vector:
    """The most each purchase can take, dollars of shape (n_buys,): what its account can raise beside the cash that stays in it.

    That is its cash, what may enter it, and what the lots that may be sold bring, as far as the account may buy at all.
    """
    lots = axes.lots
    proceeds = np.where(lots.may_sell, lots.value * (1 - axes.lot_cost), 0.0)
    coming = np.zeros(axes.n_accounts)
    np.add.at(coming, axes.contributions.account, axes.contribution_amount[axes.contributions.order])
    raised = axes.cash - axes.cash_kept + np.minimum(coming, axes.room)
    raised += np.bincount(lots.account, proceeds, axes.n_accounts)
    limits = np.array([np.inf if a.max_bought is None else to_float(a.max_bought) for a in problem.accounts])
    power = np.minimum(np.maximum(raised, 0.0), limits)
    return np.asarray(power[axes.buy_account] / (1 + axes.buy_cost))


def _flags(size: int, name: str) -> cp.Variable:
    """So many binaries; the modelling library rounds none of none and fails, so that nothing is no binary."""
    return cp.Variable(size, boolean=True, name=name) if size else cp.Variable(0, name=name)


def excused_cash(problem: Problem, axes: Axes, trades: Trades, coarse_from: float) -> tuple[cp.Expression, list[Labelled]]:
    """Idle cash too little for an order, whose price is taken back: dollars off the objective, and what bounds them.

    In accounts whose steps are worth `coarse_from` dollars that is all cash below the smallest purchase or none, as the plan
    is priced: a binary each.
    """
    least = to_float(problem.wishes.min_trade or Decimal(0))
    step = np.array([to_float(account.share_step) for account in problem.accounts])
    price = np.array([to_float(security.price) for security in problem.securities])
    smallest = np.full(axes.n_accounts, np.inf)
    np.minimum.at(smallest, axes.buy_account, step[axes.buy_account] * price[axes.buy_security])
    coarse = np.flatnonzero(axes.account_can_buy & np.isfinite(smallest) & (smallest >= coarse_from))
    most = np.full(axes.n_accounts, least)
    most[coarse] += smallest[coarse] - TO_THE_CENT
    excused = cp.Variable(axes.n_accounts, bounds=[np.zeros(axes.n_accounts), most], name="excused")
    idle = trades.cash - axes.cash_kept
    found = [Labelled("no more is excused than is idle", excused <= idle)]
    if len(coarse):
        is_little = cp.Variable(len(coarse), boolean=True, name="cash_is_little")
        room = most_idle(problem, axes)[coarse]
        found += [
            Labelled(
                "cash is excused where it is too little for a step", excused[coarse] <= cp.multiply(most[coarse], is_little)
            ),
            Labelled(
                "cash too little for a step is less than one",
                idle[coarse] <= most[coarse] + cp.multiply(room, 1 - is_little),
            ),
        ]
    return IDLE_EXCUSED * cp.sum(excused[np.flatnonzero(axes.account_can_buy)]), found


def most_idle(problem: Problem, axes: Axes) -> Vector:
    """The most cash each account can end with beside what stays in it, dollars of shape (n_accounts,)."""
    lots = axes.lots
    coming = np.zeros(axes.n_accounts)
    np.add.at(coming, axes.contributions.account, axes.contribution_amount[axes.contributions.order])
    raised = axes.cash + coming + np.bincount(lots.account, lots.value, axes.n_accounts)
    return np.asarray(np.maximum(raised - axes.cash_kept, 0.0))
