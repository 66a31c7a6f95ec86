"""The whole return: from a filer's facts to what is owed, line by line, and what is carried to next year.

Both ways of Form 1040 line 12e are computed to the end, tax beside the alternative minimum tax, and the one that owes
less is the return: a smaller deduction can owe less where it also counts for the AMT. The state's tax is added where
the filer names one.
"""

from dataclasses import dataclass
from typing import NamedTuple

from lots.law import Law
from lots.tax.charity import Gifts, deductible_gifts
from lots.tax.deductions import Deductions, itemized_way, standard_way
from lots.tax.filer import Filer, GiftCarryover, Way
from lots.tax.income import Income, income_of
from lots.tax.netting import carry_losses, used_loss
from lots.tax.regular import Preferences, RegularTax, regular_tax
from lots.tax.sheet import Line, Sheet
from lots.tax.state import StateTax, state_tax
from lots.tax.surtaxes import (
    additional_medicare_tax,
    alternative_minimum_tax,
    net_investment_income_tax,
    withdrawal_penalties,
)
from lots.units import ZERO, Money, cents


@dataclass(frozen=True, slots=True)
class Return:
    """A computed return; every amount is in unrounded dollars, and :attr:`total` rounds the sum to the cent.

    `ordinary_income` and `preferential_income` are the two parts of taxable income as the worksheets split them;
    `amt_income` is Form 6251 line 4. `stamp` says so when the law is an extrapolation.
    """

    filer: Filer
    year: int
    stamp: str
    lines: tuple[Line, ...]
    agi: Money
    way: Way
    deductions: Money
    taxable_income: Money
    ordinary_income: Money
    preferential_income: Money
    regular_tax: Money
    amt_income: Money
    amt: Money
    niit: Money
    additional_medicare: Money
    penalties: Money
    state: StateTax | None
    short_carryover: Money
    long_carryover: Money
    gift_carryovers: tuple[GiftCarryover, ...]

    @property
    def exact_federal(self) -> Money:
        """Form 1040 line 24, unrounded; it is what marginal rates are measured on."""
        return self.regular_tax + self.amt + self.niit + self.additional_medicare + self.penalties

    @property
    def exact_total(self) -> Money:
        """Federal and state tax, unrounded."""
        return self.exact_federal + (self.state.tax if self.state else ZERO)

    @property
    def federal_tax(self) -> Money:
        """Form 1040 line 24 in dollars and cents."""
        return cents(self.exact_federal)

    @property
    def state_tax(self) -> Money:
        """The state's income tax in dollars and cents; zero where none is named."""
        return cents(self.state.tax) if self.state else ZERO

    @property
    def total(self) -> Money:
        """What the year costs in dollars and cents."""
        return self.federal_tax + self.state_tax


def compute_return(filer: Filer, law: Law) -> Return:
    """Return the year's tax under `law`, by worksheet.

    Raises
    ------
    InputError
        If the facts contradict each other.
    LawError
        If the law has no figure for what the filer states.

    Examples
    --------
    >>> from decimal import Decimal
    >>> from lots.law import FilingStatus, load_law
    >>> compute_return(Filer(FilingStatus.SINGLE, wages=Decimal(60_000)), load_law(2026)).total
    Decimal('5020.00')
    """
    sheet = Sheet()
    income = income_of(filer, law, sheet)
    gifts = deductible_gifts(filer, law, income.agi, income.qcd_excess, sheet)
    ways = []
    if filer.way is not Way.ITEMIZED:
        ways.append(_way_standard(filer, law, income))
    if filer.way is Way.ITEMIZED or (filer.way is None and _can_itemize(filer, gifts)):
        ways.append(_way_itemized(filer, law, income, gifts))
    chosen = min(ways, key=lambda way: (way.tax, way.deductions.way is Way.ITEMIZED))
    sheet.lines.extend(chosen.sheet.lines)
    return _finish(filer, law, income, gifts, chosen, sheet)


