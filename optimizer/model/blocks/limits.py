"""Limits of an account and a preference among purchases: the most of a thing, the most traded, the first choice first."""

import cvxpy as cp
import numpy as np

from lots.units import to_float
from optimizer.limits import words_of
from optimizer.model.axes import Axes, Index, Vector
from optimizer.model.block import Labelled, Part
from optimizer.model.locks import preferences_in
from optimizer.model.trades import Trades
from optimizer.problem import Problem
from optimizer.wishes import HoldingLimit

SECOND_CHOICE = 1e-4
"""Dollars per dollar and place in the list: what a later choice has to save before it is bought where an earlier one may be."""


def account_limits(problem: Problem, axes: Axes, trades: Trades, before: tuple[Axes, Trades] | None = None) -> Part:
    """Hold what is traded in an account, and what one thing makes up of it, under the household's limits; linear.

    Sets: accounts a with a limit, and the household's holding limits.
    Constraints: dollars sold and bought in an account at most its limits; the value of a security, or what a segment counts for,
    after the plan at most its part of the account's value after the plan, cash included. What was traded `before` counts to what
    is held, and not to what is traded.
    """
    words, found = words_of(problem), []
    for n, account in enumerate(problem.accounts):
        sold, bought = np.flatnonzero(axes.lots.account == n), np.flatnonzero(axes.buy_account == n)
        for name, most, traded in (
            ("max_sold", account.max_sold, cp.sum(trades.sold[sold])),
            ("max_bought", account.max_bought, cp.sum(trades.bought[bought])),
        ):
            if most is not None:
                order = words["accounts", n, name]
                found.append(Labelled(order, traded <= to_float(most), order=order))
    for k, limit in enumerate(problem.wishes.holding_limits):
        order = words["wishes", "holding_limits", k, "at_most"]
        beyond = _beyond(problem, axes, trades, limit)
        if before is not None:
            beyond = beyond + _changed(problem, *before, limit)
        found.append(Labelled(order, beyond <= 0, order=order))
    return Part({}, found)


def _beyond(problem: Problem, axes: Axes, trades: Trades, limit: HoldingLimit) -> cp.Expression:
    """Dollars of what a holding limit speaks of, less its part of the account, after the plan."""
    account = next(n for n, a in enumerate(problem.accounts) if a.id == limit.account)
    weight = _weight(problem, axes, limit) - to_float(limit.at_most)
    lots, buys = np.flatnonzero(axes.lots.account == account), np.flatnonzero(axes.buy_account == account)
    beyond = -to_float(limit.at_most) * trades.cash[account]
    if len(lots):
        stays = axes.lots.value[lots] - trades.sold[lots] - trades.given_by_lot[lots]
        beyond = beyond + weight[axes.lots.security[lots]] @ stays
    if len(buys):
        beyond = beyond + weight[axes.buy_security[buys]] @ trades.bought[buys]
    return beyond


def _changed(problem: Problem, axes: Axes, trades: Trades, limit: HoldingLimit) -> cp.Expression:
    """What earlier trades add to the same, their cash left out."""
    account = next(n for n, a in enumerate(problem.accounts) if a.id == limit.account)
    weight = _weight(problem, axes, limit) - to_float(limit.at_most)
    lots, buys = np.flatnonzero(axes.lots.account == account), np.flatnonzero(axes.buy_account == account)
    changed: cp.Expression = cp.Constant(0.0)
    if len(lots):
        changed = changed - weight[axes.lots.security[lots]] @ (trades.sold[lots] + trades.given_by_lot[lots])
    return changed + weight[axes.buy_security[buys]] @ trades.bought[buys] if len(buys) else changed


def _weight(problem: Problem, axes: Axes, limit: HoldingLimit) -> Vector:
    """What a dollar of each security counts for, shape (n_securities,)."""
    if limit.symbol is not None:
        return np.array([float(s.symbol == limit.symbol) for s in problem.securities])
    row = next(n for n, s in enumerate(problem.segments) if s.id == limit.segment)
    return np.asarray(axes.exposure[[row]].toarray()).ravel()


def preferences(problem: Problem, axes: Axes, trades: Trades) -> Part:
    """Price every place that a purchase stands behind the household's first choice; linear.

    Costs: `preference`. Because it is a price, a second choice is bought where the first may not be, after a sale at a loss
    above all, and nowhere for less than it costs. What a list does not name is no purchase at all (:mod:`optimizer.model.locks`).
    """
    place = places_of(problem, axes)
    if not place.any():
        return Part()
    later: Index = np.flatnonzero(place)
    return Part({"preference": SECOND_CHOICE * (place[later] @ trades.bought[later])})


def places_of(problem: Problem, axes: Axes) -> Vector:
    """How many choices stand before each purchase in its account's list, shape (n_buys,)."""
    lists = [list(preferences_in(problem, account)) for account in problem.accounts]
    place = np.zeros(axes.n_buys)
    for pair, (account, security) in enumerate(zip(axes.buy_account.tolist(), axes.buy_security.tolist(), strict=True)):
        symbol = problem.securities[security].symbol
        place[pair] = next((each.buy.index(symbol) for each in lists[account] if symbol in each.buy), 0)
    return place
