"""State income tax of a resident of the whole year, by the state's own file or by the filer's own rate.

The filer's own rate is applied to federal taxable income, the preferential part of it at the long-term rate: right at
the margin for most states, and only as right as the rate that was stated.
"""

from dataclasses import dataclass

from lots.errors import InputError
from lots.law.states import BenefitRule, LossRule, Start, StateLaw, load_state
from lots.tax.deductions import Deductions
from lots.tax.filer import Filer, StateResidence
from lots.tax.income import Income
from lots.tax.sheet import Sheet
from lots.units import ZERO, Money


@dataclass(frozen=True, slots=True)
class StateTax:
    """What the state takes, in unrounded dollars, of which base, and what the computation leaves out."""

    code: str
    taxable_income: Money
    tax: Money
    leaves_out: str
    stamp: str = ""


def state_tax(filer: Filer, year: int, income: Income, deductions: Deductions, sheet: Sheet) -> StateTax | None:
    """Return the state's tax, or None where the filer names no state."""
    residence = filer.residence
    if residence is None:
        return None
    sheet.form = f"State {residence.code}"
    if residence.rate is not None:
        return _own_rate(residence, filer, income, deductions, sheet)
    if residence.long_rate is not None:
        raise InputError(f"State {residence.code}: long_rate needs the ordinary rate beside it; state rate as well.")
    law = load_state(residence.code, residence.law_year or year)
    if law.start is Start.NO_TAX:
        sheet.put("1", "state income tax", ZERO, f"{law.name} does not tax this income")
        return StateTax(residence.code, ZERO, ZERO, law.leaves_out)
    base = _base(filer, law, income, deductions, sheet)
    return StateTax(residence.code, base, _tax_on(filer, law, base, sheet), law.leaves_out, _stamp(residence, year))


def _stamp(residence: StateResidence, year: int) -> str:
    if residence.law_year in (None, year):
        return ""
    return f"The income tax of {residence.code} for {year} is computed on its law of {residence.law_year}."


def _own_rate(residence: StateResidence, filer: Filer, income: Income, deductions: Deductions, sheet: Sheet) -> StateTax:
    rate = residence.rate or ZERO
    long_rate = rate if residence.long_rate is None else residence.long_rate
    taxable = max(ZERO, income.agi - deductions.total)
    long = min(taxable, max(ZERO, income.netting.preferential_gain))
    tax = sheet.put(
        "1",
        "state income tax",
        rate * (taxable - long) + long_rate * long,
        f"{rate} of taxable income, {long_rate} of long-term gain",
    )
    return StateTax(residence.code, taxable, tax, "everything but the stated rate")


def _base(filer: Filer, law: StateLaw, income: Income, deductions: Deductions, sheet: Sheet) -> Money:
    put, figures = sheet.put, law.figures
    gain = income.gain
    if law.losses is LossRule.WITHIN_YEAR:
        gain = max(ZERO, filer.short_gain + filer.long_gain)
    if law.start is Start.LONG_GAINS:
        start = put("1", "net long-term gain", max(ZERO, min(income.netting.long, income.netting.net)))
    elif law.start is Start.FEDERAL_TAXABLE_INCOME:
        start = put("1", "federal taxable income", income.agi - deductions.total - income.gain + gain)
    else:
        start = put("1", "federal adjusted gross income", income.agi - income.gain + gain, "with the state's loss rule")
    less = ZERO
    if law.start is not Start.LONG_GAINS:
        less += put("2", "Treasury interest", filer.treasury_interest, "states may not tax it (31 USC 3124)")
        if law.benefits is BenefitRule.EXEMPT:
            less += put("3", "social security", income.taxable_social_security, f"{law.name} does not tax it")
    for number, group in (("4", "standard_deduction"), ("5", "exemption")):
        if figures.has(group):
            less += put(number, group.replace("_", " "), figures.by_status(group, filer.status))
    if figures.has("long_gain_exclusion"):
        share = figures.figure("long_gain_exclusion.share")
        less += put("6", "long-term gain left out", share * income.netting.preferential_gain, f"{share} of it")
    return put("7", "taxable by the state", max(ZERO, start - less), "line 1 less lines 2 to 6")


def _tax_on(filer: Filer, law: StateLaw, base: Money, sheet: Sheet) -> Money:
    put, figures = sheet.put, law.figures
    tax = put("8", "tax by the schedule", figures.schedule("brackets", filer.status).tax(base))
    if figures.has("exemption_credit"):
        tax -= put("10", "exemption credit", min(tax, figures.by_status("exemption_credit", filer.status)))
    return put("11", "state income tax", tax)
