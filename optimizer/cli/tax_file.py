"""The document behind `bandwise tax`: a year's facts, every amount in dollars under its own name."""

from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, model_validator

from lots.law import FilingStatus, Law, extrapolate_law, load_law
from lots.tax.filer import AMOUNTS, Filer, GiftCarryover, GiftKind, StateResidence, TaxMethod, Way
from lots.tax.margins import MarketplaceCover
from optimizer.documents import Document, Dollars, Fraction, PositiveDollars
from optimizer.taxpayer import StateCode

ZERO = Decimal(0)
Age = Annotated[int, Field(ge=0, le=130, json_schema_extra={"unit": "completed years at the end of the tax year"})]
Year = Annotated[int, Field(ge=1990, le=2100, json_schema_extra={"unit": "calendar year"})]


class CarriedGift(Document):
    """A gift of an earlier year that its limit has kept from being deducted."""

    year: Year
    """The year it was made."""
    kind: GiftKind
    """Its class, which decides the limit."""
    amount: PositiveDollars
    """What is left of it."""


class State(Document):
    """The state of residence."""

    code: StateCode
    """Postal code, such as CA."""
    rate: Fraction | None = None
    """Your own rate, for a state that is not on file; of federal taxable income."""
    long_rate: Fraction | None = None
    """Your own rate on long-term gains, where it is another one."""
    law_year: Year | None = None
    """The year whose state law is used, where the tax year's own is not on file; the return is stamped with it."""


class Marketplace(Document):
    """Health insurance bought on a marketplace with a premium credit."""

    household_size: Annotated[int, Field(ge=1, le=20, json_schema_extra={"unit": "people"})]
    """People in the tax household."""
    benchmark_premium: PositiveDollars | None = None
    """A year of the second-lowest-cost silver plan, to price the loss of the credit."""


