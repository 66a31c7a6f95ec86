"""The whole question: everything the optimizer may know about a household, as one JSON document.

The document is self-contained, so the same text is the command line's file, a batch job, a test and a bug report. Facts
are stated as they are; wishes and forecasts stand apart from them, under `wishes` and `outlook`.
"""

import hashlib
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, JsonValue, PrivateAttr, model_validator

from lots.accounts import AccountKind
from lots.units import ZERO, Money
from optimizer.benchmark import Benchmark
from optimizer.documents import (
    AnnualFraction,
    BasisPoints,
    Claim,
    Day,
    Document,
    DollarsPerShare,
    Fraction,
    Identifier,
    PositiveDollars,
    ShareCount,
    Years,
)
from optimizer.scope import Scope
from optimizer.taxpayer import FilerFacts, MarginalRates, Taxpayer
from optimizer.wishes import Wishes


class Lever(StrEnum):
    """The six ways around the tax, in the order in which the comparison adds them."""

    CONTRIBUTIONS = "contributions"
    INCOME = "income"
    WITHDRAWALS = "withdrawals"
    LOCATION = "location"
    HARVESTING = "harvesting"
    DONATIONS = "donations"


class Outlook(Document):
    """Forecasts and prices that only the household can state; every one has a default and none is a fact."""

    future_long_term_rate: Fraction | None = None
    """Rate at which a gain that is not realised now will be taxed one day; this year's long-term rate when left out."""
    discount_rate: AnnualFraction = Decimal("0.05")
    """What a year of waiting is worth."""
    horizon_years: Years = Decimal(10)
    """Years until an unrealised gain would be realised anyway."""
    untaxed_probability: Fraction = Decimal("0.2")
    """Chance that a lot is never taxed, because it is donated or its basis is stepped up at death."""
    carryforward_value: Fraction | None = None
    """Value today of one dollar of loss carried to later years; what a dollar of postponed gain saves when left out."""
    location_years: Years = Decimal(5)
    """Years for which the yearly tax drag of holding a security in an account is counted."""
    drift_cost: Fraction = Decimal("0.0005")
    """What it will cost to trade a dollar back that the plan leaves away from its target inside the band."""
    retirement_rate: Fraction | None = None
    """Rate at which pre-tax accounts will be taxed when drawn down; this year's ordinary rate when left out."""


class OwnerFacts(Document):
    """A member of the household."""

    id: Identifier
    birth_date: Day | None = None
    """Needed when a withdrawal or a gift may come from a retirement account of this owner."""
    charitable_distributions: PositiveDollars = ZERO
    """Qualified charitable distributions of this year so far, from all IRAs of this owner together."""


class AccountFacts(Document):
    """One account, its cash and what may be done in it."""

    id: Identifier
    kind: AccountKind
    name: str = ""
    owner: Identifier | None = None
    """The owner's id; left out for an account held jointly."""
    cash: PositiveDollars = ZERO
    """Cash in the account, pooled income left out."""
    cash_floor: PositiveDollars = ZERO
    """Cash the plan leaves in the account."""
    menu: tuple[Identifier, ...] | None = None
    """Symbols that can be bought here; every security of the problem when left out."""
    contribution_room: PositiveDollars | None = None
    """The most that may still be contributed this year; no limit for a taxable account, nothing for others
    when left out."""
    contribution_deductible: Claim = False
    """Whether a contribution lowers this year's ordinary income."""
    contributions_made: PositiveDollars = ZERO
    """Contributions that a Roth account can give back untaxed (its basis)."""
    withdrawals_allowed: Claim = True
    """Whether the plan's rules let money leave; a workplace plan of somebody still employed often does not."""
    traded: Claim = True
    """False for an account that is counted but never traded."""
    share_step: Annotated[ShareCount, Field(le=1)] = Decimal("0.001")
    """The smallest part of a share the account trades; 1 for whole shares."""
    do_not_sell: tuple[Identifier, ...] = ()
    """Symbols that are neither sold nor given in this account."""
    do_not_buy: tuple[Identifier, ...] = ()
    """Symbols that are not bought in this account."""
    max_sold: PositiveDollars | None = None
    """The most dollars sold in this account, gifts left out."""
    max_bought: PositiveDollars | None = None
    """The most dollars bought in this account."""
    fee: BasisPoints = ZERO
    """What the account charges for a dollar traded, besides half the spread."""
    ticket_fee: PositiveDollars = ZERO
    """What the account charges for an order, whatever its size; one for each security and side."""


