"""Which lots are sold for a given amount of each segment: those that cost least, as the model would choose.

With the amounts per segment given, the model's program falls apart into one greedy choice per segment at the marginal prices of
short- and long-term gain. The tax at flat rates has few such prices, and those that are equal for both terms lead to the same
order, so three orders hold every corner of the tax: by gain alone, at the year's rates, and at what is left of them once losses
are carried on. Each is tried and priced with the year's real netting, and the cheapest is taken. What a mixture of two orders at
a kink would save beyond that is left, and a test against the model measures it.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from optimizer.simulate.lot_book import STEP, to_cents, whole_shares
from optimizer.simulate.year_tax import Rates, cost_of_gains

Floats = NDArray[np.float64]
Index = NDArray[np.intp]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Sellable:
    """Lots of some segments of some paths, arrays of shape (n_pairs, n_lots).

    Parameters
    ----------
    path, segment : shape (n_pairs,), whose lots they are; every pair once.
    shares : shares that may be sold; zero for a loss that shares bought within the window, and kept, would wash.
    cost, held : basis and shares of the whole lot.
    is_long : whether they are long-term today.
    price : shape (n_pairs,).
    bought : step of the purchase.
    recent : whether the lot was bought within the wash-sale window; sold whole, such lots wash nothing.
    """

    path: Index
    segment: Index
    shares: Floats
    cost: Floats
    held: Floats
    is_long: Mask
    price: Floats
    bought: NDArray[np.int32]
    recent: Mask


def in_order(lots: Sellable, order: Index | None, dollars: Floats) -> Floats:
    """Shares of each lot that are sold when `dollars`, shape (n_pairs,), come from the lots in an order."""
    value = lots.shares * lots.price[:, None]
    if order is not None:
        value = np.take_along_axis(value, order, axis=1)
    before = np.cumsum(value, axis=1) - value
    wanted = np.clip(dollars[:, None] - before, 0.0, value)
    if order is not None:
        unsorted = np.empty_like(wanted)
        np.put_along_axis(unsorted, order, wanted, axis=1)
        wanted = unsorted
    return whole_shares(np.where(wanted > HALF_CENT, wanted, 0.0), lots.price[:, None], lots.shares)


HALF_CENT = 0.005


def least_cost(lots: Sellable, dollars: Floats, short: Floats, long: Floats, rates: Rates) -> Floats:
    """Shares of each lot that are sold for `dollars` of each pair at the least cost.

    `dollars` has shape (n_pairs,); `short` and `long`, shape (n_paths,), are the year's net gains to date, carryovers included.
    """
    n = len(short)
    value = lots.held * lots.price[:, None]
    ratio = np.divide(value - lots.cost, value, out=np.zeros_like(value), where=value > 0)
    best: Floats | None = None
    cheapest = np.zeros(0)
    for for_short, for_long in _prices(rates):
        price = np.where(lots.is_long, for_long, for_short)
        sold = _at_prices(lots, dollars, price, (price + TIE) * ratio)
        gain = gains(lots, sold)
        more_short, more_long = (
            by_path(lots, np.where(lots.is_long, 0.0, gain), n),
            by_path(lots, np.where(lots.is_long, gain, 0.0), n),
        )
        cost = cost_of_gains(short + more_short, long + more_long, more_short + more_long, rates)
        if best is None:
            best, cheapest = sold, cost
            continue
        better = cost < cheapest - HALF_CENT
        best, cheapest = np.where(better[lots.path][:, None], sold, best), np.where(better, cost, cheapest)
    assert best is not None
    return best


def _at_prices(lots: Sellable, dollars: Floats, price: Floats, key: Floats) -> Floats:
    """The greedy choice at marginal prices: without losses that would be washed, or with them and all that would wash them."""
    order = np.argsort(np.where(lots.shares > 0, key, np.inf), axis=1, kind="stable")
    sold = in_order(lots, order, dollars)
    lately = (np.where(lots.recent, lots.held, 0.0) * lots.price[:, None]).sum(axis=1)
    rows = np.flatnonzero((lately > 0) & (lately <= dollars) & (lots.shares < lots.held).any(axis=1))
    if not len(rows):
        return sold
    cut = Sellable(*(getattr(lots, name)[rows] for name in lots.__dataclass_fields__))
    everything = replace(cut, shares=cut.held)
    first = np.where(cut.held > 0, np.where(cut.recent, -np.inf, key[rows]), np.inf)
    other = in_order(everything, np.argsort(first, axis=1, kind="stable"), dollars[rows])
    before, after = ((price[rows] * gains(everything, each)).sum(axis=1) for each in (sold[rows], other))
    reached = (sold[rows] * cut.price[:, None]).sum(axis=1) >= dollars[rows] - 1
    sold[rows] = np.where(((after < before) | ~reached)[:, None], other, sold[rows])
    return sold


TIE = 1e-9
"""Among lots of equal cost the one with the least gain goes first."""


def _prices(rates: Rates) -> tuple[tuple[float, float], ...]:
    later, gap = rates.later_gain, rates.ordinary - rates.long_term
    carried = rates.carried_loss - later
    return ((rates.ordinary - later, rates.long_term - later), (1.0, 1.0), (carried + gap, carried))


def gains(lots: Sellable, sold: Floats) -> Floats:
    """Gain of the shares sold of each lot, dollars, rounded as the ledger rounds."""
    whole = sold >= lots.held - STEP / 2
    part = np.minimum(to_cents(lots.cost * sold / np.where(lots.held > 0, lots.held, 1.0)), lots.cost)
    basis = np.where(whole, lots.cost, part)
    return np.asarray(np.where(sold > 0, to_cents(sold * lots.price[:, None]) - basis, 0.0))


def by_path(lots: Sellable, amounts: Floats, n_paths: int) -> Floats:
    """Sum amounts of lots by path, on the grid of cents; shape (n_paths,)."""
    return to_cents(np.asarray(np.bincount(lots.path, weights=amounts.sum(axis=1), minlength=n_paths), dtype=float))
