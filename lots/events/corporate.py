"""What companies and funds do to shares that are held: splits, mergers, spin-offs, new names, capital handed back.

Brokers report these account by account, so an event speaks of the shares in its own account. It takes effect before
the market opens on its date.
"""

from dataclasses import dataclass
from typing import ClassVar

from lots.errors import InputError
from lots.events.event import Event, require_not_negative, require_positive
from lots.units import ZERO, Money, Rate, Shares


@dataclass(frozen=True, slots=True, kw_only=True)
class Split(Event):
    """A split, reverse split or dividend in shares of the same stock: `new_shares` for every `old_shares`.

    Each lot's basis is spread over its new shares and its holding period goes on (IRC 307(a), 1223(4); Pub. 550 ch. 4).
    `cash_in_lieu` dollars are paid for the fraction of a share the whole position ends with; the fraction counts as
    received and sold (Pub. 550 ch. 4).
    """

    ORDER_IN_DAY: ClassVar[int] = 12

    symbol: str
    new_shares: Shares
    old_shares: Shares
    cash_in_lieu: Money = ZERO

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        require_positive(self, new_shares=self.new_shares, old_shares=self.old_shares)
        require_not_negative(self, cash_in_lieu=self.cash_in_lieu)


@dataclass(frozen=True, slots=True, kw_only=True)
class StockMerger(Event):
    """Shares exchanged for `new_shares` of another company for every `old_shares`, perhaps with cash besides.

    Without cash nothing is realised: the basis is substituted and the holding period tacked, lot by lot (IRC 354, 358,
    1223(1); Reg. 1.358-2). With `boot` in cash a lot's gain is taxed up to its part of the cash, a loss not at all
    (IRC 356(a)(1), (c)); then `fair_market_value` of all new shares must be known. `cash_in_lieu` pays for the
    fraction of a share the whole position ends with.
    """

    ORDER_IN_DAY: ClassVar[int] = 12

    symbol: str
    new_symbol: str
    new_shares: Shares
    old_shares: Shares
    boot: Money = ZERO
    fair_market_value: Money | None = None
    cash_in_lieu: Money = ZERO

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        require_positive(self, new_shares=self.new_shares, old_shares=self.old_shares)
        require_not_negative(self, boot=self.boot, cash_in_lieu=self.cash_in_lieu)
        if self.boot > 0 and self.fair_market_value is None:
            raise InputError(
                f"{self.where}: the merger of {self.symbol} pays {self.boot} in cash, so the gain needs the fair "
                "market value of the new shares; add fair_market_value."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class CashMerger(Event):
    """All shares of the account turned into cash: a sale of every lot on the closing date (IRC 1001)."""

    ORDER_IN_DAY: ClassVar[int] = 40

    symbol: str
    proceeds: Money

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        require_not_negative(self, proceeds=self.proceeds)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpinOff(Event):
    """Shares of a new company handed to holders of an old one, `new_shares` for every `old_shares`, untaxed.

    `basis_fraction` of each lot's basis moves to the new shares, the fraction their value has of both after the
    distribution (the issuer states it on Form 8937); the holding period is tacked (IRC 355, 358(b)-(c), 1223(1)).
    """

    ORDER_IN_DAY: ClassVar[int] = 12

    symbol: str
    new_symbol: str
    new_shares: Shares
    old_shares: Shares
    basis_fraction: Rate
    cash_in_lieu: Money = ZERO

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        require_positive(self, new_shares=self.new_shares, old_shares=self.old_shares)
        require_not_negative(self, basis_fraction=self.basis_fraction, cash_in_lieu=self.cash_in_lieu)
        if self.basis_fraction > 1:
            raise InputError(f"{self.where}: basis_fraction is {self.basis_fraction}; expected a part of one, such as 0.25.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SymbolChange(Event):
    """A new ticker for the same shares; nothing else changes, and a purchase under either name can wash a loss."""

    ORDER_IN_DAY: ClassVar[int] = 11

    symbol: str
    new_symbol: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnOfCapital(Event):
    """A distribution that is not income (Form 1099-DIV box 3) to the shares held as the day begins.

    It lowers the basis of each share to zero and is a capital gain beyond that (IRC 301(c)(2)-(3); Pub. 550 ch. 1).
    """

    ORDER_IN_DAY: ClassVar[int] = 13

    symbol: str
    amount: Money

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        require_positive(self, amount=self.amount)
