"""One account on many paths: its lots, cash and tax year, and what may be done with them on a day.

Sets: p paths, g segments, j tickers. With harvesting every segment has two tickers of the same price, its first and its second
choice: ticker g and ticker g + n_segments. Purchases of a day are collected and made at its end, so a ticker gets at most one
lot a day and nothing is bought beside a loss.
"""

import numpy as np
from numpy.typing import NDArray

from optimizer.simulate.clock import Clock
from optimizer.simulate.lot_book import LotBook, to_cents
from optimizer.simulate.lot_choice import Sellable, by_path, gains, in_order, least_cost
from optimizer.simulate.outcome import Ending, close_out
from optimizer.simulate.recorder import Recorder
from optimizer.simulate.setup import Setup
from optimizer.simulate.year_book import YearBook

Floats = NDArray[np.float64]
Index = NDArray[np.intp]
Mask = NDArray[np.bool_]

FIRST_PRICE = 100.0
"""Dollars a share on the first day, of every segment."""
LONG_AGO = -(10**6)


class SimulatedAccount:
    """Lots, cash and the tax year of one account; `day` is the step it stands at."""

    def __init__(self, n_paths: int, n_segments: int, clock: Clock, setup: Setup, recorder: Recorder | None) -> None:
        self.setup, self.clock, self.recorder = setup, clock, recorder
        self.n_segments, self.n_twins = n_segments, 2 if setup.harvests and setup.keeps_wash_rule else 1
        n_tickers = n_segments * self.n_twins
        self.book = LotBook.empty(n_paths, n_tickers)
        self.price = np.full((n_paths, n_segments), FIRST_PRICE)
        self.cash = np.zeros(n_paths)
        self.last_loss = np.full((n_paths, n_tickers), LONG_AGO)
        self.pending = np.zeros((n_paths, n_tickers))
        self.years = YearBook.empty(n_paths, setup.rates)
        self.day = 0
        self.sold, self.spread = np.zeros(n_paths), np.zeros(n_paths)

    def begin(self, day: int, growth: Floats) -> None:
        """Move to a day; `growth` are price changes by path and segment."""
        self.day = day
        self.price = self.price * (1.0 + growth)
        self.sold[:], self.spread[:], self.pending[:] = 0.0, 0.0, 0.0

    def prices(self) -> Floats:
        """Price of every ticker."""
        return self.tiled(self.price)

    def tiled(self, by_segment: Floats) -> Floats:
        """Give both tickers of a segment the same number."""
        return by_segment if self.n_twins == 1 else np.concatenate([by_segment, by_segment], axis=1)

    def by_segment(self, by_ticker: Floats) -> Floats:
        """Sum the tickers of each segment, along axis 1."""
        if self.n_twins == 1:
            return by_ticker
        return np.asarray(by_ticker[:, : self.n_segments] + by_ticker[:, self.n_segments :])

    def values(self) -> Floats:
        """Dollars of each segment, shape (n_paths, n_segments)."""
        return np.asarray(self.by_segment(self.book.held()) * self.price)

    def total(self) -> Floats:
        """Dollars of holdings and cash, shape (n_paths,)."""
        return np.asarray(self.values().sum(axis=1) + self.cash)

    def ending(self) -> Ending:
        """The account as if it ended today."""
        worth = self.book.shares * self.prices()[:, :, None]
        is_long = self.clock.long_from[self.book.bought] <= self.day
        return close_out(self.total(), worth - self.book.cost, worth, self.book.cost, is_long, self.years)

    def receive(self, dollars: Floats) -> None:
        """Take money from outside, or pay it out where negative."""
        dollars = to_cents(dollars)
        self.cash = to_cents(self.cash + dollars)
        if self.recorder:
            self.recorder.flow(self.day, float(dollars[self.recorder.path]))

    def pay_dividends(self, ordinary: Floats, qualified: Floats) -> Floats:
        """Credit dividends per dollar held, before the day's price change, and return the dollars by segment."""
        worth = self.book.held() * self.prices()
        by_kind = [to_cents(worth * self.tiled(np.broadcast_to(each, self.price.shape))) for each in (ordinary, qualified)]
        self.years.ordinary = to_cents(self.years.ordinary + by_kind[0].sum(axis=1))
        self.years.qualified = to_cents(self.years.qualified + by_kind[1].sum(axis=1))
        both = by_kind[0] + by_kind[1]
        self.cash = to_cents(self.cash + both.sum(axis=1))
        if self.recorder:
            self.recorder.dividends(self.day + 1, *by_kind)
        return self.by_segment(both)

    def banned(self) -> Mask:
        """Tickers sold at a loss within the window, which must not be bought; shape (n_paths, n_tickers)."""
        if not self.minds_wash_sales:
            return np.zeros(self.last_loss.shape, dtype=bool)
        return np.asarray(self.last_loss >= self.clock.window_from[self.day])

    @property
    def minds_wash_sales(self) -> bool:
        """Whether the wash-sale rule has anything to say here."""
        return self.setup.rates is not None and self.setup.keeps_wash_rule

    def every_pair(self) -> tuple[Index, Index]:
        """All paths with all segments."""
        path, segment = np.indices(self.price.shape).reshape(2, -1)
        return path, segment

    def sellable(self, path: Index, segment: Index) -> Sellable:
        """The lots of pairs of path and segment, both tickers side by side; no loss that would be washed."""
        parts = [self._sellable(path, segment + twin * self.n_segments) for twin in range(self.n_twins)]
        shares, cost, held, is_long, bought, recent = (np.concatenate(each, axis=1) for each in zip(*parts, strict=True))
        return Sellable(path, segment, shares, cost, held, is_long, self.price[path, segment], bought, recent)

    def _sellable(self, path: Index, ticker: Index) -> tuple[NDArray[np.generic], ...]:
        book = self.book
        held, cost, bought = book.shares[path, ticker], book.cost[path, ticker], book.bought[path, ticker]
        allowed, recent = held, np.zeros_like(bought, dtype=bool)
        if self.minds_wash_sales:
            recent = (bought >= self.clock.window_from[self.day]) & (held > 0)
            is_loss = cost > held * self.price[path, ticker % self.n_segments][:, None]
            allowed = np.where(is_loss & recent.any(axis=1)[:, None], 0.0, held)
        return allowed, cost, held, self.clock.long_from[bought] <= self.day, bought, recent

    def sell(self, rows: Index, dollars: Floats, oldest_first: bool = False) -> None:
        """Sell `dollars` of each segment on some paths, shape (n_rows, n_segments), from the lots that cost least."""
        row, segment = np.nonzero(dollars > 0)
        lots, wanted = self.sellable(rows[row], segment), dollars[row, segment]
        rates = self.setup.rates
        if rates is None or oldest_first or self.setup.sells_oldest_first:
            # places are in the order of purchase, so only two tickers side by side need sorting
            order = None if self.n_twins == 1 else np.argsort(lots.bought, axis=1, kind="stable")
            shares = in_order(lots, order, wanted)
        else:
            shares = least_cost(lots, wanted, self.years.net_short, self.years.net_long, rates)
        self.carry_out(lots, shares)

    def carry_out(self, lots: Sellable, shares: Floats) -> None:
        """Take shares of lots out for cash, and note gains, losses and cost."""
        n = len(self.cash)
        dollars = to_cents(shares * lots.price[:, None])
        if self.setup.rates is not None:
            gain = gains(lots, shares)
            self.years.short = to_cents(self.years.short + by_path(lots, np.where(lots.is_long, 0.0, gain), n))
            self.years.long = to_cents(self.years.long + by_path(lots, np.where(lots.is_long, gain, 0.0), n))
            for ticker, at_loss in self.split(lots, gain < 0):
                hit = at_loss.any(axis=1)
                self.last_loss[lots.path[hit], ticker[hit]] = self.day
        brought = by_path(lots, dollars, n)
        self.cash = to_cents(self.cash + brought)
        self.sold += brought
        self.charge(brought)
        self.remove(lots, shares, dollars)

    def remove(self, lots: Sellable, shares: Floats, dollars: Floats, is_gift: bool = False) -> None:
        """Take shares out of the book and have it taken down."""
        if self.recorder:
            for (ticker, part), (_, worth) in zip(self.split(lots, shares), self.split(lots, dollars), strict=True):
                for pair in np.flatnonzero((lots.path == self.recorder.path) & (part > 0).any(axis=1)):
                    bought = self.book.bought[self.recorder.path, ticker[pair]]
                    self.recorder.sold(self.day, int(ticker[pair]), bought, part[pair], worth[pair], is_gift)
        for ticker, part in self.split(lots, shares):
            touched = (part > 0).any(axis=1)
            self.book.take(lots.path[touched], ticker[touched], part[touched])

    def split(self, lots: Sellable, beside: NDArray) -> list[tuple[Index, NDArray]]:  # type: ignore[type-arg]
        """Undo side by side: for each ticker of the pairs its own lots."""
        parts = np.split(beside, self.n_twins, axis=1)
        return [(lots.segment + twin * self.n_segments, part) for twin, part in enumerate(parts)]

    def charge(self, traded: Floats) -> None:
        """Pay the spread on dollars traded, shape (n_paths,)."""
        cost = to_cents(traded * self.setup.half_spread)
        self.cash = to_cents(self.cash - cost)
        self.spread += cost
        if self.recorder:
            self.recorder.fee(self.day, float(cost[self.recorder.path]))

    def want(self, dollars: Floats) -> None:
        """Ask for purchases by segment at the end of the day: the first choice unless it is banned, else the second if any."""
        banned = self.banned()
        first = banned[:, : self.n_segments]
        self.pending[:, : self.n_segments] += np.where(first, 0.0, dollars)
        if self.n_twins == 2:
            self.pending[:, self.n_segments :] += np.where(first & ~banned[:, self.n_segments :], dollars, 0.0)

    def buy_what_is_wanted(self) -> None:
        """Make the day's purchases, cut in proportion where the cash does not reach."""
        asked = self.pending.sum(axis=1)
        if not (asked > 0).any():
            return
        power = np.maximum(0.0, self.cash) / (1.0 + self.setup.half_spread)
        part = np.minimum(1.0, np.divide(power, asked, out=np.zeros_like(asked), where=asked > 0))
        before = self.book.held().copy() if self.recorder else self.pending
        paid = self.book.buy(self.pending * part[:, None], self.prices(), self.day)
        spent = to_cents(paid.sum(axis=1))
        self.cash = to_cents(self.cash - spent)
        self.charge(spent)
        if self.recorder:
            p = self.recorder.path
            self.recorder.bought(self.day, self.book.held()[p] - before[p], paid[p])
