"""Shares and cash that change hands or accounts without a trade."""

from dataclasses import dataclass
from datetime import date as day
from typing import ClassVar

from lots.errors import InputError
from lots.events.event import Event, LotPick, require_not_negative, require_picks_total, require_positive
from lots.units import ZERO, Money, Shares


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer(Event):
    """Shares moved to another account of the household: no disposal, date and basis stay.

    Between spouses basis and holding period carry over as well (IRC 1041(b), 1223(2)).
    """

    ORDER_IN_DAY: ClassVar[int] = 30

    to_account_id: str
    symbol: str
    shares: Shares
    picks: tuple[LotPick, ...] = ()
    relief: str | None = None

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        require_positive(self, shares=self.shares)
        require_picks_total(self, self.shares, self.picks)


@dataclass(frozen=True, slots=True, kw_only=True)
class CashTransfer(Event):
    """Cash moved to another account of the household whose contents are taxed alike."""

    ORDER_IN_DAY: ClassVar[int] = 16

    to_account_id: str
    amount: Money

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        require_positive(self, amount=self.amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class RothConversion(Event):
    """Cash or shares moved from a pre-tax to a Roth account: their value is ordinary income (IRC 408A(d)(3)).

    `amount` is the value converted in dollars; with a `symbol` it is the fair market value of the `shares`, which
    becomes their basis. The conversion is not a purchase and washes nothing.
    """

    ORDER_IN_DAY: ClassVar[int] = 31

    to_account_id: str
    amount: Money
    symbol: str | None = None
    shares: Shares | None = None
    picks: tuple[LotPick, ...] = ()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        require_positive(self, amount=self.amount)
        if (self.symbol is None) != (self.shares is None):
            raise InputError(f"{self.where}: a conversion names both symbol and shares, or neither for cash.")
        if self.shares is not None:
            require_positive(self, shares=self.shares)
            require_picks_total(self, self.shares, self.picks)


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftReceived(Event):
    """Shares given to a member of the household by somebody else.

    The basis for a gain is the donor's, raised by `gift_tax_on_appreciation`; for a loss it is the value at the gift
    if that is less; a price between the two gives neither gain nor loss (IRC 1015(a), (d)(6); Pub. 551). With the
    donor's basis the donor's holding period is tacked (IRC 1223(2)); with the value at the gift the period starts the
    day after it (Pub. 550 ch. 4). A gift is no purchase and washes nothing (Reg. 1.1091-1(f)).
    """

    ORDER_IN_DAY: ClassVar[int] = 20

    symbol: str
    shares: Shares
    lot_id: str
    donor_basis: Money
    donor_acquired: day
    fair_market_value: Money
    gift_tax_on_appreciation: Money = ZERO

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        require_positive(self, shares=self.shares)
        require_not_negative(
            self,
            donor_basis=self.donor_basis,
            fair_market_value=self.fair_market_value,
            gift_tax_on_appreciation=self.gift_tax_on_appreciation,
        )
        if self.donor_acquired > self.date:
            raise InputError(
                f"{self.where}: the donor acquired the shares on {self.donor_acquired}, after giving them on "
                f"{self.date}; correct one of the two dates."
            )
        appreciation = max(ZERO, self.fair_market_value - self.donor_basis)
        if self.gift_tax_on_appreciation > appreciation:
            raise InputError(
                f"{self.where}: gift_tax_on_appreciation is {self.gift_tax_on_appreciation} on {self.date}, but the gift was "
                f"worth {appreciation} more than the donor's basis; expected no more than that, and nothing for a gift worth "
                "less than its basis (IRC 1015(d)(1), (6))."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Inherited(Event):
    """Shares received from a decedent: basis is the `value` at death or the alternate date, always long-term.

    IRC 1014(a), 1223(9). Property given to the decedent within a year of death and coming back to the giver keeps the
    decedent's basis (IRC 1014(e)); state that basis as the value. `date` is the date of death.
    """

    ORDER_IN_DAY: ClassVar[int] = 20

    symbol: str
    shares: Shares
    lot_id: str
    value: Money

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        require_positive(self, shares=self.shares)
        require_not_negative(self, value=self.value)
