"""Deductions as convex alternatives: standard or itemised, and within them what is phased out, limited or cut.

Every deduction is the larger of two or three concave functions of income and gifts, so the tax is the least over the same
alternatives: what takes a smaller deduction than it could only owes more.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

from optimizer.model.polyhedral import Rows
from optimizer.model.reach import OwnYear, Range, Reach
from optimizer.model.schedule import YearTax

Writer = Callable[[Rows], None]


def _nothing(rows: Rows) -> None:
    """Write no row."""


@dataclass(frozen=True)
class Alternative:
    """One of several ways a part of the return can go.

    Parameters
    ----------
    name : what is true then, in words; empty where there is no other way.
    write : writes its rows.
    netting : the way of netting it takes, if it takes one.
    piece : the piece of the preferential rates that it takes off, if any.
    """

    name: str
    write: Writer = _nothing
    netting: str = ""
    piece: int | None = None


@dataclass(frozen=True)
class Way:
    """Line 12e: its alternatives, the range of all deductions, and of those that the minimum tax knows too."""

    alternatives: list[Alternative]
    deducted: Range
    against_minimum: Range


def names_of(alternatives: tuple[Alternative, ...]) -> str:
    """What is true of a case, in words."""
    return "; ".join(alternative.name for alternative in alternatives if alternative.name)


def ways(tax: YearTax, own: OwnYear, reach: Reach) -> list[Way]:
    """The standard deduction and, where there may be something to itemise that exceeds it, Schedule A."""
    standard, itemized = _standard(tax, own, reach), _itemized(tax, own, reach)
    if itemized.deducted.high <= 0:
        return [standard]
    owes_more = itemized.deducted.high <= standard.deducted.low and itemized.against_minimum.high <= standard.against_minimum.low
    return [standard] if owes_more else [standard, itemized]


def _senior(tax: YearTax, own: OwnYear, agi: float) -> float:
    """The senior deduction at an AGI; it falls with it."""
    f = tax.figures
    over = max(0.0, agi - f["senior_deduction.phaseout_start"])
    each = f["senior_deduction.amount.amount"] - f["senior_deduction.phaseout_rate.rate"] * over
    return 0.0 if tax.is_separate else own.seniors * max(0.0, each)


def senior_alternatives(tax: YearTax, own: OwnYear, reach: Reach) -> list[Alternative]:
    """What is left of the senior deduction, or nothing."""
    f, n = tax.figures, own.seniors
    amount, rate = f["senior_deduction.amount.amount"], f["senior_deduction.phaseout_rate.rate"]

    def left(rows: Rows) -> None:
        rows.at_most("senior deduction", n * amount, senior=1)
        rows.at_most(
            "senior deduction, phased out", n * (amount + rate * f["senior_deduction.phaseout_start"]), senior=1, agi=n * rate
        )

    def gone(rows: Rows) -> None:
        rows.at_most("senior deduction", 0, senior=1)

    if _senior(tax, own, reach.agi.low) <= 0:
        return [Alternative("", gone)]
    if _senior(tax, own, reach.agi.high) > 0:
        return [Alternative("", left)]
    return [Alternative("senior deduction left", left), Alternative("senior deduction gone", gone)]


def _standard(tax: YearTax, own: OwnYear, reach: Reach) -> Way:
    f = tax.figures
    cap = f["charity.non_itemiser"]

    def write(rows: Rows) -> None:
        rows.at_least("taxes deducted, nothing", 0, taxes=1)
        if cap > 0:
            rows.at_most("gifts in cash", own.cash_gifts, gift=1, cash_gifts=-1)
            rows.at_most("gifts of those who do not itemise", cap, gift=1)
            rows.at_most("limit on gifts in cash", 0, gift=1, agi=-f["charity.limits.cash"])
        else:
            rows.at_most("gifts in cash", 0, gift=1)
        rows.at_most("deductions", own.standard, deductions=1, senior=-1, gift=-1)
        rows.at_most("against the minimum tax", -own.standard, kept=1, deductions=-1, senior=1, taxes=1)

    gift = min(cap, max(0.0, reach.cash.high))
    deducted = Range(own.standard + _senior(tax, own, reach.agi.high), own.standard + _senior(tax, own, reach.agi.low) + gift)
    return Way([Alternative("standard deduction", write)], deducted, Range(0.0, gift))


def _itemized(tax: YearTax, own: OwnYear, reach: Reach) -> Way:
    combined = [
        Alternative(names_of((Alternative("itemised"), *picked)), _all(picked))
        for picked in product(_medical(tax, own, reach), _taxes(tax, own, reach), _gifts(tax, own, reach), _cut(tax, own, reach))
    ]
    low, high = reach.agi.low, reach.agi.high
    taxes = Range(_taxes_at(tax, own, high), _taxes_at(tax, own, low))
    rest = _medical_range(tax, own, reach) + own.other_itemized + _gift_range(tax, reach)
    whole = rest + taxes
    cut = _cut_share(tax) * max(0.0, min(whole.high, high - tax.ordinary.edges[-1]))
    senior = Range(_senior(tax, own, high), _senior(tax, own, low))
    return Way(combined, whole + senior + Range(-cut, 0.0), rest + Range(-cut, 0.0))


def _all(picked: tuple[Alternative, ...]) -> Writer:
    def write(rows: Rows) -> None:
        for alternative in picked:
            alternative.write(rows)

    return write


def _medical_range(tax: YearTax, own: OwnYear, reach: Reach) -> Range:
    share = tax.figures["medical_floor.rate"]
    low, high = (max(0.0, own.medical - share * max(0.0, agi)) for agi in (reach.agi.high, reach.agi.low))
    return Range(low, high)


def _medical(tax: YearTax, own: OwnYear, reach: Reach) -> list[Alternative]:
    """Medical expenses beyond a share of income, or none."""
    share, reached = tax.figures["medical_floor.rate"], _medical_range(tax, own, reach)

    def some(rows: Rows) -> None:
        rows.at_most("medical expenses", own.medical, medical=1, agi=share)

    def none(rows: Rows) -> None:
        rows.at_most("medical expenses", 0, medical=1)

    if reached.high <= 0:
        return [Alternative("", none)]
    if reached.low > 0:
        return [Alternative("", some)]
    return [Alternative("medical expenses deducted", some), Alternative("no medical expenses deducted", none)]


def _taxes_at(tax: YearTax, own: OwnYear, agi: float) -> float:
    """State and local taxes deducted at an AGI; they fall with it."""
    f, cap = tax.figures, tax.figures["salt.cap"]
    if tax.has_cap_phase_down:
        cap = max(f["salt.floor"], cap - f["salt.phase_down.rate"] * max(0.0, agi - f["salt.phase_down_start"]))
    return min(own.taxes_paid, cap)


def _taxes(tax: YearTax, own: OwnYear, reach: Reach) -> list[Alternative]:
    """State and local taxes within a cap that falls with income down to a floor."""
    f = tax.figures
    most, least = _taxes_at(tax, own, reach.agi.low), _taxes_at(tax, own, reach.agi.high)

    def pinned(amount: float) -> Writer:
        def write(rows: Rows) -> None:
            rows.at_most("taxes deducted", amount, taxes=1)
            rows.at_least("taxes deducted, nothing", amount, taxes=1)

        return write

    def falling(rows: Rows) -> None:
        rate, start = f["salt.phase_down.rate"], f["salt.phase_down_start"]
        rows.at_most("taxes deducted", min(own.taxes_paid, f["salt.cap"]), taxes=1)
        rows.at_most("cap on taxes deducted", f["salt.cap"] + rate * start, taxes=1, agi=rate)

    if most == least:
        return [Alternative("", pinned(most))]
    if least > f["salt.floor"]:
        return [Alternative("", falling)]
    return [Alternative("cap on taxes above its floor", falling), Alternative("cap on taxes at its floor", pinned(least))]


def _gift_range(tax: YearTax, reach: Reach) -> Range:
    f, low, high = tax.figures, max(0.0, reach.agi.low), max(0.0, reach.agi.high)
    floor = f["charity.floor.rate"]
    least = min(reach.gifts.low, f["charity.limits.long_property"] * low) - floor * high
    return Range(max(0.0, least), max(0.0, min(reach.gifts.high, f["charity.limits.cash"] * high) - floor * low))


def _gifts(tax: YearTax, own: OwnYear, reach: Reach) -> list[Alternative]:
    """Gifts within half of income, or cash alone within its own larger share, less a floor; or none.

    Within half of income the order of the classes does not matter to the sum.
    """
    f = tax.figures
    limits, floor = {name: f[f"charity.limits.{name}"] for name in ("cash", "general", "long_property")}, f["charity.floor.rate"]
    cash = own.cash_gifts + own.fund_gifts

    def within_half(rows: Rows) -> None:
        rows.at_most("long-term property given", own.long_gifts, property_gift=1, long_gifts=-1)
        rows.at_most("limit on long-term property", 0, property_gift=1, agi=-limits["long_property"])
        rows.at_most("gifts", cash + own.short_gifts, gift=1, property_gift=-1, cash_gifts=-1, short_gifts=-1, agi=floor)
        rows.at_most("limit on gifts", 0, gift=1, agi=floor - limits["general"])

    def cash_alone(rows: Rows) -> None:
        rows.at_most("gifts", cash, gift=1, cash_gifts=-1, agi=floor)
        rows.at_most("limit on gifts", 0, gift=1, agi=floor - limits["cash"])

    def none(rows: Rows) -> None:
        rows.at_most("gifts", 0, gift=1)

    reached = _gift_range(tax, reach)
    if reached.high <= 0:
        return [Alternative("", none)]
    found = [Alternative("gifts", within_half)]
    if reach.cash.high + own.fund_gifts > limits["general"] * max(0.0, reach.agi.low):
        found.append(Alternative("gifts of cash past half of income", cash_alone))
    if reached.low <= 0:
        found.append(Alternative("no gifts deducted", none))
    return found if len(found) > 1 else [Alternative("", within_half)]


def _cut_share(tax: YearTax) -> float:
    return tax.figures["itemized_cut.numerator"] / (tax.figures["itemized_cut.denominator"] or 1.0)


def _cut(tax: YearTax, own: OwnYear, reach: Reach) -> list[Alternative]:
    """What is cut from itemised deductions: a share of income in the top bracket, or of all of them where they are less."""
    share, top = _cut_share(tax), float(tax.ordinary.edges[-1])
    over = reach.agi.high - top

    def itemized(rows: Rows, kept: float, **more: float) -> None:
        parts = {"taxes": -kept, "medical": -kept, "gift": -kept}
        rows.at_most("deductions", kept * own.other_itemized, deductions=1, senior=-1, **parts, **more)
        rows.at_most("against the minimum tax", 0, kept=1, deductions=-1, senior=1, taxes=1)

    def uncut(rows: Rows) -> None:
        itemized(rows, 1.0)

    def of_income(rows: Rows) -> None:
        rows.at_least("income in the top bracket, nothing", 0, over=1)
        rows.at_least("income in the top bracket", -top, over=1, agi=-1)
        itemized(rows, 1.0, over=share)

    def of_deductions(rows: Rows) -> None:
        itemized(rows, 1.0 - share)

    if share <= 0 or over <= 0:
        return [Alternative("", uncut)]
    whole = (
        _medical_range(tax, own, reach).low
        + own.other_itemized
        + _taxes_at(tax, own, reach.agi.high)
        + _gift_range(tax, reach).low
    )
    if over <= whole:
        return [Alternative("", of_income)]
    return [Alternative("deductions cut by income", of_income), Alternative("all deductions cut", of_deductions)]