class TaxFile(Document):
    """What `bandwise tax` reads. Every amount is zero unless stated."""

    year: Year
    """The tax year."""
    status: FilingStatus
    """Filing status: single, mfj (joint), mfs (separate), hoh (head of household), qss (surviving spouse)."""
    extrapolate_from: Year | None = None
    """A year on file whose figures stand in for a tax year that is not; the return is stamped with it."""
    age: Age | None = None
    """The filer's age."""
    spouse_age: Age | None = None
    """The spouse's age on a joint return."""
    is_blind: bool = False
    """Whether the filer is blind."""
    is_spouse_blind: bool = False
    """Whether the spouse on a joint return is blind."""
    is_living_apart: bool = False
    """Whether a separate filer lived apart from the spouse all year."""
    has_itemizing_spouse: bool = False
    """Whether a separate filer's spouse itemises."""
    wages: PositiveDollars = ZERO
    """Wages and salaries, taken as Medicare wages too."""
    interest: PositiveDollars = ZERO
    """Taxable interest, Treasury interest included."""
    treasury_interest: PositiveDollars = ZERO
    """The part of interest that comes from the Treasury, which states may not tax."""
    exempt_interest: PositiveDollars = ZERO
    """Interest exempt from federal tax; it counts for social security and Medicare premiums."""
    ordinary_dividends: PositiveDollars = ZERO
    """All of box 1a of the dividend statements, the qualified ones included."""
    qualified_dividends: PositiveDollars = ZERO
    """The part of ordinary_dividends that is taxed like long-term gain."""
    short_gain: Dollars = ZERO
    """The year's short-term gains less losses; negative for a net loss."""
    long_gain: Dollars = ZERO
    """The year's long-term gains less losses, with capital gain distributions; negative for a net loss."""
    collectibles_gain: Dollars = ZERO
    """The part of long_gain that is taxed at up to 28 %."""
    unrecaptured_1250_gain: PositiveDollars = ZERO
    """The part of long_gain that is taxed at up to 25 %: depreciation of buildings."""
    short_carryover: PositiveDollars = ZERO
    """Short-term loss carried in from last year, as a number of zero or more."""
    long_carryover: PositiveDollars = ZERO
    """Long-term loss carried in from last year, as a number of zero or more."""
    ira_withdrawals: PositiveDollars = ZERO
    """Taxable IRA distributions, Roth conversions and qualified charitable distributions included."""
    pensions: PositiveDollars = ZERO
    """Taxable pensions, annuities and distributions from plans at work."""
    early_withdrawals: PositiveDollars = ZERO
    """The part of both that bears the additional tax on early distributions."""
    qualified_charitable_distributions: PositiveDollars = ZERO
    """The part of ira_withdrawals that went from the filer's IRA straight to charities."""
    spouse_qualified_charitable_distributions: PositiveDollars = ZERO
    """The same from the spouse's IRA."""
    hsa_withdrawals: PositiveDollars = ZERO
    """Withdrawals from health savings accounts that did not pay for health."""
    early_hsa_withdrawals: PositiveDollars = ZERO
    """The part of them taken before the age that frees them."""
    college_earnings: PositiveDollars = ZERO
    """The earnings part of 529 withdrawals that did not pay for education."""
    social_security: PositiveDollars = ZERO
    """All social security benefits, before any exclusion."""
    other_income: Dollars = ZERO
    """Any other ordinary income that is not from investments."""
    other_investment_income: Dollars = ZERO
    """Rents, royalties and other income that the net investment income tax counts."""
    ira_deduction: PositiveDollars = ZERO
    """Deductible IRA contributions."""
    hsa_deduction: PositiveDollars = ZERO
    """Deductible contributions to health savings accounts."""
    other_adjustments: PositiveDollars = ZERO
    """Any other adjustment to income of Schedule 1 Part II."""
    medical_expenses: PositiveDollars = ZERO
    """Medical expenses paid, before the share of income that is not deductible."""
    state_taxes: PositiveDollars = ZERO
    """State and local income or sales taxes paid."""
    property_taxes: PositiveDollars = ZERO
    """Property taxes paid."""
    mortgage_interest: PositiveDollars = ZERO
    """Deductible mortgage interest."""
    other_itemized: PositiveDollars = ZERO
    """Any other itemised deduction."""
    cash_gifts: PositiveDollars = ZERO
    """Cash given to public charities other than donor-advised funds."""
    fund_gifts: PositiveDollars = ZERO
    """Cash given to a donor-advised fund."""
    short_property_gifts: PositiveDollars = ZERO
    """Securities held a year or less given to public charities, at basis or value, whichever is less."""
    long_property_gifts: PositiveDollars = ZERO
    """Securities held longer than a year given to public charities, at fair market value."""
    private_cash_gifts: PositiveDollars = ZERO
    """Cash given to private foundations."""
    private_property_gifts: PositiveDollars = ZERO
    """Securities held longer than a year given to private foundations, at fair market value."""
    gift_carryovers: tuple[CarriedGift, ...] = ()
    """Gifts of the last five years not yet deducted."""
    state: State | None = None
    """The state of residence; no state tax without it."""
    marketplace: Marketplace | None = None
    """State it where a premium credit is at stake."""
    method: TaxMethod = TaxMethod.SCHEDULE
    """schedule, exact at every income, or table, the printed Tax Table's rows."""
    way: Way | None = None
    """standard or itemized to force it; without it, whichever owes less."""

    @model_validator(mode="after")
    def _spouse_only_on_a_joint_return(self) -> Self:
        if self.spouse_age is not None and self.status is not FilingStatus.MFJ:
            raise ValueError("spouse_age only on a joint return (status mfj)")
        return self

    def law(self) -> Law:
        """The federal law that the file asks for."""
        return load_law(self.year) if self.extrapolate_from is None else extrapolate_law(self.year, self.extrapolate_from)

    def cover(self) -> MarketplaceCover | None:
        """The marketplace insurance, if any."""
        place = self.marketplace
        return MarketplaceCover(place.household_size, place.benchmark_premium) if place else None

    def filer(self) -> Filer:
        """The same facts as the law's own type.

        Raises
        ------
        InputError
            If the facts contradict each other.
        """
        state = self.state
        return Filer(
            status=self.status,
            age=self.age,
            spouse_age=self.spouse_age,
            is_blind=self.is_blind,
            is_spouse_blind=self.is_spouse_blind,
            is_living_apart=self.is_living_apart,
            has_itemizing_spouse=self.has_itemizing_spouse,
            gift_carryovers=tuple(GiftCarryover(gift.year, gift.kind, gift.amount) for gift in self.gift_carryovers),
            residence=StateResidence(state.code, state.rate, state.long_rate, state.law_year) if state else None,
            method=self.method,
            way=self.way,
            **{name: getattr(self, name) for name in AMOUNTS},
        )
