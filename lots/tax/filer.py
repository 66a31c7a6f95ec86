"""What a filer states about the year, every amount under its own name.

What is left out of this document is left out of the tax: credits, self-employment and rental schedules, dependants'
limits, foreign income, stock options, passive losses and the allocation of state tax to investment income.
:data:`NOT_MODELLED` lists them so that a report can say so.
"""

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum

from lots.errors import InputError
from lots.law import FilingStatus
from lots.law.states import CODES
from lots.units import ZERO, Money, Rate

NOT_MODELLED = (
    "credits (child, education, foreign tax, premium and every other)",
    "self-employment, rental, farm and partnership schedules and the qualified business income deduction",
    "the standard deduction of a dependant",
    "stock options and other preference items of the AMT",
    "the reduction of qualified charitable distributions by IRA contributions deducted after 70½",
    "expenses allocated to net investment income (Form 8960 lines 9-10)",
    "the deductions for tips, overtime and car loan interest (Schedule 1-A parts II-IV)",
    "married couples' joint returns with one spouse a non-resident, and part-year residents of a state",
)


class TaxMethod(StrEnum):
    """How line 16 looks up the tax on ordinary income."""

    SCHEDULE = "schedule"
    """The formula at every income, exact to the cent."""
    TABLE = "table"
    """The Tax Table's fifty-dollar rows and whole dollars below its end, as a printed return has it."""


def age_on_return(birth_date: date, year: int) -> int:
    """Completed years by which a return of `year` counts its filer.

    An age is reached on the day before the birthday, so who was born on 1 January counts as a year older (Pub. 501).

    Examples
    --------
    >>> age_on_return(date(1962, 1, 1), 2026), age_on_return(date(1962, 1, 2), 2026)
    (65, 64)
    """
    return year - birth_date.year + ((birth_date.month, birth_date.day) == (1, 1))


class Way(StrEnum):
    """The choice of Form 1040 line 12e."""

    STANDARD = "standard"
    ITEMIZED = "itemized"


class GiftKind(StrEnum):
    """The classes of charitable gifts with a limit of their own (IRC 170(b)(1)), in the order Pub. 526 deducts them."""

    CASH = "cash"
    GENERAL = "general"
    LONG_PROPERTY = "long_property"
    PRIVATE_CASH = "private_cash"
    PRIVATE_PROPERTY = "private_property"


@dataclass(frozen=True, slots=True)
class GiftCarryover:
    """An unused gift of an earlier year: the year it was made, its class, dollars left."""

    year: int
    kind: GiftKind
    amount: Money


@dataclass(frozen=True, slots=True)
class StateResidence:
    """Where the filer is a resident all year.

    `code` is the postal code. A state without law data needs the user's own marginal `rate` as a fraction, and `long_rate`
    where long-term gains are taxed at another one. `law_year` asks for the state's law of another year; the return says so.
    """

    code: str
    rate: Rate | None = None
    long_rate: Rate | None = None
    law_year: int | None = None

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise InputError(f"{self.code!r} is the postal code of no state; use one such as CA, NY or DC.")


