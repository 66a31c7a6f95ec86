"""The tables of household.toml: what a person may write, in per cent and dollars.

The bare document counts weights as fractions and knows no defaults for bands; this file is for people, so it has
both. A field that is left out takes the document's own default, stated once, in `optimizer.problem`."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, JsonValue, StrictBool

from lots.accounts import AccountKind
from lots.law import FilingStatus
from optimizer.documents import Document
from optimizer.household.benchmark_files import BenchmarkTable
from optimizer.household.strategy_tables import BandsTable, BandWords, TargetsTable, WatchTable
from optimizer.household.values import (
    BasisPoints,
    Day,
    Dollars,
    Name,
    Percentage,
    PlanDay,
    PositiveDollars,
    ShareCount,
    ShareStep,
    Symbol,
    TaxRate,
    WholeDays,
    Years,
    listed,
)
from optimizer.household.wishes_tables import WishesTable
from optimizer.problem import GiftWay, Lever

Age = Annotated[int, Field(strict=True, ge=0, le=130)]
Year = Annotated[int, Field(strict=True, ge=1913, le=2200)]
OneOrMore = Annotated[tuple[Name, ...], Field(min_length=1), BeforeValidator(listed)]


class GainsTable(Document):
    """`[taxpayer.gains]`: what the year holds already, in dollars."""

    short: Dollars | None = None
    long: Dollars | None = None
    short_carryover: PositiveDollars | None = None
    long_carryover: PositiveDollars | None = None
    expected_short: Dollars | None = None
    expected_long: Dollars | None = None


class StateTable(Document):
    """`[taxpayer.income.state]`: where the household lives, and its own rates there, in per cent."""

    code: Annotated[str, Field(pattern="^[A-Z]{2}$")]
    rate_pct: TaxRate | None = None
    long_rate_pct: TaxRate | None = None


class FilerTable(Document):
    """`[taxpayer.income]`: the year's income, deductions and gifts in dollars, in the words of the document."""

    age: Age | None = None
    spouse_age: Age | None = None
    is_blind: StrictBool | None = None
    is_spouse_blind: StrictBool | None = None
    is_living_apart: StrictBool | None = None
    has_itemizing_spouse: StrictBool | None = None
    wages: PositiveDollars | None = None
    interest: PositiveDollars | None = None
    exempt_interest: PositiveDollars | None = None
    ordinary_dividends: PositiveDollars | None = None
    qualified_dividends: PositiveDollars | None = None
    ira_withdrawals: PositiveDollars | None = None
    pensions: PositiveDollars | None = None
    early_withdrawals: PositiveDollars | None = None
    social_security: PositiveDollars | None = None
    other_income: Dollars | None = None
    other_investment_income: Dollars | None = None
    ira_deduction: PositiveDollars | None = None
    hsa_deduction: PositiveDollars | None = None
    other_adjustments: PositiveDollars | None = None
    medical_expenses: PositiveDollars | None = None
    state_taxes: PositiveDollars | None = None
    property_taxes: PositiveDollars | None = None
    mortgage_interest: PositiveDollars | None = None
    other_itemized: PositiveDollars | None = None
    cash_gifts: PositiveDollars | None = None
    fund_gifts: PositiveDollars | None = None
    short_property_gifts: PositiveDollars | None = None
    long_property_gifts: PositiveDollars | None = None
    state: StateTable | None = None


class TaxpayerTable(Document):
    """`[taxpayer]`: who files, and what one more dollar costs in per cent or the year's income by name."""

    year: Year | None = None
    """The year of `as_of` when left out."""
    filing_status: FilingStatus
    ordinary_pct: TaxRate | None = None
    """Needed with `long_term_pct` unless there is a table `[taxpayer.income]`, and out of place beside one."""
    long_term_pct: TaxRate | None = None
    deduction_pct: TaxRate | None = None
    income: FilerTable | None = None
    gains: GainsTable = GainsTable()
    extrapolate_from: Year | None = None


class NextYearTable(Document):
    """`[next_year]`: what differs from this year, and what may wait for January."""

    ordinary_pct: TaxRate | None = None
    long_term_pct: TaxRate | None = None
    deduction_pct: TaxRate | None = None
    income: FilerTable | None = None
    bands_by: Literal["december", "january"] | None = None
    gifts_may_wait: StrictBool | None = None


class OwnerTable(Document):
    """`[owners.NAME]`."""

    birth_date: Day | None = None
    charitable_distributions: PositiveDollars | None = None


