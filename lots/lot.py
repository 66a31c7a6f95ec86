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


class Manner(StrEnum):
    """How shares left, or what else was treated as their sale."""

    SALE = "sale"
    CASH_IN_LIEU = "cash_in_lieu"
    CASH_MERGER = "cash_merger"
    MERGER_BOOT = "merger_boot"
    RETURN_OF_CAPITAL = "return_of_capital"

    @property
    def takes_shares(self) -> bool:
        """Whether shares left; the others are gains on shares that stay."""
        return self not in (Manner.MERGER_BOOT, Manner.RETURN_OF_CAPITAL)


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
    loss_basis : the basis for figuring a loss where the law sets another one, after a gift worth less than its donor
        paid (IRC 1015(a)); a loss figured with it counts its holding period from `acquired` (Pub. 550 ch. 4).
    is_inherited : long-term whatever its age (IRC 1223(9)).
    """

    lot_id: str
    account_id: str
    symbol: str
    acquired: date
    shares: Shares
    cost_basis: Money
    holding_start: date | None = None
    loss_basis: Money | None = None
    is_inherited: bool = False

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
        if self.is_inherited:
            return Term.LONG
        return Term.LONG if is_long_term(self.held_from, day) else Term.SHORT

    def if_sold_for(self, proceeds: Money) -> tuple[Money, date]:
        """The basis of the whole lot and the start of its holding period, if all of it is sold for `proceeds` dollars.

        They depend on the price for a gift worth less than its donor paid: a price between the two bases gives neither
        gain nor loss, and a loss counts its holding period from the gift (IRC 1015(a); Pub. 550 ch. 4).
        """
        if self.loss_basis is None or proceeds >= self.cost_basis:
            return self.cost_basis, self.held_from
        if proceeds >= self.loss_basis:
            return proceeds, self.held_from
        return self.loss_basis, self.acquired

    def basis_of(self, shares: Shares) -> Money:
        """The part of the basis that belongs to `shares` of this lot, unrounded; all of it when all are meant."""
        return self.cost_basis if shares == self.shares else self.cost_basis * shares / self.shares


@dataclass(frozen=True, slots=True)
class Disposal:
    """Part of a lot that left by sale or gift.

    `proceeds` is the amount realised in dollars (zero for a gift), `cost_basis` the adjusted basis of the shares that
    left, `disallowed_loss` what IRC 1091 takes from the loss, a number of zero or more.

    `washed_shares` is how many of the shares that loss belongs to; `lost_loss` the part of it that went to a retirement
    account and is gone for good (Rev. Rul. 2008-5). `event_id` is the event that did it, `is_taxable` whether the
    account is one whose gains are taxed, and `manner` how the shares left.
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
    washed_shares: Shares = Decimal(0)
    lost_loss: Money = Decimal(0)
    event_id: str = ""
    is_taxable: bool = True
    is_inherited: bool = False
    manner: Manner = Manner.SALE

    @property
    def gain(self) -> Money:
        """The gain recognised, negative for a loss, after what the wash-sale rule disallows."""
        return self.proceeds - self.cost_basis + self.disallowed_loss

    def washed(self, shares: Shares, disallowed: Money, lost: Money) -> "Disposal":
        """The same disposal after more of its loss was disallowed; spelled out because histories have a million of them."""
        return Disposal(
            self.lot_id,
            self.account_id,
            self.symbol,
            self.acquired,
            self.disposed,
            self.shares,
            self.proceeds,
            self.cost_basis,
            self.term,
            self.disallowed_loss + disallowed,
            self.washed_shares + shares,
            self.lost_loss + lost,
            self.event_id,
            self.is_taxable,
            self.is_inherited,
            self.manner,
        )

    @property
    def loss(self) -> Money:
        """The loss before the wash-sale rule, a number of zero or more."""
        return max(Decimal(0), self.cost_basis - self.proceeds)


@dataclass(frozen=True, slots=True)
class DonatedLot:
    """Part of a lot given to charity; `fair_market_value` and `cost_basis` in dollars are of the shares given."""

    lot_id: str
    account_id: str
    symbol: str
    acquired: date
    donated: date
    shares: Shares
    fair_market_value: Money
    cost_basis: Money
    term: Term
    event_id: str = ""