@dataclass(frozen=True, slots=True)
class Filer:
    """A year's facts in dollars; losses are negative, carryovers and deductions are stated as numbers of zero or more.

    Parameters
    ----------
    age, spouse_age : reached by the end of the year; somebody born on 1 January counts as a year older the day before.
    ordinary_dividends : all of box 1a, the qualified ones included.
    long_gain : all long-term results with capital gain distributions; `collectibles_gain` and `unrecaptured_1250_gain`
        are parts of it.
    interest : taxable interest; `treasury_interest` is the part that states may not tax.
    ira_withdrawals, pensions : taxable distributions before any qualified charitable distribution; Roth conversions are
        withdrawals. `early_withdrawals` is the part of both that bears the additional tax.
    hsa_withdrawals : not medical; `early_hsa_withdrawals` is the part taken before the age that frees it.
    college_earnings : the earnings part of withdrawals from a 529 plan that did not pay for education.
    short_property_gifts : at basis, or at value where that is less; `long_property_gifts` at fair market value.
    fund_gifts : cash to a donor-advised fund, which is a public charity but not one for those who do not itemise.
    way : the choice of line 12e; without one, whichever owes less federal tax.
    is_living_apart : married filing separately, apart from the spouse all year.
    """

    status: FilingStatus
    age: int | None = None
    spouse_age: int | None = None
    is_blind: bool = False
    is_spouse_blind: bool = False
    is_living_apart: bool = False
    has_itemizing_spouse: bool = False
    wages: Money = ZERO
    interest: Money = ZERO
    treasury_interest: Money = ZERO
    exempt_interest: Money = ZERO
    ordinary_dividends: Money = ZERO
    qualified_dividends: Money = ZERO
    short_gain: Money = ZERO
    long_gain: Money = ZERO
    collectibles_gain: Money = ZERO
    unrecaptured_1250_gain: Money = ZERO
    short_carryover: Money = ZERO
    long_carryover: Money = ZERO
    ira_withdrawals: Money = ZERO
    pensions: Money = ZERO
    early_withdrawals: Money = ZERO
    qualified_charitable_distributions: Money = ZERO
    spouse_qualified_charitable_distributions: Money = ZERO
    hsa_withdrawals: Money = ZERO
    early_hsa_withdrawals: Money = ZERO
    college_earnings: Money = ZERO
    social_security: Money = ZERO
    other_income: Money = ZERO
    other_investment_income: Money = ZERO
    ira_deduction: Money = ZERO
    hsa_deduction: Money = ZERO
    other_adjustments: Money = ZERO
    medical_expenses: Money = ZERO
    state_taxes: Money = ZERO
    property_taxes: Money = ZERO
    mortgage_interest: Money = ZERO
    other_itemized: Money = ZERO
    cash_gifts: Money = ZERO
    fund_gifts: Money = ZERO
    short_property_gifts: Money = ZERO
    long_property_gifts: Money = ZERO
    private_cash_gifts: Money = ZERO
    private_property_gifts: Money = ZERO
    gift_carryovers: tuple[GiftCarryover, ...] = ()
    residence: StateResidence | None = None
    method: TaxMethod = TaxMethod.SCHEDULE
    way: Way | None = None

    def __post_init__(self) -> None:
        for name in AMOUNTS:
            value = getattr(self, name)
            if value.__class__ is not Decimal:
                raise TypeError(f"{name} must be a Decimal, found {value!r}")
            if value < 0 and name not in SIGNED:
                raise InputError(f"{name} is {value}; it is stated as a number of zero or more.")
            if not -LARGEST < value < LARGEST:
                raise InputError(f"{name} is {value:.3e}; expected dollars below {LARGEST:.0e}, beyond which cents are lost.")
        self._check_parts()
        self._check_ages()

    def _check_parts(self) -> None:
        parts = (
            ("qualified_dividends", self.qualified_dividends, "ordinary_dividends", self.ordinary_dividends),
            ("treasury_interest", self.treasury_interest, "interest", self.interest),
            ("early_hsa_withdrawals", self.early_hsa_withdrawals, "hsa_withdrawals", self.hsa_withdrawals),
            (
                "early_withdrawals",
                self.early_withdrawals,
                "ira_withdrawals + pensions",
                self.ira_withdrawals + self.pensions,
            ),
            ("qualified charitable distributions", self.all_qcds, "ira_withdrawals", self.ira_withdrawals),
        )
        for name, part, whole_name, whole in parts:
            if part > whole:
                raise InputError(f"{name} of {part} are a part of {whole_name}, which is only {whole}; state the whole.")

    def _check_ages(self) -> None:
        is_alone = self.status is not FilingStatus.MFJ
        if is_alone and (self.spouse_age is not None or self.is_spouse_blind or self.spouse_qualified_charitable_distributions):
            raise InputError(f"A {self.status.value} return has one person on it; leave out the spouse's facts.")
        if self.status is not FilingStatus.MFS and (self.is_living_apart or self.has_itemizing_spouse):
            raise InputError(f"is_living_apart and has_itemizing_spouse belong to status mfs; found {self.status.value}.")
        for name, age in (("age", self.age), ("spouse_age", self.spouse_age)):
            if age is not None and not 0 <= age <= 130:
                raise InputError(f"{name} is {age}; expected completed years between 0 and 130.")

    @property
    def all_qcds(self) -> Money:
        """Qualified charitable distributions of both spouses before their limits."""
        return self.qualified_charitable_distributions + self.spouse_qualified_charitable_distributions

    @property
    def threshold_status(self) -> FilingStatus:
        """The status whose income thresholds apply: a separate filer who lives apart has those of a single one."""
        return FilingStatus.SINGLE if self.is_living_apart else self.status


LARGEST = Money(10) ** 15
SIGNED = frozenset(
    {"short_gain", "long_gain", "collectibles_gain", "other_income", "other_investment_income"},
)
AMOUNTS = tuple(item.name for item in fields(Filer) if item.type is Money or item.type == "Money")
