"""From the year's facts to adjusted gross income: Form 1040 lines 1-11a, Schedules 1 and D, social security."""

from dataclasses import dataclass

from lots.errors import InputError
from lots.law import Law
from lots.tax.filer import Filer
from lots.tax.netting import Netting, net_gains
from lots.tax.sheet import Sheet, percent
from lots.units import ZERO, Money


@dataclass(frozen=True, slots=True)
class Income:
    """What the later worksheets need of lines 1-11a, in dollars.

    `collectibles` and `unrecaptured_1250` are Schedule D lines 18 and 19; `qcd_excess` is what passed the limit on
    qualified charitable distributions and so is a gift of cash instead.
    """

    netting: Netting
    gain: Money
    collectibles: Money
    unrecaptured_1250: Money
    taxable_social_security: Money
    withdrawals: Money
    qcd_excess: Money
    agi: Money


def income_of(filer: Filer, law: Law, sheet: Sheet) -> Income:
    """Write Schedule D, the social security worksheet and the front of Form 1040."""
    netting, gain = _schedule_d(filer, law, sheet)
    collectibles, unrecaptured = _special_gains(filer, netting, sheet)
    qcd, qcd_excess = _qualified_distributions(filer, law)
    other = _schedule_1_income(filer, sheet)
    withdrawals = filer.ira_withdrawals - qcd
    before_benefits = filer.wages + filer.interest + filer.ordinary_dividends + withdrawals + filer.pensions + gain + other
    adjustments = filer.ira_deduction + filer.hsa_deduction + filer.other_adjustments
    benefits = taxable_social_security(filer, law, before_benefits, adjustments, sheet)
    put = sheet.put
    sheet.form = "Form 1040"
    put("1z", "wages", filer.wages)
    put(
        "2a",
        "tax-exempt interest",
        filer.exempt_interest,
        "not taxed; counts for social security and Medicare premiums",
    )
    put("2b", "taxable interest", filer.interest)
    put("3a", "qualified dividends", filer.qualified_dividends, "part of line 3b, taxed like long-term gain")
    put("3b", "ordinary dividends", filer.ordinary_dividends)
    if filer.all_qcds:  # a distribution that is taxed in full stands on line 4b alone
        put("4a", "IRA distributions, QCDs included", filer.ira_withdrawals, f"of which QCDs {qcd}; marked QCD beside line 4b")
    put("4b", "taxable IRA distributions", withdrawals, f"distributions {filer.ira_withdrawals} less QCDs {qcd}")
    put("5b", "taxable pensions and annuities", filer.pensions)
    put("6b", "taxable social security", benefits, "social security worksheet line 18")
    put("7a", "capital gain or loss", gain, "Schedule D line 16, or line 21 when it is a loss")
    put("8", "additional income", other, "Schedule 1 line 10")
    total = put("9", "total income", before_benefits + benefits, "lines 1z to 8")
    put("10", "adjustments to income", adjustments, "Schedule 1 line 26: IRA, HSA and other adjustments")
    agi = put("11a", "adjusted gross income", total - adjustments, "line 9 less line 10")
    return Income(netting, gain, collectibles, unrecaptured, benefits, withdrawals, qcd_excess, agi)


def _schedule_d(filer: Filer, law: Law, sheet: Sheet) -> tuple[Netting, Money]:
    limit = law.capital_loss_limit(filer.status)
    netting = net_gains(filer.short_gain - filer.short_carryover, filer.long_gain - filer.long_carryover, limit)
    put = sheet.put
    sheet.form = "Schedule D"
    put("6", "short-term loss carryover", -filer.short_carryover, "from last year")
    put("7", "net short-term gain or loss", netting.short, "this year's short-term result and line 6")
    put("14", "long-term loss carryover", -filer.long_carryover, "from last year")
    put("15", "net long-term gain or loss", netting.long, "this year's long-term result and line 14")
    put("16", "both together", netting.net, "lines 7 and 15")
    if netting.net < 0:
        put("21", "loss deducted", -netting.deductible_loss, f"the smaller of the loss and {limit:,}")
        return netting, -netting.deductible_loss
    return netting, netting.net


