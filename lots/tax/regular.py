"""Form 1040 line 16 and its two worksheets: Qualified Dividends and Capital Gain, and Schedule D Tax Worksheet.

The second worksheet is the first with two more classes of gain in it; it is used when Schedule D has a line 18 or 19.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from lots.law import FilingStatus, Law
from lots.tax.filer import TaxMethod
from lots.tax.sheet import Sheet
from lots.units import ZERO, Money

WHOLE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Preferences:
    """What is taxed at preferential rates, in dollars.

    `gain` is the smaller of Schedule D lines 15 and 16, if both are gains.
    """

    qualified_dividends: Money
    gain: Money
    collectibles: Money
    unrecaptured_1250: Money

    @property
    def has_special_gain(self) -> bool:
        """Whether the Schedule D Tax Worksheet is the one to use."""
        return self.gain > 0 and (self.collectibles > 0 or self.unrecaptured_1250 > 0)

    @property
    def total(self) -> Money:
        """Qualified dividends and net capital gain together."""
        return self.qualified_dividends + self.gain


@dataclass(frozen=True, slots=True)
class RegularTax:
    """Line 16 and the worksheet lines that Form 6251 Part III asks for again, in dollars.

    `preferential` is QDCG line 4 or Schedule D worksheet line 13; `ordinary` is QDCG line 5 or line 14;
    `ordinary_taxed` is QDCG line 5 or line 21; `all_gain` is QDCG line 4 or line 10.
    """

    tax: Money
    preferential: Money
    ordinary: Money
    ordinary_taxed: Money
    all_gain: Money


def ordinary_tax(law: Law, status: FilingStatus, income: Money, method: TaxMethod = TaxMethod.SCHEDULE) -> Money:
    """Return the tax on ordinary income, in dollars, by the schedule or as the Tax Table prints it.

    The table taxes the middle of a row of fifty dollars (smaller ones at the bottom) and rounds to whole dollars.
    """
    schedule = law.schedule("ordinary_brackets", status)
    if method is TaxMethod.SCHEDULE or income >= law.figure("tax_table.ends.amount") or income <= 0:
        return schedule.tax(income)
    return schedule.tax(_middle_of_row(law, income)).quantize(WHOLE, ROUND_HALF_UP)


def _middle_of_row(law: Law, income: Money) -> Money:
    edges = [row[0] for row in law.table("tax_table.first_steps.edges")]
    if income < edges[-1]:
        k = max(k for k, edge in enumerate(edges) if edge <= income)
        return (edges[k] + edges[k + 1]) / 2
    is_small = income < law.figure("tax_table.small_step_ends.amount")
    step = law.figure("tax_table.small_step.amount" if is_small else "tax_table.step.amount")
    return income // step * step + step / 2


def regular_tax(
    law: Law, status: FilingStatus, taxable: Money, preferences: Preferences, method: TaxMethod, sheet: Sheet
) -> RegularTax:
    """Return line 16 by the worksheet that the gains call for."""
    if preferences.total <= 0:
        sheet.form = "Form 1040"
        return RegularTax(ordinary_tax(law, status, taxable, method), ZERO, taxable, taxable, ZERO)
    if preferences.has_special_gain:
        return _schedule_d_worksheet(law, status, taxable, preferences, method, sheet)
    return _qdcg_worksheet(law, status, taxable, preferences, method, sheet)


def _qdcg_worksheet(
    law: Law, status: FilingStatus, taxable: Money, preferences: Preferences, method: TaxMethod, sheet: Sheet
) -> RegularTax:
    put = sheet.put
    sheet.form = "Qualified Dividends and Capital Gain Tax Worksheet"
    line_1 = put("1", "taxable income", taxable)
    line_4 = put("4", "qualified dividends and net capital gain", preferences.total, "lines 2 and 3")
    line_5 = put("5", "ordinary part", max(ZERO, line_1 - line_4), "line 1 less line 4")
    line_6 = put("6", "top of the 0 % rate", law.by_status("preferential.zero_rate_top", status))
    line_7 = min(line_1, line_6)
    line_8 = min(line_5, line_7)
    line_9 = put("9", "taxed at 0 %", line_7 - line_8, "what line 5 leaves below line 6")
    line_10 = min(line_1, line_4)
    line_12 = line_10 - line_9
    line_13 = put("13", "top of the 15 % rate", law.by_status("preferential.fifteen_rate_top", status))
    line_14 = min(line_1, line_13)
    line_16 = max(ZERO, line_14 - (line_5 + line_9))
    line_17 = put("17", "taxed at 15 %", min(line_12, line_16), "what lines 5 and 9 leave below line 13")
    line_18 = put("18", "tax at 15 %", law.figure("preferential_rates.fifteen") * line_17)
    line_20 = put("20", "taxed at 20 %", line_10 - (line_9 + line_17), "the rest of the preferential income")
    line_21 = put("21", "tax at 20 %", law.figure("preferential_rates.twenty") * line_20)
    line_22 = put("22", "tax on line 5", ordinary_tax(law, status, line_5, method))
    line_23 = put("23", "both together", line_18 + line_21 + line_22, "lines 18, 21 and 22")
    line_24 = put("24", "tax on line 1", ordinary_tax(law, status, line_1, method), "all of it at ordinary rates")
    line_25 = put("25", "tax on all taxable income", min(line_23, line_24), "the smaller of lines 23 and 24")
    return RegularTax(line_25, line_4, line_5, line_5, line_4)


def _schedule_d_worksheet(
    law: Law, status: FilingStatus, taxable: Money, preferences: Preferences, method: TaxMethod, sheet: Sheet
) -> RegularTax:
    put = sheet.put
    sheet.form = "Schedule D Tax Worksheet"
    line_1 = put("1", "taxable income", taxable)
    line_9 = put("9", "net capital gain", preferences.gain, "the smaller of Schedule D lines 15 and 16")
    line_10 = put("10", "with qualified dividends", line_9 + preferences.qualified_dividends)
    line_11 = preferences.collectibles + preferences.unrecaptured_1250
    line_13 = put("13", "gain at 0, 15 and 20 %", line_10 - min(line_9, line_11), "line 10 less Schedule D lines 18 and 19")
    line_14 = put("14", "everything else", max(ZERO, line_1 - line_13))
    line_16 = min(line_1, law.by_status("preferential.zero_rate_top", status))
    line_17 = min(line_14, line_16)
    line_18 = max(ZERO, line_1 - line_10)
    line_19 = min(line_1, _edge_of_special_rates(law, status))
    line_21 = put("21", "taxed at ordinary rates", max(line_18, min(line_14, line_19)), "the larger of lines 18 and 20")
    line_22 = put("22", "taxed at 0 %", line_16 - line_17)
    line_23 = min(line_1, line_13)
    line_25 = max(ZERO, line_23 - line_22)
    line_27 = min(line_1, law.by_status("preferential.fifteen_rate_top", status))
    line_29 = max(ZERO, line_27 - (line_21 + line_22))
    line_30 = put("30", "taxed at 15 %", min(line_25, line_29))
    line_33 = put("33", "taxed at 20 %", line_23 - (line_22 + line_30))
    line_31, line_34 = (
        law.figure("preferential_rates.fifteen") * line_30,
        law.figure("preferential_rates.twenty") * line_33,
    )
    line_35 = min(line_9, preferences.unrecaptured_1250)
    line_38 = max(ZERO, line_10 + line_21 - line_1)
    line_39 = put("39", "section 1250 gain taxed at 25 %", max(ZERO, line_35 - line_38))
    line_40 = law.figure("preferential_rates.unrecaptured_1250") * line_39
    line_42 = ZERO
    if preferences.collectibles:
        line_41 = line_21 + line_22 + line_30 + line_33 + line_39
        line_42 = put("42", "taxed at 28 %", line_1 - line_41, "what no other line has taken")
    line_43 = law.figure("preferential_rates.collectibles") * line_42
    line_44 = put("44", "tax on line 21", ordinary_tax(law, status, line_21, method))
    line_45 = put("45", "all together", line_31 + line_34 + line_40 + line_43 + line_44)
    line_46 = put("46", "tax on line 1", ordinary_tax(law, status, line_1, method), "all of it at ordinary rates")
    line_47 = put("47", "tax on all taxable income", min(line_45, line_46), "the smaller of lines 45 and 46")
    return RegularTax(line_47, line_13, line_14, line_21, line_10)


def _edge_of_special_rates(law: Law, status: FilingStatus) -> Money:
    """Worksheet line 19: where ordinary rates pass those of the special gains (IRC 1(h)(1)(A)(ii)(I))."""
    schedule, limit = law.schedule("ordinary_brackets", status), law.figure("preferential_rates.ordinary_below")
    reached = (edge for edge, rate in zip(schedule.edges, schedule.rates, strict=True) if rate >= limit)
    return next(reached, schedule.edges[-1])
