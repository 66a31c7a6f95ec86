"""Who files: flat marginal rates, or the year's income by name from which the law's whole return is computed.

Part of the problem document. Rates are what a household may know without its return; with `income` every threshold, phase-out
and limit of the federal return counts, and the plan states that return with and without itself.
"""

from decimal import Decimal
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from lots.law import FilingStatus, Law, extrapolate_law, law_years, load_law
from lots.law.states import CODES
from lots.tax.filer import Filer, StateResidence
from lots.units import ZERO
from optimizer.documents import Claim, Document, Dollars, Fraction, PositiveDollars

Age = Annotated[int, Field(strict=True, ge=0, le=130, json_schema_extra={"unit": "completed years at the end of the tax year"})]


class MarginalRates(Document):
    """What one more dollar of each kind costs this year: federal, state and net investment income tax together."""

    ordinary: Fraction
    """Rate on ordinary income and short-term gains."""
    long_term: Fraction
    """Rate on long-term gains and qualified dividends; not above `ordinary`."""
    deduction: Fraction | None = None
    """What a dollar of charitable deduction saves: `ordinary` when left out, 0 for a household that
    does not itemise."""

    @model_validator(mode="after")
    def _long_term_is_not_above_ordinary(self) -> Self:
        if self.long_term > self.ordinary:
            raise ValueError(f"a long_term rate not above the ordinary rate of {self.ordinary}")
        return self

    @property
    def deduction_rate(self) -> Decimal:
        """What a dollar of charitable deduction saves."""
        return self.ordinary if self.deduction is None else self.deduction


class GainsToDate(Document):
    """Gains and losses that the year holds already, before the plan."""

    short: Dollars = ZERO
    """Net short-term gain realised this year to date, carryovers left out; negative for a loss."""
    long: Dollars = ZERO
    """Net long-term gain realised this year to date, carryovers left out; negative for a loss."""
    short_carryover: PositiveDollars = ZERO
    """Short-term loss carried in from last year, a number of zero or more."""
    long_carryover: PositiveDollars = ZERO
    """Long-term loss carried in from last year, a number of zero or more."""
    expected_short: Dollars = ZERO
    """Short-term gain still expected this year from elsewhere."""
    expected_long: Dollars = ZERO
    """Long-term gain still expected this year from elsewhere, such as capital-gain distributions of funds."""

    @property
    def net_short(self) -> Decimal:
        """Schedule D line 7 before the plan."""
        return self.short + self.expected_short - self.short_carryover

    @property
    def net_long(self) -> Decimal:
        """Schedule D line 15 before the plan."""
        return self.long + self.expected_long - self.long_carryover


def _known_state(code: str) -> str:
    if code not in CODES:
        raise ValueError("the postal code of a state, such as CA, NY or DC")
    return code


StateCode = Annotated[str, Field(pattern="^[A-Z]{2}$"), AfterValidator(_known_state)]
"""A postal code that some state has."""


class StateFacts(Document):
    """The state of residence and the household's own marginal rate there."""

    code: StateCode
    """Postal code, such as CA."""
    rate: Fraction | None = None
    """Your own rate on federal taxable income; may be left out where the state has no income tax."""
    long_rate: Fraction | None = None
    """Your own rate on long-term gains where it is a lower one."""


