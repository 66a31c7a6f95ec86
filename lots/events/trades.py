"""Lots that open and lots that leave: purchases, sales, gifts to charity, and lots a statement merely reports."""

from dataclasses import dataclass
from datetime import date as day
from typing import ClassVar

from lots.dates import is_long_term
from lots.errors import InputError
from lots.events.event import Event, LotPick, require_not_negative, require_picks_total, require_positive
from lots.units import ZERO, Money, Shares


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLot(Event):
    """A lot as a broker's statement reports it, with no history behind it.

    `date` is the day the shares were acquired, so the lot takes its place in the history there. The basis is taken as
    stated. Shares whose holding period starts before they were acquired were a gift, an exchange or the replacement in
    an earlier wash sale; none of these may replace shares of another wash sale.

    Parameters
    ----------
    symbol, shares, lot_id : what is held and what the lot is called.
    cost_basis : adjusted basis of all shares, dollars.
    holding_start : where the holding period counts from if not from `date`.
    loss_basis : the basis for a loss if it differs, as after a gift (IRC 1015(a)), dollars.
    is_inherited : whether the shares are long-term whatever their age (IRC 1223(9)).
    """

    ORDER_IN_DAY: ClassVar[int] = 10

    symbol: str
    shares: Shares
    cost_basis: Money
    lot_id: str
    holding_start: day | None = None
    loss_basis: Money | None = None
    is_inherited: bool = False

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        require_positive(self, shares=self.shares)
        require_not_negative(self, cost_basis=self.cost_basis, loss_basis=self.loss_basis or ZERO)
        _require_held_before(self, self.holding_start, self.date)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedLot(Event):
    """A sale as a broker's realised-gains file reports it, with no history behind it.

    `date` is the day of sale. It moves no cash, because the balance the statement reports already contains it.
    `disallowed_loss` is what the broker has already withheld under IRC 1091; a broker looks at one account and one
    CUSIP only (Reg. 1.6045-1(d)(6)(iii)), so what is left of the loss is still tested against the household. The shares
    the withheld loss belongs to have their replacement: the broker's own lot of the same security in the same account.
    A lot the broker states (`OpenLot`) has the loss in its basis already; a purchase (`Buy`) gets it there.

    `is_long_term` is the term the broker reports and is followed. Where it is not what the dates give, `holding_start`
    (a gift, an exchange, an earlier wash sale) or `is_inherited` should say why; the audit lists those without a reason.
    """

    ORDER_IN_DAY: ClassVar[int] = 40

    symbol: str
    shares: Shares
    proceeds: Money
    cost_basis: Money
    acquired: day
    lot_id: str
    disallowed_loss: Money = ZERO
    is_long_term: bool | None = None
    holding_start: day | None = None
    is_inherited: bool = False

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        require_positive(self, shares=self.shares)
        require_not_negative(self, proceeds=self.proceeds, cost_basis=self.cost_basis, disallowed_loss=self.disallowed_loss)
        if self.acquired > self.date:
            raise InputError(
                f"{self.where}: {self.symbol} sold on {self.date} was acquired on {self.acquired}, after its sale; correct "
                "one of the two dates. Short sales are not kept."
            )
        loss = max(ZERO, self.cost_basis - self.proceeds)
        if self.disallowed_loss > loss:
            raise InputError(
                f"{self.where}: disallowed_loss is {self.disallowed_loss} on {self.date}, but the sale has a loss of {loss}; "
                "expected no more than that (IRC 1091(a)). State the basis before the wash sale, or correct the amount."
            )
        _require_held_before(self, self.holding_start, self.acquired)

    @property
    def held_from(self) -> day:
        """The date the holding period counts from."""
        return self.holding_start or self.acquired

    @property
    def is_long_by_dates(self) -> bool:
        """Whether the dates make the gain or loss long-term (IRC 1222, 1223)."""
        return self.is_inherited or is_long_term(self.held_from, self.date)


@dataclass(frozen=True, slots=True, kw_only=True)
class Buy(Event):
    """A purchase for cash. Commission and fees are part of the basis (Pub. 550 ch. 4; IRC 1012).

    `cost` is what was paid for the shares, `fees` what was paid on top, both dollars. A reinvested dividend is a
    purchase like any other for IRC 1091 and opens its own lot.
    """

    ORDER_IN_DAY: ClassVar[int] = 20

    symbol: str
    shares: Shares
    cost: Money
    lot_id: str
    fees: Money = ZERO
    is_reinvestment: bool = False

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        require_positive(self, shares=self.shares)
        require_not_negative(self, cost=self.cost, fees=self.fees)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sell(Event):
    """A sale for cash.

    The lots are named in `picks` (specific identification, Reg. 1.1012-1(c)(3)) or chosen by a relief method: the one
    named in `relief`, else the account's standing order, else first in first out (Reg. 1.1012-1(c)(1)). `proceeds` are
    before `fees`; fees reduce the amount realised (Pub. 550 ch. 4).
    """

    ORDER_IN_DAY: ClassVar[int] = 40

    symbol: str
    shares: Shares
    proceeds: Money
    picks: tuple[LotPick, ...] = ()
    relief: str | None = None
    fees: Money = ZERO

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        require_positive(self, shares=self.shares)
        require_not_negative(self, proceeds=self.proceeds, fees=self.fees)
        require_picks_total(self, self.shares, self.picks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Donate(Event):
    """Shares given to charity: no gain is realised; the lot's age decides what may be deducted (IRC 170(e)(1)(A))."""

    ORDER_IN_DAY: ClassVar[int] = 40

    symbol: str
    shares: Shares
    fair_market_value: Money
    picks: tuple[LotPick, ...] = ()
    relief: str | None = None

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        require_positive(self, shares=self.shares)
        require_not_negative(self, fair_market_value=self.fair_market_value)
        require_picks_total(self, self.shares, self.picks)


def _require_held_before(event: Event, holding_start: day | None, acquired: day) -> None:
    """Refuse a holding period that starts after the shares were acquired; tacking only ever lengthens one (IRC 1223)."""
    if holding_start is not None and holding_start > acquired:
        raise InputError(
            f"{event.where}: holding_start is {holding_start}, after the acquisition on {acquired}; expected that day or earlier."
        )
