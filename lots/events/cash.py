"""Dollars that come, go, or are reported to be there."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from lots.events.event import Event, require_not_negative, require_positive
from lots.units import ZERO, Money, Shares


class IncomeKind(StrEnum):
    """What kind of income a payment is; the names follow the boxes of Forms 1099-DIV, 1099-INT and 1099-R."""

    QUALIFIED_DIVIDEND = "qualified_dividend"
    ORDINARY_DIVIDEND = "ordinary_dividend"
    EXEMPT_DIVIDEND = "exempt_dividend"
    CAPITAL_GAIN_DISTRIBUTION = "capital_gain_distribution"
    INTEREST = "interest"
    EXEMPT_INTEREST = "exempt_interest"
    ROTH_CONVERSION = "roth_conversion"
    RETIREMENT_DISTRIBUTION = "retirement_distribution"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCash(Event):
    """Cash a statement reports, with no history behind it."""

    ORDER_IN_DAY: ClassVar[int] = 10

    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution(Event):
    """Cash put into an account from outside the household's accounts."""

    ORDER_IN_DAY: ClassVar[int] = 15

    amount: Money

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        require_positive(self, amount=self.amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal(Event):
    """Cash taken out of the household's accounts; `withheld` is the part of `amount` sent to the tax office.

    Out of a pre-tax account it is ordinary income (IRC 408(d)(1), 402(a)); the whole amount is recorded as such, for a
    basis in after-tax contributions (Form 8606) is not kept here.
    """

    ORDER_IN_DAY: ClassVar[int] = 60

    amount: Money
    withheld: Money = ZERO

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        require_positive(self, amount=self.amount)
        require_not_negative(self, withheld=self.withheld)


@dataclass(frozen=True, slots=True, kw_only=True)
class CashIncome(Event):
    """A dividend, interest or capital-gain distribution paid in cash.

    A capital-gain distribution is long-term whatever the age of the shares (IRC 852(b)(3)(B)). `kind` is what the payer
    reports; whether a dividend is qualified depends also on how long the shares were held around the ex-date.
    """

    ORDER_IN_DAY: ClassVar[int] = 15

    amount: Money
    kind: IncomeKind
    symbol: str | None = None

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        require_positive(self, amount=self.amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReinvestedIncome(Event):
    """A dividend or distribution paid in new shares: income of `amount` dollars and a purchase for the same amount.

    The shares are a lot of their own with their own holding period (Pub. 550 ch. 4) and can wash a loss.
    """

    ORDER_IN_DAY: ClassVar[int] = 20

    symbol: str
    amount: Money
    shares: Shares
    lot_id: str
    kind: IncomeKind

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        require_positive(self, amount=self.amount, shares=self.shares)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee(Event):
    """Cash charged to an account for its keeping. It belongs to no lot's basis and is not deductible (IRC 67(g))."""

    ORDER_IN_DAY: ClassVar[int] = 60

    amount: Money

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        require_positive(self, amount=self.amount)
