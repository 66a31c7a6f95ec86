"""State income tax of a resident of the whole year, by the state's own file or by the filer's own rate.

The filer's own rate is applied to federal taxable income, the preferential part of it at the long-term rate: right at
the margin for most states, and only as right as the rate that was stated.
"""

from dataclasses import dataclass
from decimal import Decimal

from lots.errors import InputError
from lots.law.states import BenefitRule, LossRule, RetirementRule, Start, StateLaw, load_state
from lots.law.table import Law, Schedule
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
    base, tax = tax_under(law, filer, income, deductions, sheet)
    return StateTax(residence.code, base, tax, law.leaves_out, _stamp(residence, year))


def tax_under(law: StateLaw, filer: Filer, income: Income, deductions: Deductions, sheet: Sheet) -> tuple[Money, Money]:
    """Return (taxable income, tax) of the filer under a state's law, in unrounded dollars."""
    if law.start is Start.NO_TAX:
        sheet.put("1", "state income tax", ZERO, f"{law.name} does not tax this income")
        return ZERO, ZERO
    base = _base(filer, law, income, deductions, sheet)
    return base, _tax_on(filer, law, base, income, deductions, sheet)


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
    """What the state's schedule applies to: the start its law names, its loss rule, and its subtractions."""
    put, figures, netting = sheet.put, law.figures, income.netting
    gain = income.gain
    if law.losses is LossRule.WITHIN_YEAR:
        gain = max(ZERO, filer.short_gain + filer.long_gain)
    less = ZERO
    if law.start is Start.LONG_GAINS:
        start = put("1", "net long-term gain", max(ZERO, min(netting.long, netting.net)))
    else:
        federal = income.agi - income.gain + gain
        if law.start is Start.FEDERAL_TAXABLE_INCOME:
            start = put("1", "federal taxable income", federal - deductions.total, "with the state's loss rule")
        else:
            start = put("1", "federal adjusted gross income", federal, "with the state's loss rule")
        less += _exempt_income(filer, law, income, sheet)
    for number, group in (("5", "standard_deduction"), ("6", "exemption")):
        if figures.has(group):
            less += put(number, group.replace("_", " "), figures.by_status(group, filer.status))
    if figures.has("long_gain_exclusion"):
        share = figures.figure("long_gain_exclusion.share")
        less += put("7", "long-term gain left out", share * netting.preferential_gain, f"{share} of it")
    return put("8", "taxable by the state", max(ZERO, start - less), "line 1 less lines 2 to 7")


def _exempt_income(filer: Filer, law: StateLaw, income: Income, sheet: Sheet) -> Money:
    put = sheet.put
    less = put("2", "Treasury interest", filer.treasury_interest, "states may not tax it (31 USC 3124)")
    if law.benefits is BenefitRule.EXEMPT:
        less += put("3", "social security", income.taxable_social_security, f"{law.name} does not tax it")
    if law.retirement is RetirementRule.EXEMPT:
        less += put("4", "retirement income", income.withdrawals + filer.pensions, f"{law.name} does not tax it")
    return less


def _tax_on(filer: Filer, law: StateLaw, base: Money, income: Income, deductions: Deductions, sheet: Sheet) -> Money:
    put, figures = sheet.put, law.figures
    schedule = figures.schedule("brackets", filer.status)
    tax = put("9", "tax by the schedule", schedule.tax(base))
    if figures.has("recapture"):
        extra = recapture(schedule, base, income.agi, figures.figure("recapture.start"), figures.figure("recapture.length"))
        tax += put("10", "recapture of the lower brackets", extra, "phased in with income")
    if figures.has("short_gain_extra"):
        short = min(base, max(ZERO, income.netting.ordinary_gain))
        tax += put("11", "extra on short-term gain", figures.figure("short_gain_extra.rate") * short, f"on {short}")
    if figures.has("exemption_credit"):
        tax -= put("12", "exemption credit", min(tax, figures.by_status("exemption_credit", filer.status)))
    if figures.has("taxpayer_credit"):
        tax -= put("13", "taxpayer credit", min(tax, _taxpayer_credit(filer, figures, base, deductions)))
    return put("14", "state income tax", tax)


def _taxpayer_credit(filer: Filer, figures: Law, base: Money, deductions: Deductions) -> Money:
    """A share of the federal deductions less a share of income above a start (Utah Code 59-10-1018)."""
    over = max(ZERO, base - figures.by_status("taxpayer_credit.start", filer.status))
    credit = figures.figure("taxpayer_credit.rates.rate") * deductions.total
    return max(ZERO, credit - figures.figure("taxpayer_credit.rates.phaseout_rate") * over)


def recapture(schedule: Schedule, base: Money, agi: Money, start: Money, length: Money) -> Money:
    """Return what takes back the benefit of lower brackets from high incomes (N.Y. Tax Law 601(d)), in dollars.

    Each bracket's benefit, the width below it at the difference of the rates, is taken back over `length` dollars of AGI above
    the bracket's start, or above `start` for the brackets that begin below it.
    """
    if agi <= start or base <= 0:
        return ZERO
    k = max(k for k, edge in enumerate(schedule.edges) if edge < base)
    edge, rate = schedule.edges[k], schedule.rates[k]
    share = min(Decimal(1), (agi - max(edge, start)) / length) if agi > edge else ZERO
    if edge < start:
        return share * (rate * base - schedule.tax(base))
    kept = schedule.rates[k - 1] * edge - schedule.tax(edge)
    return kept + share * (rate - schedule.rates[k - 1]) * edge
