"""Harvesting and giving in the simulated account: what is done with lots for the tax alone."""

import numpy as np
from numpy.typing import NDArray

from optimizer.simulate.account import HALF_CENT, SimulatedAccount
from optimizer.simulate.lot_book import to_cents, whole_shares

Floats = NDArray[np.float64]


def harvest(account: SimulatedAccount) -> None:
    """Sell every lot whose loss reaches the threshold and buy the segment's other ticker with the proceeds.

    A ticker is left alone on a day it is bought, while something of it bought within the wash-sale window is held, and while its
    twin was sold at a loss within the window. Without the wash-sale rule the same ticker is bought back.
    """
    setup, rows = account.setup, account.rows
    lots = account.sellable(rows)
    value = lots.shares * lots.price[:, :, None]
    hit = (lots.shares > 0) & (value < lots.cost * (1.0 - setup.harvest_at))
    by_ticker = account.by_ticker(hit) & (account.pending == 0)[:, :, None]
    n = account.n_segments
    if account.n_twins == 2:
        banned = account.banned(rows)
        twin_is_free = ~np.concatenate([banned[:, n:], banned[:, :n]], axis=1)
        by_ticker = by_ticker & twin_is_free[:, :, None]
        both = by_ticker[:, :n].any(axis=2) & by_ticker[:, n:].any(axis=2)  # one at a time, or each would buy the other
        by_ticker[:, n:][both] = False
    hit = account.beside(by_ticker)
    if not hit.any():
        return
    shares = np.where(hit, lots.shares, 0.0)
    proceeds = to_cents(to_cents(account.by_ticker(shares) * account.prices()[:, :, None]).sum(axis=2))
    account.carry_out(rows, lots, shares)
    account.sold -= proceeds.sum(axis=1)  # a swap is no turnover of segments
    into = proceeds if account.n_twins == 1 else np.concatenate([proceeds[:, n:], proceeds[:, :n]], axis=1)
    account.pending += into * (1.0 - 2 * setup.half_spread)


def give(account: SimulatedAccount, dollars: float, target: Floats) -> Floats:
    """Give shares worth `dollars`: long-term lots at a gain, those of segments above target first, the most appreciated first.

    Returns what was given on every path, dollars; less than asked where there are not enough such lots.
    """
    rows = account.rows
    lots = account.sellable(rows)
    value = lots.shares * lots.price[:, :, None]
    ratio = np.divide(value - lots.cost, value, out=np.zeros_like(value), where=value > 0)
    may = lots.is_long & (ratio > 0)
    segments = account.values()
    above = segments > target * segments.sum(axis=1, keepdims=True)
    key = np.where(may, ratio + above[:, :, None], -np.inf).reshape(len(rows), -1)
    flat = np.where(may, value, 0.0).reshape(len(rows), -1)
    order = np.argsort(-key, axis=1, kind="stable")
    in_turn = np.take_along_axis(flat, order, axis=1)
    part = np.clip(dollars - (np.cumsum(in_turn, axis=1) - in_turn), 0.0, in_turn)
    given = np.empty_like(part)
    np.put_along_axis(given, order, np.where(part > HALF_CENT, part, 0.0), axis=1)
    shares = whole_shares(given.reshape(value.shape), lots.price[:, :, None], lots.shares)
    worth = to_cents(shares * lots.price[:, :, None])
    account.remove(rows, account.by_ticker(shares), account.by_ticker(worth), is_gift=True)
    total = to_cents(worth.sum(axis=(1, 2)))
    account.years.deduction += total
    return np.asarray(total)
