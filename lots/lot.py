"""The tax lot and its disposal."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from lots.dates import is_long_term
from lots.errors import InputError
from lots.units import Money, Shares


class Term(StrEnum):
    """Whether a gain or loss is short- or long-term (IRC 1222)."""

    SHORT = "short"
    LONG = "long"


@dataclass(frozen=True, slots=True)
class TaxLot:
    """Shares of one security acquired together, with their cost.

    Parameters
    ----------
    lot_id : unique in the household.
    account_id, symbol : where and what.
    acquired : trade date of the acquisition.
    shares : shares still open, greater than zero.
    cost_basis : adjusted basis of all `shares` in dollars, not per share, so nothing is lost to rounding.
    holding_start : the date the holding period counts from when it is not `acquired` (tacking after a gift, a wash sale
        or a tax-free exchange).
    """

    lot_id: str
    account_id: str
    symbol: str
    acquired: date
    shares: Shares
    cost_basis: Money
    holding_start: date | None = None

    def __post_init__(self) -> None:
        for name in ("shares", "cost_basis"):
            if not isinstance(getattr(self, name), Decimal):
                raise TypeError(f"{name} of lot {self.lot_id} must be a Decimal, found {getattr(self, name)!r}")
        if self.shares <= 0:
            raise InputError(f"Lot {self.lot_id} has {self.shares} shares; a lot holds more than zero.")
        if self.cost_basis < 0:
            raise InputError(f"Lot {self.lot_id} has a basis of {self.cost_basis}; a basis is zero or more.")

    @property
    def held_from(self) -> date:
        """The date the holding period counts from."""
        return self.holding_start or self.acquired

    def term_on(self, day: date) -> Term:
        """The term of a disposal on `day`."""
        return Term.LONG if is_long_term(self.held_from, day) else Term.SHORT

    def basis_of(self, shares: Shares) -> Money:
        """The part of the basis that belongs to `shares` of this lot, unrounded; all of it when all are meant."""
        return self.cost_basis if shares == self.shares else self.cost_basis * shares / self.shares


@dataclass(frozen=True, slots=True)
class Disposal:
    """Part of a lot that left by sale or gift.

    `proceeds` is the amount realised in dollars (zero for a gift), `cost_basis` the adjusted basis of the shares that
    left, `disallowed_loss` what IRC 1091 takes from the loss, a number of zero or more.
    """

    lot_id: str
    account_id: str
    symbol: str
    acquired: date
    disposed: date
    shares: Shares
    proceeds: Money
    cost_basis: Money
    term: Term
    disallowed_loss: Money = Decimal(0)

    @property
    def gain(self) -> Money:
        """The gain recognised, negative for a loss, after what the wash-sale rule disallows."""
        return self.proceeds - self.cost_basis + self.disallowed_loss