class _Chosen(NamedTuple):
    """One of the two ways carried to the end of the taxes that depend on it."""

    deductions: Deductions
    taxable: Money
    regular: RegularTax
    amt: Money
    sheet: Sheet

    @property
    def tax(self) -> Money:
        return self.regular.tax + self.amt


def _can_itemize(filer: Filer, gifts: Gifts) -> bool:
    stated = filer.medical_expenses + filer.state_taxes + filer.property_taxes + filer.mortgage_interest
    return filer.has_itemizing_spouse or stated + filer.other_itemized + gifts.deductible > 0


def _way_standard(filer: Filer, law: Law, income: Income) -> _Chosen:
    sheet = Sheet()
    return _to_tax(filer, law, income, standard_way(filer, law, income.agi, sheet), sheet)


def _way_itemized(filer: Filer, law: Law, income: Income, gifts: Gifts) -> _Chosen:
    sheet = Sheet()
    return _to_tax(filer, law, income, itemized_way(filer, law, income.agi, gifts, sheet), sheet)


def _to_tax(filer: Filer, law: Law, income: Income, deductions: Deductions, sheet: Sheet) -> _Chosen:
    taxable = income.agi - deductions.total
    sheet.put("15", "taxable income", max(ZERO, taxable), "line 11a less line 14, not below zero")
    preferences = Preferences(
        filer.qualified_dividends, income.netting.preferential_gain, income.collectibles, income.unrecaptured_1250
    )
    regular = regular_tax(law, filer.status, max(ZERO, taxable), preferences, filer.method, sheet)
    sheet.form = "Form 1040"
    sheet.put("16", "tax", regular.tax, "on line 15")
    amt = alternative_minimum_tax(law, filer.status, income.agi, deductions, preferences, regular, sheet)
    return _Chosen(deductions, taxable, regular, amt, sheet)


def _finish(filer: Filer, law: Law, income: Income, gifts: Gifts, chosen: _Chosen, sheet: Sheet) -> Return:
    niit = net_investment_income_tax(law, filer, income.gain, income.agi, sheet)
    medicare = additional_medicare_tax(law, filer, sheet)
    penalties = withdrawal_penalties(law, filer, sheet)
    sheet.form = "Form 1040"
    sheet.put("18", "tax with AMT", chosen.tax, "line 16 and Form 6251 line 11")
    sheet.put("23", "other taxes", niit + medicare + penalties, "Schedule 2: investment income, Medicare, withdrawals")
    sheet.put("24", "total tax", chosen.tax + niit + medicare + penalties, "lines 18 and 23")
    used = used_loss(income.netting.deductible_loss, chosen.taxable)
    short_left, long_left = carry_losses(income.netting.short, income.netting.long, used)
    if income.netting.net < 0:
        sheet.form = "Capital Loss Carryover Worksheet"
        sheet.put("4", "loss used up", used, "the deducted loss, less where taxable income is below zero")
        sheet.put("8", "short-term carryover", short_left, "to next year")
        sheet.put("13", "long-term carryover", long_left, "to next year")
    state = state_tax(filer, law.year, income, chosen.deductions, sheet)
    return Return(
        filer=filer,
        year=law.year,
        stamp=" ".join(stamp for stamp in (law.stamp, state.stamp if state else "") if stamp),
        lines=tuple(sheet.lines),
        agi=income.agi,
        way=chosen.deductions.way,
        deductions=chosen.deductions.total,
        taxable_income=max(ZERO, chosen.taxable),
        ordinary_income=chosen.regular.ordinary,
        preferential_income=max(ZERO, chosen.taxable) - chosen.regular.ordinary,
        regular_tax=chosen.regular.tax,
        amt_income=income.agi - chosen.deductions.against_amt,
        amt=chosen.amt,
        niit=niit,
        additional_medicare=medicare,
        penalties=penalties,
        state=state,
        short_carryover=short_left,
        long_carryover=long_left,
        gift_carryovers=gifts.carryovers,
    )
