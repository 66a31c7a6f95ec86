"""Standard and itemised deductions (Schedule A) and the senior deduction (Schedule 1-A Part V)."""

from dataclasses import dataclass

from lots.law import FilingStatus, Law
from lots.tax.charity import Gifts, non_itemizer_gift
from lots.tax.filer import Filer, Way
from lots.tax.sheet import Sheet, percent
from lots.units import ZERO, Money


@dataclass(frozen=True, slots=True)
class Deductions:
    """Form 1040 line 14 and what the AMT makes of its parts, in dollars.

    `against_amt` is what also lowers alternative minimum taxable income: itemised deductions other than taxes (IRC
    56(b)(1)), after their cut in the top bracket because Form 6251 starts from line 15 and has no line that gives the
    cut back, and the gift of those who do not itemise; never the standard or the senior deduction.
    """

    way: Way
    total: Money
    against_amt: Money


def standard_deduction(filer: Filer, law: Law) -> Money:
    """Return the standard deduction with what age and blindness add (IRC 63(c), (f)), in dollars.

    A separate filer whose spouse itemises has none (IRC 63(c)(6)(A)).
    """
    if filer.has_itemizing_spouse:
        return ZERO
    extra = law.by_status("standard_deduction_aged_or_blind", filer.status)
    conditions = seniors(filer, law) + filer.is_blind + filer.is_spouse_blind
    return law.by_status("standard_deduction", filer.status) + extra * conditions


def seniors(filer: Filer, law: Law) -> int:
    """How many people on the return are 65 or older at the end of the year."""
    age = law.figure("senior_age.age")
    return sum(1 for person in (filer.age, filer.spouse_age) if person is not None and person >= age)


def senior_deduction(filer: Filer, law: Law, agi: Money) -> Money:
    """Return the senior deduction (IRC 151(d)(5)(C)), each person's reduced on its own, in dollars."""
    people = seniors(filer, law)
    if not people or filer.status is FilingStatus.MFS or not law.has("senior_deduction"):
        return ZERO
    over = max(ZERO, agi - law.by_status("senior_deduction.phaseout_start", filer.status))
    each = law.figure("senior_deduction.amount.amount") - law.figure("senior_deduction.phaseout_rate.rate") * over
    return people * max(ZERO, each)


def standard_way(filer: Filer, law: Law, agi: Money, sheet: Sheet) -> Deductions:
    """Write lines 12e to 14 for a filer who takes the standard deduction."""
    sheet.form = "Form 1040"
    standard = sheet.put("12e", "standard deduction", standard_deduction(filer, law), _people(filer, law))
    gift = non_itemizer_gift(filer, law, agi)
    if gift:
        sheet.put("12 (170(p))", "cash gifts of those who do not itemise", gift, "up to the cap of IRC 170(p)")
    senior = _write_senior(filer, law, agi, sheet)
    total = sheet.put("14", "total deductions", standard + gift + senior)
    return Deductions(Way.STANDARD, total, gift)


def itemized_way(filer: Filer, law: Law, agi: Money, gifts: Gifts, sheet: Sheet) -> Deductions:
    """Write Schedule A, the cut of IRC 68 and lines 12e to 14 for a filer who itemises."""
    put = sheet.put
    sheet.form = "Schedule A"
    share = law.figure("medical_floor.rate")
    beyond = max(ZERO, filer.medical_expenses - share * max(ZERO, agi))
    medical = put("4", "medical expenses", beyond, f"above {percent(share)} of AGI")
    paid = put("5d", "state and local taxes paid", filer.state_taxes + filer.property_taxes)
    taxes = put("7", "state and local taxes deducted", min(paid, salt_cap(filer, law, agi)), "capped (line 5e)")
    interest = put("10", "mortgage interest", filer.mortgage_interest)
    given = put("14", "gifts to charity", gifts.deductible, "Pub. 526 Worksheet 2")
    other = put("16", "other itemised deductions", filer.other_itemized)
    whole = put("17", "total itemised deductions", medical + taxes + interest + given + other)
    senior = senior_deduction(filer, law, agi)
    cut = itemized_cut(filer.status, law, whole, agi - senior)
    if cut:
        put("17 (68)", "cut in the top bracket", -cut, "a share of the smaller of line 17 and income in the top bracket (IRC 68)")
    sheet.form = "Form 1040"
    put("12e", "itemised deductions", whole - cut, "Schedule A line 17")
    _write_senior(filer, law, agi, sheet)
    total = put("14", "total deductions", whole - cut + senior)
    return Deductions(Way.ITEMIZED, total, whole - cut - taxes)


def salt_cap(filer: Filer, law: Law, agi: Money) -> Money:
    """Return the most of state and local taxes that may be deducted (IRC 164(b)(6)-(7)), in dollars."""
    cap = law.by_status("salt.cap", filer.status)
    if not law.has("salt.phase_down_start"):
        return cap
    over = max(ZERO, agi - law.by_status("salt.phase_down_start", filer.status))
    return max(law.by_status("salt.floor", filer.status), cap - law.figure("salt.phase_down.rate") * over)


def itemized_cut(status: FilingStatus, law: Law, itemized: Money, income_before: Money) -> Money:
    """Return what IRC 68(a) takes from itemised deductions; `income_before` is taxable income before them."""
    if not law.has("itemized_cut"):
        return ZERO
    over = max(ZERO, income_before - law.schedule("ordinary_brackets", status).edges[-1])
    return law.figure("itemized_cut.numerator") * min(itemized, over) / law.figure("itemized_cut.denominator")


def _write_senior(filer: Filer, law: Law, agi: Money, sheet: Sheet) -> Money:
    senior = senior_deduction(filer, law, agi)
    if not senior:
        return ZERO
    return sheet.put("13b", "senior deduction", senior, "Schedule 1-A Part V, reduced person by person above its start")


def _people(filer: Filer, law: Law) -> str:
    count = seniors(filer, law) + filer.is_blind + filer.is_spouse_blind
    return f"with {count} additions for age 65 or blindness" if count else "no additions for age or blindness"