class AccountTable(Document):
    """`[accounts.NAME]`, in the words of the document."""

    kind: AccountKind
    name: str | None = None
    numbers: tuple[str, ...] = ()
    """What brokers' files call the account; an import asks for it, a plan has no use for it."""
    owner: Name | None = None
    cash: PositiveDollars | None = None
    cash_floor: PositiveDollars | None = None
    menu: tuple[Symbol, ...] | None = None
    contribution_room: PositiveDollars | None = None
    contribution_deductible: StrictBool | None = None
    contributions_made: PositiveDollars | None = None
    withdrawals_allowed: StrictBool | None = None
    traded: StrictBool | None = None
    share_step: ShareStep | None = None
    do_not_sell: tuple[Symbol, ...] | None = None
    do_not_buy: tuple[Symbol, ...] | None = None
    max_sold: PositiveDollars | None = None
    max_bought: PositiveDollars | None = None
    fee_bps: BasisPoints | None = None
    ticket_fee: PositiveDollars | None = None


class SegmentTable(BandWords):
    """`[segments.NAME]`."""

    target_pct: Percentage | None = None
    """Needed for a segment without parts; the sum of its parts when a parent leaves it out."""
    name: str | None = None
    parent: Name | None = None


class SecurityTable(Document):
    """`[securities.SYMBOL]`: one segment, or a percentage of several."""

    segment: Name | None = None
    exposures_pct: dict[Name, Percentage] | None = None
    name: str | None = None
    half_spread_bps: BasisPoints | None = None
    ordinary_yield_pct: Percentage | None = None
    qualified_yield_pct: Percentage | None = None
    volatility_pct: Percentage | None = None
    identical_group: Name | None = None


class IncomeTable(Document):
    """`[[income]]`."""

    account: Name
    amount: PositiveDollars
    paid_by: Symbol | None = None


class ReinvestmentTable(Document):
    """`[[reinvestments]]`."""

    account: Name
    symbols: Annotated[tuple[Symbol, ...], BeforeValidator(listed)] | None = None
    next_pay: PlanDay | None = None
    amount: PositiveDollars | None = None
    can_be_switched_off: StrictBool | None = None


class ContributionTable(Document):
    """`[[contributions]]`."""

    amount: PositiveDollars
    into: OneOrMore
    on: PlanDay | None = None
    """Today when left out."""


class SourcedTable(Document):
    """What `[[withdrawals]]` and `[[donations]]` share; `from` is the document's `sources`."""

    amount: PositiveDollars
    sources: OneOrMore = Field(alias="from")


class WithdrawalTable(SourcedTable):
    """`[[withdrawals]]`."""

    net: StrictBool | None = None


class DonationTable(SourcedTable):
    """`[[donations]]`."""

    ways: Annotated[tuple[GiftWay, ...], Field(min_length=1), BeforeValidator(listed)] | None = None
    up_to: StrictBool | None = None
    least_saving_pct: Percentage | None = None


class LossSaleTable(Document):
    """`[[loss_sales]]`."""

    account: Name
    symbol: Symbol
    sold: Day
    shares: ShareCount
    loss: PositiveDollars


class OutlookTable(Document):
    """`[outlook]`: forecasts, in per cent and years."""

    future_long_term_pct: TaxRate | None = None
    discount_pct: Percentage | None = None
    horizon_years: Years | None = None
    untaxed_pct: Percentage | None = None
    carryforward_value_pct: Percentage | None = None
    location_years: Years | None = None
    retirement_pct: TaxRate | None = None


class HouseholdTables(Document):
    """The whole of household.toml."""

    household: str | None = None
    as_of: PlanDay
    max_price_age_days: WholeDays = 7
    levers: tuple[Lever, ...] | None = None
    taxpayer: TaxpayerTable
    owners: dict[Name, OwnerTable] = Field(default_factory=dict)
    accounts: Annotated[dict[Name, AccountTable], Field(min_length=1)]
    bands: BandsTable = BandsTable()
    targets: TargetsTable | None = None
    watch: WatchTable = WatchTable()
    segments: Annotated[dict[Name, SegmentTable], Field(min_length=1)]
    securities: dict[Symbol, SecurityTable] = Field(default_factory=dict)
    income: tuple[IncomeTable, ...] = ()
    reinvestments: tuple[ReinvestmentTable, ...] = ()
    contributions: tuple[ContributionTable, ...] = ()
    withdrawals: tuple[WithdrawalTable, ...] = ()
    donations: tuple[DonationTable, ...] = ()
    loss_sales: tuple[LossSaleTable, ...] = ()
    wishes: WishesTable = WishesTable()
    outlook: OutlookTable = OutlookTable()
    blocks: dict[Name, dict[str, JsonValue]] = Field(default_factory=dict)
    next_year: NextYearTable = NextYearTable()
    benchmark: BenchmarkTable | None = None