def _special_gains(filer: Filer, netting: Netting, sheet: Sheet) -> tuple[Money, Money]:
    """Schedule D lines 18 and 19: the 28 % and the unrecaptured section 1250 gain left after losses have met them."""
    if not filer.collectibles_gain and not filer.unrecaptured_1250_gain:
        return ZERO, ZERO
    put = sheet.put
    losses = min(ZERO, netting.short) - filer.long_carryover
    collectibles, left = max(ZERO, filer.collectibles_gain + losses), filer.unrecaptured_1250_gain
    left = max(ZERO, left + min(ZERO, filer.collectibles_gain + losses))
    put(
        "18",
        "28 % rate gain",
        collectibles,
        "collectibles less short-term loss and long-term carryover, not below zero",
    )
    put("19", "unrecaptured section 1250 gain", left, "less what of those losses line 18 could not take")
    return collectibles, left


def _schedule_1_income(filer: Filer, sheet: Sheet) -> Money:
    put = sheet.put
    sheet.form = "Schedule 1"
    put("5", "rents, royalties and other investment income", filer.other_investment_income)
    put("8f", "health savings account distributions", filer.hsa_withdrawals, "not medical")
    put(
        "8z",
        "other income",
        filer.other_income + filer.college_earnings,
        "with earnings of 529 plans not for education",
    )
    return filer.other_investment_income + filer.hsa_withdrawals + filer.other_income + filer.college_earnings


def _qualified_distributions(filer: Filer, law: Law) -> tuple[Money, Money]:
    """Return (excluded, excess): each person's QCDs up to the limit, from 70½ on (IRC 408(d)(8))."""
    excluded = ZERO
    for name, age, amount in (
        ("age", filer.age, filer.qualified_charitable_distributions),
        ("spouse_age", filer.spouse_age, filer.spouse_qualified_charitable_distributions),
    ):
        if not amount:
            continue
        least = law.figure("qcd_age.age")
        if age is None or age < int(least):
            raise InputError(f"A qualified charitable distribution needs its owner to be {least}; found {name} {age}.")
        excluded += min(amount, law.figure("qcd.limit"))
    return excluded, filer.all_qcds - excluded


def taxable_social_security(filer: Filer, law: Law, other: Money, adjustments: Money, sheet: Sheet) -> Money:
    """Return the taxed part of social security benefits (IRC 86; worksheet of Form 1040 lines 6a and 6b), in dollars.

    `other` is all other income of lines 1 to 8. An IRA deduction that itself depends on the benefits (Pub. 590-A,
    Appendix B) is taken as stated.
    """
    if not filer.social_security:
        return ZERO
    half, most = law.figure("social_security.shares.half"), law.figure("social_security.shares.most")
    status = filer.threshold_status
    start, middle = law.by_status("social_security.start", status), law.by_status("social_security.middle", status)
    put = sheet.put
    sheet.form = "Social security worksheet"
    line_1 = put("1", "benefits", filer.social_security)
    line_2 = put("2", "half of them", half * line_1)
    line_5 = line_2 + put("3", "other income", other) + put("4", "tax-exempt interest", filer.exempt_interest)
    line_7 = put("7", "provisional income", max(ZERO, line_5 - adjustments), "lines 2 to 4 less adjustments")
    line_9 = put("9", "above the start", max(ZERO, line_7 - start), f"line 7 less {start:,}")
    line_11 = put("11", "above the middle", max(ZERO, line_9 - (middle - start)), f"line 7 less {middle:,}")
    line_12 = min(line_9, middle - start)
    line_14 = put("14", "half-taxed part", min(line_2, half * line_12), "half of what lies between, at most line 2")
    line_16 = put("16", "line 14 and most of line 11", line_14 + most * line_11, f"{percent(most)} of line 11 on top")
    line_17 = put("17", "the most that is taxed", most * line_1, f"{percent(most)} of the benefits")
    return put("18", "taxable benefits", min(line_16, line_17), "the smaller of lines 16 and 17")
