"""Taxes beside line 16: minimum tax, investment income, Medicare, and the additional tax on withdrawals."""

from lots.law import FilingStatus, Law
from lots.tax.deductions import Deductions
from lots.tax.filer import Filer
from lots.tax.regular import Preferences, RegularTax
from lots.tax.sheet import Sheet, percent
from lots.units import ZERO, Money


def alternative_minimum_tax(
    law: Law,
    status: FilingStatus,
    agi: Money,
    deductions: Deductions,
    preferences: Preferences,
    regular: RegularTax,
    sheet: Sheet,
) -> Money:
    """Return what the tentative minimum tax exceeds line 16 by (Form 6251; IRC 55), in dollars.

    It binds without any stock option: a large long-term gain phases the exemption out, and then ordinary income is
    taxed at 26 or 28 % without a standard deduction.
    """
    put = sheet.put
    sheet.form = "Form 6251"
    line_4 = amt_income(law, status, agi - deductions.against_amt)
    put("4", "alternative minimum taxable income", line_4, "AGI less itemised deductions other than taxes")
    line_5 = put("5", "exemption", amt_exemption(law, status, line_4), "reduced above the start of its phase-out")
    line_6 = put("6", "taxed by the AMT", max(ZERO, line_4 - line_5), "line 4 less line 5")
    if line_6 == 0:
        return put("11", "alternative minimum tax", ZERO)
    line_7 = (
        _part_3(law, status, line_6, preferences, regular, sheet) if preferences.total > 0 else amt_rates(law, status, line_6)
    )
    put("7", "tentative minimum tax", line_7, "Part III where there is preferential income, else 26 and 28 %")
    put("10", "regular tax", regular.tax, "Form 1040 line 16")
    return put("11", "alternative minimum tax", max(ZERO, line_7 - regular.tax), "line 7 less line 10, not below zero")


def amt_income(law: Law, status: FilingStatus, income: Money) -> Money:
    """Form 6251 line 4: separate filers add back what a couple's exemption would have lost (IRC 55(d)(2))."""
    if status is not FilingStatus.MFS:
        return income
    exemption, rate = law.by_status("amt.exemption", status), law.figure("amt.phaseout.rate")
    gone = law.by_status("amt.phaseout_start", status) + exemption / rate
    return income + min(exemption, rate * max(ZERO, income - gone))


def amt_exemption(law: Law, status: FilingStatus, income: Money) -> Money:
    """Form 6251 line 5: the exemption left at an alternative minimum taxable income, in dollars."""
    over = max(ZERO, income - law.by_status("amt.phaseout_start", status))
    return max(ZERO, law.by_status("amt.exemption", status) - law.figure("amt.phaseout.rate") * over)


def amt_rates(law: Law, status: FilingStatus, base: Money) -> Money:
    """Form 6251 lines 18 and 39: 26 % and, above the break, 28 %."""
    low, high = law.figure("amt.rates.low"), law.figure("amt.rates.high")
    edge = law.by_status("amt.high_rate_start", status)
    return low * min(base, edge) + high * max(ZERO, base - edge)


def _part_3(law: Law, status: FilingStatus, line_12: Money, preferences: Preferences, regular: RegularTax, sheet: Sheet) -> Money:
    put = sheet.put
    line_13 = put("13", "gain at 0, 15 and 20 %", regular.preferential)
    line_14 = preferences.unrecaptured_1250 if preferences.has_special_gain else ZERO
    line_15 = min(line_13 + line_14, regular.all_gain) if preferences.has_special_gain else line_13
    line_16 = min(line_12, line_15)
    line_17 = put("17", "taxed at 26 and 28 %", line_12 - line_16)
    line_18 = put("18", "tax on line 17", amt_rates(law, status, line_17))
    line_21 = max(ZERO, law.by_status("preferential.zero_rate_top", status) - max(ZERO, regular.ordinary))
    line_22 = min(line_12, line_13)
    line_23 = put("23", "taxed at 0 %", min(line_21, line_22))
    line_24 = line_22 - line_23
    line_28 = line_21 + max(ZERO, regular.ordinary_taxed)
    line_29 = max(ZERO, law.by_status("preferential.fifteen_rate_top", status) - line_28)
    line_30 = put("30", "taxed at 15 %", min(line_24, line_29))
    line_33 = put("33", "taxed at 20 %", line_22 - (line_23 + line_30))
    line_31, line_34 = (
        law.figure("preferential_rates.fifteen") * line_30,
        law.figure("preferential_rates.twenty") * line_33,
    )
    line_36 = line_12 - (line_17 + line_23 + line_30 + line_33) if line_14 else ZERO
    line_37 = law.figure("preferential_rates.unrecaptured_1250") * line_36
    line_38 = put("38", "all together", line_18 + line_31 + line_34 + line_37)
    line_39 = put("39", "tax on line 12", amt_rates(law, status, line_12), "all of it at 26 and 28 %")
    return put("40", "tentative tax", min(line_38, line_39), "the smaller of lines 38 and 39")


def net_investment_income_tax(law: Law, filer: Filer, gain: Money, agi: Money, sheet: Sheet) -> Money:
    """Return the tax on the smaller of net investment income and AGI above the threshold (Form 8960; IRC 1411).

    A net capital loss lowers other investment income only by what Schedule D line 21 deducts.
    """
    put = sheet.put
    sheet.form = "Form 8960"
    total = filer.interest + filer.ordinary_dividends + filer.other_investment_income + gain
    line_12 = put("12", "net investment income", max(ZERO, total), "interest, dividends, other and Form 1040 line 7a")
    threshold = law.by_status("niit.threshold", filer.status)
    line_15 = put("15", "AGI above the threshold", max(ZERO, agi - threshold), f"AGI less {threshold:,}")
    line_16 = put("16", "taxed", min(line_12, line_15), "the smaller of lines 12 and 15")
    rate = law.figure("niit.rate.rate")
    return put("17", "net investment income tax", rate * line_16, f"{percent(rate)} of line 16")


def additional_medicare_tax(law: Law, filer: Filer, sheet: Sheet) -> Money:
    """Return the tax on wages above the threshold (Form 8959; IRC 3101(b)(2)); wages are taken as Medicare wages."""
    threshold = law.by_status("additional_medicare.threshold", filer.status)
    sheet.form = "Form 8959"
    over = sheet.put("6", "wages above the threshold", max(ZERO, filer.wages - threshold), f"wages less {threshold:,}")
    rate = law.figure("additional_medicare.rate.rate")
    return sheet.put("7", "additional Medicare tax", rate * over, f"{percent(rate)} of line 6")


def withdrawal_penalties(law: Law, filer: Filer, sheet: Sheet) -> Money:
    """Return the additional tax on early or wrongly used withdrawals (Forms 5329 and 8889), in dollars."""
    early, college, health = (
        law.figure(f"{name}.rate") for name in ("early_withdrawal.penalty", "college_withdrawal", "hsa_withdrawal.penalty")
    )
    put = sheet.put
    sheet.form = "Form 5329"
    line_4 = put("4", "early distributions", early * filer.early_withdrawals, f"{percent(early)} of {filer.early_withdrawals}")
    line_8 = put("8", "529 earnings not for education", college * filer.college_earnings, f"{percent(college)} of the earnings")
    sheet.form = "Form 8889"
    amount = health * filer.early_hsa_withdrawals
    return line_4 + line_8 + put("17b", "health savings not for health", amount, f"{percent(health)} of the withdrawal")
