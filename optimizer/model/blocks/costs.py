"""Trading, location and later years: the prices of turning over, of holding where, and of gains that wait."""

import cvxpy as cp
import numpy as np

from optimizer.market.costs import Prices
from optimizer.model.axes import Axes, Vector, incidence
from optimizer.model.block import Labelled, Part
from optimizer.model.trades import Trades

FEWER_TRADES = 1e-6
"""Dollars per dollar traded, a hundredth of a basis point: among plans that cost the same the one that trades less is taken.
A household that turns over a million dollars pays at most one dollar for it."""


def trading(trades: Trades) -> Part:
    """Price every dollar bought or sold at half its spread, and a trace more so that nothing is traded for nothing; linear."""
    traded = cp.sum(trades.sold) + cp.sum(trades.bought)
    return Part({"trading": cp.sum(trades.cost_by_account) + FEWER_TRADES * traded})


def location(axes: Axes, trades: Trades, prices: Prices) -> Part:
    """Price where each dollar is held after the plan, less where it is held today; linear.

    What drags most, by yield or by volatility, is thereby drawn into sheltered accounts, while the price of holding more or
    less of a segment stays out of it.
    """
    lot_price, buy_price = location_prices(axes, prices)
    return Part({"location": buy_price @ trades.bought - lot_price @ (trades.sold + trades.given_by_lot)})


def location_prices(axes: Axes, prices: Prices) -> tuple[Vector, Vector]:
    """Price of a dollar of each lot and of each purchase pair where it is held, shapes (n_lots,) and (n_buys,)."""
    by_place = np.stack([prices.inside, prices.outside])
    lots = by_place[axes.account_is_taxable[axes.lots.account].astype(int), axes.lots.security]
    return lots, by_place[axes.account_is_taxable[axes.buy_account].astype(int), axes.buy_security]


def later_years(axes: Axes, trades: Trades, prices: Prices) -> Part:
    """Credit each dollar of gain that will not be taxed later, charge each dollar of loss used up now; linear.

    Without this price every loss looks free and every gain looks dear.
    """
    left = trades.sold + trades.given_by_lot
    return Part({"later_years": -prices.future_gain * (axes.lots.gain_ratio @ left)})


def sheltered_stay(axes: Axes, trades: Trades, slack: cp.Parameter) -> Part:
    """Let a sheltered account sell no more than its withdrawals need plus `slack`, dollars of shape (n_accounts,); linear.

    With the location lever on the slack is the account's whole value and the constraint is empty.
    """
    sheltered = np.flatnonzero(~axes.account_is_taxable & axes.account_is_traded)
    if not len(sheltered):
        return Part()
    net = incidence(axes.lots.account, axes.n_accounts).multiply(1 - axes.lot_cost).tocsr()
    needed = incidence(axes.withdrawals.account, axes.n_accounts) @ trades.withdrawn
    needed = needed + incidence(axes.cash_gifts.account, axes.n_accounts) @ trades.cash_given
    words = "sheltered accounts sell only what is withdrawn from them"
    return Part({}, [Labelled(words, (net @ trades.sold)[sheltered] <= (needed + slack)[sheltered])])
