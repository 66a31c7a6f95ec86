"""Harvesting and giving in the simulated account: what is done with lots for the tax alone."""

import numpy as np
from numpy.typing import NDArray

from optimizer.simulate.account import SimulatedAccount
from optimizer.simulate.lot_book import to_cents, whole_shares
from optimizer.simulate.lot_choice import HALF_CENT, by_path

Floats = NDArray[np.float64]


def harvest(account: SimulatedAccount) -> None:
    """Sell every lot whose loss reaches the threshold and buy the segment's other ticker with the proceeds.

    A ticker is left alone on a day it is bought, while something of it bought within the wash-sale window is held, and while its
    twin was sold at a loss within the window. Without the wash-sale rule the same ticker is bought back.
    """
    setup, n = account.setup, account.n_segments
    lots = account.sellable(*account.every_pair())
    hit = (lots.shares > 0) & (lots.shares * lots.price[:, None] < lots.cost * (1.0 - setup.harvest_at))
    if not hit.any():
        return
    banned = account.banned()
    for ticker, part in account.split(lots, hit):  # parts are views of `hit`
        part &= (account.pending[lots.path, ticker] == 0)[:, None]
        if account.n_twins == 2:
            part &= ~banned[lots.path, (ticker + n) % (2 * n)][:, None]
    if account.n_twins == 2:
        half = hit.shape[1] // 2  # one ticker at a time, or each would buy the other
        hit[:, half:] &= ~np.asarray(hit[:, :half].any(axis=1, keepdims=True))
    shares = np.where(hit, lots.shares, 0.0)
    worth = to_cents(shares * lots.price[:, None])
    account.carry_out(lots, shares)
    account.sold -= by_path(lots, worth, len(account.cash))  # a swap is no turnover of segments
    for ticker, part in account.split(lots, worth):
        into = (ticker + n) % (2 * n) if account.n_twins == 2 else ticker
        account.pending[lots.path, into] += to_cents(part.sum(axis=1)) * (1.0 - 2 * setup.half_spread)


def give(account: SimulatedAccount, dollars: float, target: Floats) -> Floats:
    """Give shares worth `dollars`: long-term lots at a gain, those of segments above target first, the most appreciated first.

    Returns what was given on every path, dollars; less than asked where there are not enough such lots.
    """
    n = len(account.cash)
    lots = account.sellable(*account.every_pair())
    value = lots.shares * lots.price[:, None]
    ratio = np.divide(value - lots.cost, value, out=np.zeros_like(value), where=value > 0)
    may = lots.is_long & (ratio > 0)
    segments = account.values()
    above = (segments > target * segments.sum(axis=1, keepdims=True))[lots.path, lots.segment]
    key = np.where(may, ratio + above[:, None], -np.inf).reshape(n, -1)
    order = np.argsort(-key, axis=1, kind="stable")
    in_turn = np.take_along_axis(np.where(may, value, 0.0).reshape(n, -1), order, axis=1)
    part = np.clip(dollars - (np.cumsum(in_turn, axis=1) - in_turn), 0.0, in_turn)
    given = np.empty_like(part)
    np.put_along_axis(given, order, np.where(part > HALF_CENT, part, 0.0), axis=1)
    shares = whole_shares(given.reshape(value.shape), lots.price[:, None], lots.shares)
    worth = to_cents(shares * lots.price[:, None])
    account.remove(lots, shares, worth, is_gift=True)
    total = by_path(lots, worth, n)
    account.years.deduction += total
    return total