class SecurityFacts(Document):
    """One security, its price and how it spreads over the segments."""

    symbol: Identifier
    price: DollarsPerShare
    exposures: dict[Identifier, Fraction]
    """Weight of each segment in the security; the weights sum to 1."""
    name: str = ""
    half_spread: BasisPoints = ZERO
    """What trading a dollar's worth costs: half the quoted spread."""
    ordinary_yield: AnnualFraction = ZERO
    """Interest and unqualified dividends as a fraction of value."""
    qualified_yield: AnnualFraction = ZERO
    """Qualified dividends as a fraction of value."""
    volatility: AnnualFraction = ZERO
    """Standard deviation of a year's return; volatile holdings hand over more gains when they are kept
    in their band."""
    identical_group: Identifier | None = None
    """Securities with the same word here count as substantially identical for the wash-sale rule."""


class Band(Document):
    """Lower and upper weight, both inside the band."""

    lower: Fraction
    upper: Fraction

    @model_validator(mode="after")
    def _lower_is_not_above_upper(self) -> Self:
        if self.lower > self.upper:
            raise ValueError(f"a lower edge not above the upper edge of {self.upper}")
        return self


class SegmentFacts(Document):
    """A slice of the market with its target weight and bands, as fractions of the household's whole value."""

    id: Identifier
    target: Fraction
    trigger: Band
    """Outside of this band the segment calls for trades."""
    destination: Band
    """Where trades bring a segment that was outside; lies within the trigger band and contains the target."""
    name: str = ""
    parent: Identifier | None = None
    """The segment this one is a part of; a parent's weight is the sum of its parts."""


class LotFacts(Document):
    """Open shares acquired together."""

    id: Identifier
    account: Identifier
    symbol: Identifier
    shares: ShareCount
    cost_basis: PositiveDollars | None = None
    """Adjusted basis of all shares of the lot; may be left out in an account whose sales are not taxed."""
    acquired: Day | None = None
    """Trade date; may be left out in an account whose sales are not taxed."""
    holding_start: Day | None = None
    """The date the holding period counts from when it is not `acquired`."""


class LossSale(Document):
    """A sale at a loss made before the plan, which keeps its group from being bought for a while."""

    account: Identifier
    symbol: Identifier
    sold: Day
    shares: ShareCount
    loss: PositiveDollars


class IncomePayment(Document):
    """Dividends or interest pooled as cash and not yet invested."""

    account: Identifier
    amount: PositiveDollars
    paid_by: Identifier | None = None
    """The security that paid; without the income lever the payment buys that security again."""


class Reinvestment(Document):
    """Dividends that an account's broker turns into more shares of the security that pays them; without this they are cash."""

    account: Identifier
    symbols: tuple[Identifier, ...] = ()
    """Securities whose dividends are reinvested here; everything held here when left out."""
    next_pay: Day | None = None
    """The day of the next dividend, today or later; any day when left out."""
    amount: PositiveDollars | None = None
    """Dollars that the next dividend of the one security named will buy, at today's price."""
    can_be_switched_off: Claim = True
    """Whether it can be switched off before that day. A plan that sells at a loss counts on it; where it cannot, `amount` says
    how many shares will be bought, and the loss on as many is washed."""


class ContributionOrder(Document):
    """New money the household adds; all of it enters."""

    amount: PositiveDollars
    into: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    """Accounts that may take it; the first is where it goes without the contributions lever, as far as its
    room reaches."""


class PayDay(ContributionOrder):
    """New money on a day to come; no part of a plan of today."""

    on: Day


class WithdrawalOrder(Document):
    """Money the household needs; all of it leaves."""

    amount: PositiveDollars
    sources: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    """Accounts it may come from; the first is where it comes from without the withdrawals lever, as far as its
    value reaches."""
    net: Claim = False
    """Whether `amount` is what is left of it after what it adds to this year's tax, penalties included; at most one order may
    ask that."""
    _tax: Money | None = PrivateAttr(default=None)

    @property
    def is_settled(self) -> bool:
        """Whether it is known what leaves before tax."""
        return not self.net or self._tax is not None

    @property
    def leaving(self) -> Money:
        """Dollars that leave, before tax; the amount itself until it is settled."""
        return self.amount + (self._tax or ZERO)

    def settled_at(self, before_tax: Money) -> "WithdrawalOrder":
        """The same order with what leaves before tax; it is worked out and no part of the document."""
        order = self.model_copy()
        order._tax = before_tax - self.amount
        return order

    @property
    def words(self) -> str:
        """How much leaves."""
        if not self.net:
            return f"{self.amount:,.2f}"
        return f"{self.amount:,.2f} after tax" + (f" ({self.leaving:,.2f} before it)" if self.is_settled else "")


GiftWay = Literal["in_kind", "cash", "qcd"]


