"""The open lots of one account on many paths at once: true lots, in cents and millionths of a share.

Sets: p paths, j tickers, k places for lots; a lot is (p, j, k), its id in the ledger's words is ticker and step of purchase.
Amounts are rounded exactly as the ledger rounds them (proceeds, cost and the basis of a part of a lot to the cent), so that
replaying the trades through :mod:`lots.ledger` gives the same lots. Sums are put back on the grid, so that they do not depend
on the order in which an array is summed, and with it on how many paths run together.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Index = NDArray[np.intp]
Mask = NDArray[np.bool_]

STEP = 1e-6
"""The smallest part of a share that is traded."""
FIRST_PLACES = 8


def to_cents(dollars: Floats) -> Floats:
    """Round to the cent, halves up."""
    return np.asarray(np.floor(dollars * 100 + 0.5) / 100)


@dataclass
class LotBook:
    """Open lots; arrays of shape (n_paths, n_tickers, n_places).

    Parameters
    ----------
    shares, cost : shares and their whole basis in dollars; both zero in a free place.
    bought : step of the purchase.
    used : shape (n_paths, n_tickers), places in use so far.
    total : shape (n_paths, n_tickers), shares held.
    """

    shares: Floats
    cost: Floats
    bought: NDArray[np.int32]
    used: Index
    total: Floats

    @classmethod
    def empty(cls, n_paths: int, n_tickers: int) -> "LotBook":
        """A book without lots."""
        shape = (n_paths, n_tickers, FIRST_PLACES)
        return cls(np.zeros(shape), np.zeros(shape), np.zeros(shape, np.int32), np.zeros(shape[:2], np.intp), np.zeros(shape[:2]))

    def held(self) -> Floats:
        """Shares by path and ticker; not to be written to."""
        return self.total

    def buy(self, dollars: Floats, price: Floats, step: int) -> Floats:
        """Open a lot wherever `dollars`, shape (n_paths, n_tickers), buy any share; return what they cost."""
        shares = np.floor(dollars / price / STEP + 1e-6) * STEP
        cost = np.floor(shares * price * 100 + 1e-6) / 100  # down, so that many purchases never overdraw
        p, j = np.nonzero((shares > 0) & (cost > 0))
        if len(p):
            self._make_room(p, j)
            k = self.used[p, j]
            self.shares[p, j, k] = shares[p, j]
            self.cost[p, j, k] = cost[p, j]
            self.bought[p, j, k] = step
            self.used[p, j] += 1
            self.total[p, j] = np.rint((self.total[p, j] + shares[p, j]) / STEP) * STEP
        paid = np.zeros_like(cost)
        paid[p, j] = cost[p, j]
        return paid

    def take(self, path: Index, ticker: Index, shares: Floats) -> None:
        """Remove `shares`, shape (n_pairs, n_places), from the lots of pairs of path and ticker, each pair once."""
        held, cost = self.shares[path, ticker], self.cost[path, ticker]
        whole = (shares >= held - STEP / 2) & (shares > 0)
        part = np.minimum(to_cents(cost * shares / np.where(held > 0, held, 1.0)), cost)
        left = np.where(whole, 0.0, np.rint((held - shares) / STEP) * STEP)
        self.shares[path, ticker] = left
        self.cost[path, ticker] = np.where(left > 0, to_cents(cost - np.where(shares > 0, part, 0.0)), 0.0)
        self.total[path, ticker] = np.rint(left.sum(axis=1) / STEP) * STEP

    def _make_room(self, p: Index, j: Index) -> None:
        """Close gaps, and add places where that is not enough."""
        if self.used[p, j].max() < self.shares.shape[2]:
            return
        order = np.argsort(self.shares <= 0, axis=2, kind="stable")
        self.used = np.asarray((self.shares > 0).sum(axis=2))
        most = int(self.used.max())
        wanted = max(FIRST_PLACES, most + max(4, most // 4))
        for name in ("shares", "cost", "bought"):
            old = np.take_along_axis(getattr(self, name), order, axis=2)[:, :, :wanted]
            new = np.zeros((*old.shape[:2], wanted), old.dtype)
            new[:, :, : old.shape[2]] = old
            setattr(self, name, new)


def whole_shares(dollars: Floats, price: Floats, held: Floats) -> Floats:
    """Shares worth `dollars` of lots of `held` shares, rounded up to the step and never more than there is."""
    shares = np.ceil(dollars / price / STEP - 1e-6) * STEP
    return np.asarray(np.where(dollars > 0, np.minimum(shares, held), 0.0))
