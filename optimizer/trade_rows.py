"""What a plan does, row by row: lots to sell and to give, securities to buy, cash that moves and cash that stays."""

from datetime import date
from typing import Literal

from lots.accounts import AccountKind
from lots.lot import Term
from lots.units import ZERO
from optimizer.documents import Claim, Document, Dollars, DollarsPerShare, Identifier, PositiveDollars, ShareCount


class ReplacementRow(Document):
    """Shares that replace some of those sold at a loss, and what becomes of the loss that is not allowed for them."""

    account: Identifier
    symbol: Identifier
    lot: Identifier | None
    """The lot as the question names it; null for shares that are still to be bought."""
    acquired: date
    shares: ShareCount
    """Shares sold at a loss that these replace."""
    loss: PositiveDollars
    """The loss disallowed for them."""
    is_lost: Claim
    """True in a retirement account, where nobody ever deducts it (Rev. Rul. 2008-5); else it is added to the basis of these
    shares and counts once they are sold."""


class SaleRow(Document):
    """Shares of one lot to sell."""

    account: Identifier
    symbol: Identifier
    lot: Identifier
    acquired: date | None
    shares: ShareCount
    price: DollarsPerShare
    proceeds: Dollars
    cost_basis: Dollars | None
    gain: Dollars | None
    """Gain the year's tax sees; null in an account whose sales are not taxed."""
    term: Term | None
    disallowed_loss: PositiveDollars = ZERO
    """What the wash-sale rule takes from the loss (IRC 1091); `gain` is after it."""
    replaced_by: tuple[ReplacementRow, ...] = ()
    """The shares that take the disallowed loss; empty where there is none."""
    reason: str
    runner_up: str = ""
    """The lot that would leave in its place, by solving again without this one; empty where none does or nobody asked."""
    runner_up_costs: Dollars | None = None
    """What the plan without this lot costs more, before rounding."""


class GiftRow(Document):
    """Shares of one lot to give to charity."""

    account: Identifier
    symbol: Identifier
    lot: Identifier
    acquired: date | None
    shares: ShareCount
    price: DollarsPerShare
    value: Dollars
    cost_basis: Dollars
    term: Term
    deduction: Dollars
    """What the gift counts for before any limit: value when long-term, the smaller of value and
    basis when short-term."""
    reason: str
    runner_up: str = ""
    """The lot that would leave in its place, by solving again without this one; empty where none does or nobody asked."""
    runner_up_costs: Dollars | None = None
    """What the plan without this lot costs more, before rounding."""


class BuyRow(Document):
    """Shares of one security to buy."""

    account: Identifier
    symbol: Identifier
    shares: ShareCount
    price: DollarsPerShare
    cost: Dollars
    reason: str


class FlowRow(Document):
    """Cash that enters or leaves an account."""

    kind: Literal["contribution", "withdrawal", "cash gift", "income"]
    account: Identifier
    amount: PositiveDollars
    taxable: Dollars
    """Part that is ordinary income this year (negative: lowers it)."""
    penalty: PositiveDollars
    """Additional tax on an early withdrawal."""
    reason: str
    paid_by: Identifier | None = None
    """The security that paid an income; null for every other flow, and where the household does not say."""


class CashRow(Document):
    """Cash of one account before and after, by the ledger."""

    account: Identifier
    kind: AccountKind
    before: Dollars
    after: Dollars