class FilerFacts(Document):
    """The year's income, deductions and gifts by name, the whole year's, without the plan; gains stand in `gains`.

    What the optimizer cannot plan with is not asked for: gains at 25 and 28 %, gifts to private foundations, gifts carried in
    from earlier years, and qualified charitable distributions.
    """

    age: Age | None = None
    spouse_age: Age | None = None
    is_blind: Claim = False
    is_spouse_blind: Claim = False
    is_living_apart: Claim = False
    """Married filing separately, apart from the spouse all year."""
    has_itemizing_spouse: Claim = False
    """Whether a separate filer's spouse itemises."""
    wages: PositiveDollars = ZERO
    """Taken as Medicare wages too."""
    interest: PositiveDollars = ZERO
    """Taxable interest."""
    exempt_interest: PositiveDollars = ZERO
    """Interest exempt from federal tax; it counts for social security."""
    ordinary_dividends: PositiveDollars = ZERO
    """All of box 1a, the qualified ones included."""
    qualified_dividends: PositiveDollars = ZERO
    """The part of ordinary_dividends that is taxed like long-term gain."""
    ira_withdrawals: PositiveDollars = ZERO
    """Taxable IRA distributions besides the plan's."""
    pensions: PositiveDollars = ZERO
    early_withdrawals: PositiveDollars = ZERO
    """The part of both that bears the additional tax on early distributions."""
    social_security: PositiveDollars = ZERO
    """All benefits, before any exclusion."""
    other_income: Dollars = ZERO
    """Any other ordinary income that is not from investments."""
    other_investment_income: Dollars = ZERO
    """Rents, royalties and other income that the net investment income tax counts."""
    ira_deduction: PositiveDollars = ZERO
    """Deductible IRA contributions besides the plan's."""
    hsa_deduction: PositiveDollars = ZERO
    other_adjustments: PositiveDollars = ZERO
    medical_expenses: PositiveDollars = ZERO
    state_taxes: PositiveDollars = ZERO
    """State and local income or sales taxes paid."""
    property_taxes: PositiveDollars = ZERO
    mortgage_interest: PositiveDollars = ZERO
    other_itemized: PositiveDollars = ZERO
    cash_gifts: PositiveDollars = ZERO
    """Gifts in cash to public charities, those of the plan left out."""
    fund_gifts: PositiveDollars = ZERO
    """Cash to a donor-advised fund."""
    short_property_gifts: PositiveDollars = ZERO
    """Gifts of property held short-term, at what they count for."""
    long_property_gifts: PositiveDollars = ZERO
    """Gifts of property held long-term, at value."""
    state: StateFacts | None = None

    def filer(self, status: FilingStatus, gains: GainsToDate) -> Filer:
        """The same facts, with the year's gains, as the law's own type.

        Raises
        ------
        lots.errors.InputError
            If the facts contradict each other.
        """
        named = {name: getattr(self, name) for name in type(self).model_fields if name != "state"}
        state = self.state
        return Filer(
            status=status,
            short_gain=gains.short + gains.expected_short,
            long_gain=gains.long + gains.expected_long,
            short_carryover=gains.short_carryover,
            long_carryover=gains.long_carryover,
            residence=StateResidence(state.code, state.rate, state.long_rate) if state else None,
            **named,
        )


class Taxpayer(Document):
    """Who files, for which year, at which rates or on which income, and what the year holds already."""

    year: Annotated[int, Field(ge=1913, le=2200, json_schema_extra={"unit": "calendar year"})]
    """The tax year the plan falls into."""
    filing_status: FilingStatus
    """Sets the limit on deductible losses, among others."""
    rates: MarginalRates | None = None
    """Flat marginal rates; exactly one of `rates` and `income` is given."""
    income: FilerFacts | None = None
    """The year's income by name; the tax is then the law's whole return."""
    gains: GainsToDate = GainsToDate()
    extrapolate_from: Annotated[int, Field(ge=1913, le=2200, json_schema_extra={"unit": "calendar year"})] | None = None
    """An older year whose figures stand in where those of `year` are not on file; what rests on them is stamped."""
    thresholds_rise: Fraction = ZERO
    """By how much brackets and thresholds that are indexed are raised above those of the older year."""

    @model_validator(mode="after")
    def _rates_or_income(self) -> Self:
        if (self.rates is None) == (self.income is None):
            raise ValueError(f"exactly one of rates and income, not {'both' if self.rates else 'neither'}")
        return self

    @property
    def has_law(self) -> bool:
        """Whether the year's figures, or those of the older year in their place, are on file."""
        return (self.year if self.extrapolate_from is None else self.extrapolate_from) in law_years()

    def law(self) -> Law:
        """The law of the year, or the older year's in its place.

        Raises
        ------
        lots.errors.LawError
            If the year's figures are not on file and no other year's may stand in, or are and another's were asked for.
        """
        if self.extrapolate_from is None:
            return load_law(self.year)
        return extrapolate_law(self.year, self.extrapolate_from, self.thresholds_rise)

    def filer(self) -> Filer:
        """The filer without the plan; needs `income`."""
        assert self.income is not None
        return self.income.filer(self.filing_status, self.gains)
