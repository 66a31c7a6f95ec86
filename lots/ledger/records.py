"""What a fold writes down besides lots and disposals."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lots.events import IncomeKind
from lots.units import Money, Shares


@dataclass(frozen=True, slots=True)
class Income:
    """Ordinary income, dividends and distributions, as an event reported them; `amount` in dollars."""

    date: date
    account_id: str
    kind: IncomeKind
    amount: Money
    symbol: str | None
    event_id: str


@dataclass(frozen=True, slots=True)
class Assertion:
    """A statement and what the events before it come to; `what` says of what: shares or basis of a symbol, or cash."""

    date: date
    account_id: str
    symbol: str | None
    what: str
    stated: Decimal
    found: Decimal
    event_id: str
    where: str

    @property
    def holds(self) -> bool:
        """Whether the two agree exactly."""
        return self.stated == self.found


@dataclass(frozen=True, slots=True)
class WashMatch:
    """Shares sold at a loss and the shares that replaced them.

    `disposal` is the place of the disposal in the book's list, `shares` the number replaced as counted on the day of
    sale, `disallowed_loss` its dollars; `is_lost` says that the replacement sits in a retirement account, so that no
    basis keeps the loss (Rev. Rul. 2008-5).
    """

    disposal: int
    loss_event_id: str
    replacement_lot_id: str
    replacement_account_id: str
    replaced_on: date
    shares: Shares
    disallowed_loss: Money
    is_lost: bool
