"""Lot relief: which lots a sale consumes when it names none.

A relief method is a standing order, a way to make the specific identification of Reg. 1.1012-1(c)(3) in advance;
without one the law takes the earliest acquired first (Reg. 1.1012-1(c)(1)). Every method here is a ranking: the lot
with the smallest rank leaves first. That keeps each method to one line of law, lets one plain function
(:func:`choose`) serve as the definition, and lets the ledger keep a queue per method instead of sorting at every sale.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from lots.errors import LedgerError
from lots.events import LotPick
from lots.lot import Term
from lots.units import ZERO, Money, Price, Rate, Shares

Rank = tuple[Decimal | int | str, ...]


class Relievable(Protocol):
    """What a method may look at: a tax lot, or the ledger's own record of one."""

    @property
    def lot_id(self) -> str: ...

    @property
    def acquired(self) -> date: ...

    @property
    def shares(self) -> Shares: ...

    @property
    def cost_basis(self) -> Money: ...

    def term_on(self, day: date) -> Term:
        """The term of a disposal on `day`."""


@dataclass(frozen=True, slots=True)
class SaleTerms:
    """What a sale brings: its trade date and the price in dollars per share."""

    day: date
    price: Price


class ReliefMethod(Protocol):
    """The contract of a relief method."""

    @property
    def name(self) -> str:
        """What a user calls it."""

    @property
    def is_fixed(self) -> bool:
        """Whether a lot's rank is the same for every sale, so that lots can be queued by it."""

    @property
    def averages_basis(self) -> bool:
        """Whether all shares of the position carry the average basis when it is used."""

    def rank(self, lot: Relievable, sale: SaleTerms) -> Rank:
        """The place of `lot` in the order; the smallest leaves first, ties by the order of acquisition."""


@dataclass(frozen=True, slots=True)
class TaxRates:
    """The marginal rates a tax-aware order weighs gains with, as fractions."""

    short: Rate
    long: Rate


def choose(method: ReliefMethod, lots: Iterable[Relievable], shares: Shares, sale: SaleTerms) -> tuple[LotPick, ...]:
    """Return the lots a sale of `shares` consumes, in the order of the method.

    Raises
    ------
    LedgerError
        If the lots hold fewer shares; the caller adds what says where they went.
    """
    picks: list[LotPick] = []
    wanted = shares
    for lot in sorted(lots, key=lambda each: (method.rank(each, sale), each.acquired, each.lot_id)):
        if wanted == ZERO:
            break
        taken = min(wanted, lot.shares)
        picks.append(LotPick(lot.lot_id, taken))
        wanted -= taken
    if wanted > 0:
        raise LedgerError(f"only {shares - wanted} of {shares} shares are open")
    return tuple(picks)
