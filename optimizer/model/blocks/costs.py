"""Trading, location and later years: the prices of turning over, of holding where, and of gains that wait."""

import cvxpy as cp
import numpy as np

from optimizer.market.costs import Prices
from optimizer.model.axes import Axes, incidence
from optimizer.model.block import Labelled, Part
from optimizer.model.trades import Trades


def trading(trades: Trades) -> Part:
    """Price every dollar bought or sold at half its spread; linear."""
    return Part({"trading": cp.sum(trades.cost_by_account)})


def location(axes: Axes, trades: Trades, prices: Prices) -> Part:
    """Price the yearly tax drag of what each taxable account holds after the plan, less today's; linear.

    What drags most, by yield or by volatility, is thereby drawn into sheltered accounts.
    """
    lot_price = np.where(axes.lots.is_taxable, prices.location[axes.lots.security], 0.0)
    buy_price = np.where(axes.account_is_taxable[axes.buy_account], prices.location[axes.buy_security], 0.0)
    return Part({"location": buy_price @ trades.bought - lot_price @ (trades.sold + trades.given_by_lot)})


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
    net = incidence(axes.lots.account, axes.n_accounts).multiply(1 - axes.half_spread[axes.lots.security]).tocsr()
    needed = incidence(axes.withdrawals.account, axes.n_accounts) @ trades.withdrawn
    words = "sheltered accounts sell only what is withdrawn from them"
    return Part({}, [Labelled(words, (net @ trades.sold)[sheltered] <= (needed + slack)[sheltered])])