class DonationOrder(Document):
    """A gift promised to a public charity, or one of at most so much; in shares or in cash."""

    amount: PositiveDollars
    sources: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    """Taxable accounts the gift may come from, in shares or in cash, and traditional IRAs of owners old enough, straight to the
    charity in cash (a qualified charitable distribution); without the donations lever shares are not given."""
    ways: Annotated[tuple[GiftWay, ...], Field(min_length=1)] = ("in_kind", "cash", "qcd")
    """How it may be made: in shares, in cash of a taxable account, or straight from an IRA. Given in shares alone, it is given
    so without the donations lever, too."""
    up_to: Claim = False
    """Whether `amount` is the most that may be given: as much of it is as saves enough."""
    least_saving: Fraction = Decimal("0.1")
    """What a dollar given up to an amount has to save of everything the plan counts as cost. A tenth is more than the yearly tax
    and the spreads that any dollar saves by leaving, and less than any deduction that counts."""

    @property
    def promised(self) -> Money:
        """Dollars that are given whatever they save."""
        return ZERO if self.up_to else self.amount


class NextYear(Document):
    """What is known of the year after the plan's, and what may wait for it; only a plan over both years asks."""

    rates: MarginalRates | None = None
    """Next year's flat rates; this year's when left out."""
    income: FilerFacts | None = None
    """Next year's whole income by name, where the taxpayer states this year's; the same again when left out."""
    bands_by: Literal["december", "january"] = "december"
    """When every segment has to be inside its band: after the trades of this year, or only after those of January."""
    gifts_may_wait: Claim = False
    """Whether gifts promised may be made in January and deducted next year."""


class Problem(Document):
    """One household's question to the optimizer."""

    format: Literal["bandwise.problem/1"] = "bandwise.problem/1"
    household: str = "household"
    as_of: Day
    """The day the plan is made and traded; prices and lots are of this day."""
    taxpayer: Taxpayer
    owners: tuple[OwnerFacts, ...] = ()
    accounts: Annotated[tuple[AccountFacts, ...], Field(min_length=1)]
    securities: Annotated[tuple[SecurityFacts, ...], Field(min_length=1)]
    segments: Annotated[tuple[SegmentFacts, ...], Field(min_length=1)]
    lots: tuple[LotFacts, ...] = ()
    loss_sales: tuple[LossSale, ...] = ()
    income: tuple[IncomePayment, ...] = ()
    reinvestments: tuple[Reinvestment, ...] = ()
    contributions: tuple[ContributionOrder, ...] = ()
    pay_days: tuple[PayDay, ...] = ()
    """Contributions that are due after `as_of`: the plan states them, and `bandwise invest scheduled` walks along them."""
    withdrawals: tuple[WithdrawalOrder, ...] = ()
    donations: tuple[DonationOrder, ...] = ()
    benchmark: Benchmark | None = None
    """A benchmark to follow name by name, beside the segments; left out by a household of funds."""
    outlook: Outlook = Outlook()
    wishes: Wishes = Wishes()
    blocks: dict[Identifier, dict[str, JsonValue]] = Field(default_factory=dict)
    """Rules of installed packages by name, with their options; see :mod:`optimizer.model.custom`."""
    next_year: NextYear = NextYear()
    levers: tuple[Lever, ...] = tuple(Lever)
    """The levers the plan may pull; all six when left out."""
    scope: Scope = Scope()
    """How far the question reaches; to everything when left out."""
    remarks: tuple[str, ...] = ()
    """What was doubtful where the question was read, in sentences; every plan repeats them among its notes."""

    def set_aside(self) -> dict[str, Money]:
        """Dollars of every account that are kept apart for a purpose on the day of the plan, by account."""
        kept = {account.id: ZERO for account in self.accounts}
        for each in self.wishes.set_asides:
            if each.is_kept_on(self.as_of):
                kept[each.account] += each.amount
        return kept

    def cash_kept(self) -> tuple[Money, ...]:
        """Cash that the plan leaves in every account: its floor and what is set aside there, in the order of the accounts."""
        apart = self.set_aside()
        return tuple(account.cash_floor + apart[account.id] for account in self.accounts)

    def digest(self) -> str:
        """A SHA-256 of the document, by which a plan names the question it answers.

        What is left at its default does not count, so that a field added later changes no name.
        """
        return hashlib.sha256(self.model_dump_json(exclude_defaults=True).encode()).hexdigest()

    def without(self, *levers: Lever) -> "Problem":
        """The same question with some levers switched off."""
        return self.model_copy(update={"levers": tuple(lever for lever in self.levers if lever not in levers)})
