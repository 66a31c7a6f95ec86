"""Which shares replace which: the matching of IRC 1091 within one group of substantially identical securities.

Losses are taken in the order of the sales, those of one day in the order the shares were acquired (Reg. 1.1091-1(b)).
Replacement shares are taken in the order of their acquisition, share for share, wherever in the household they were
bought (Reg. 1.1091-1(c), (d)); of shares bought on one day those of taxable accounts come first. No authority orders
the purchases of one day, and a loss that can stay in a basis is not given up for good on a coin's toss. Each share
replaces once (Reg. 1.1091-1(e)). Shares are never replaced by shares of the same purchase (Rev. Rul. 56-602).

A loss the broker has withheld already found its replacement in the broker's books: shares of the same security in the
same account (Reg. 1.6045-1(d)(6)(iii)). Such a loss is answered first, and by nothing else.

The matcher walks forward in time. A loss first takes shares bought up to 30 days before and still held when the day
ends; what is left of it waits 30 days for a purchase. Both queues shed what has grown too old, so a history costs time
in proportion to its events. What the match does to basis and holding period is the ledger's to apply.
"""

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import chain
from typing import Generic, Protocol, TypeVar

from lots.units import ZERO, Money, Shares
from lots.wash.window import WINDOW


class EarlierPurchases(StrEnum):
    """Which shares bought *before* the sale may replace; the statute speaks of all, practitioners of some.

    STILL_HELD : those still held when the day of the sale ends (default).
    STILL_HELD_AND_NEWER : of those, only shares acquired after the ones sold.
    """

    STILL_HELD = "still_held"
    STILL_HELD_AND_NEWER = "still_held_and_newer"


class Held(Protocol):
    """Shares in the household that may replace others; `shares` falls as they are sold.

    `is_stated` says that a broker stated them as a lot, with what it withheld of a loss in their basis already, and that
    no withheld loss has been found for them yet; `loses_loss` that they sit where a washed loss is gone for good.
    """

    account_id: str
    symbol: str
    shares: Shares
    has_replaced: bool
    is_stated: bool
    loses_loss: bool

    @property
    def purchased(self) -> date: ...

    @property
    def purchase_id(self) -> str: ...

    @property
    def sequence(self) -> int: ...


H = TypeVar("H", bound=Held)


@dataclass(slots=True)
class LossLeft:
    """What is still unmatched of one disposal at a loss.

    `acquired` is the day the sold shares were acquired, `purchase_id` the purchase they came from, `index` the place of
    the disposal in the ledger's list. `shares` are counted as of today: a split after the sale changes their number,
    but not that of `shares_when_sold`. `withheld_in` is the account whose broker disallowed this loss before anybody
    else looked at it; None for a loss that is still to be tested.
    """

    sold: date
    acquired: date
    held_from: date
    purchase_id: str
    symbol: str
    shares: Shares
    loss: Money
    index: int
    shares_when_sold: Shares
    event_id: str
    withheld_in: str | None = None


@dataclass(slots=True)
class Matcher(Generic[H]):
    """The open purchases and the unmatched losses of one group."""

    earlier: EarlierPurchases = EarlierPurchases.STILL_HELD
    _recent: list[tuple[date, bool, int, H]] = field(default_factory=list)
    _waiting: deque[LossLeft] = field(default_factory=deque)
    _withheld: deque[LossLeft] = field(default_factory=deque)

    def purchased(self, held: H) -> None:
        """Note shares that may replace, bought today or reported with an earlier date."""
        entry = (held.purchased, held.loses_loss, held.sequence, held)
        if self._recent and entry[:3] < self._recent[-1][:3]:
            insort(self._recent, entry, key=lambda each: each[:3])
        else:
            self._recent.append(entry)

    def waiting_for(self, held: H) -> Iterator[LossLeft]:
        """Yield the unmatched losses that `held` may replace, in the order of the sales, those a broker withheld first.

        The caller takes shares from the loss and from `held` between steps; the walk ends when `held` is used up.
        """
        first, last = held.purchased - WINDOW, held.purchased + WINDOW
        for loss in chain(self._withheld, self._waiting):
            if first <= loss.sold <= last and _may_answer(held, loss):
                yield loss
                if held.has_replaced:
                    break
        for queue in (self._withheld, self._waiting):
            while queue and queue[0].shares == ZERO:
                queue.popleft()

    def replacing(self, loss: LossLeft) -> Iterator[H]:
        """Yield shares bought up to 30 days before the loss and still held, in the order of their acquisition."""
        self._forget(loss.sold)
        for *_, held in list(self._recent):
            if loss.shares == ZERO:
                break
            if self._may_replace(held, loss):
                yield held

    def wait(self, loss: LossLeft) -> None:
        """Keep what is left of a loss for the purchases of the next 30 days."""
        if loss.shares > 0:
            (self._waiting if loss.withheld_in is None else self._withheld).append(loss)

    def scale(self, symbol: str, new: Shares, old: Shares) -> None:
        """Count waiting shares of `symbol` as `new` for every `old` after a split."""
        for loss in chain(self._withheld, self._waiting):
            if loss.symbol == symbol:
                loss.shares = loss.shares * new / old

    def expire(self, today: date) -> None:
        """Drop losses no purchase from `today` on can wash."""
        for queue in (self._withheld, self._waiting):
            while queue and queue[0].sold + WINDOW < today:
                queue.popleft()

    def _may_replace(self, held: H, loss: LossLeft) -> bool:
        if held.purchased > loss.sold + WINDOW or not _may_answer(held, loss):
            return False
        is_any_age = loss.withheld_in is not None or self.earlier is EarlierPurchases.STILL_HELD
        return is_any_age or held.purchased >= loss.acquired

    def _forget(self, today: date) -> None:
        """Drop purchases too old to replace anything sold from `today` on, and those with nothing left to give."""
        start = bisect_left(self._recent, today - WINDOW, key=lambda each: each[0])
        self._recent = [
            each for each in self._recent[start:] if each[-1].shares > 0 and (each[-1].is_stated or not each[-1].has_replaced)
        ]


def _may_answer(held: Held, loss: LossLeft) -> bool:
    """Whether shares may replace those of a loss, days aside; a withheld loss knows its account and security."""
    if held.shares <= 0 or loss.shares <= 0 or held.purchase_id == loss.purchase_id:
        return False
    if loss.withheld_in is None:
        return not held.has_replaced
    return (held.account_id, held.symbol) == (loss.withheld_in, loss.symbol) and (held.is_stated or not held.has_replaced)
