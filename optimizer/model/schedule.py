"""The year's federal tax as piecewise-linear functions on arrays of filers, derived from the law's own data.

Every edge and rate comes from :class:`lots.law.Law`; nothing here is a tax figure. With y the ordinary and g the
preferential part of taxable income t = y + g, O the rate schedule, C the integral of the 0, 15 and 20 % rates,

    regular tax = min(O(y) + C(t) − C(y), O(t))
    minimum tax = min(A(b), A(b − p) + C(y + p) − C(y)),  p = min(b, preferential income),  b = AMT income less its
    exemption federal tax = max of both + 3.8 % of the smaller of investment income and income above its threshold +
    0.9 % of high wages

O, C and A are convex and piecewise linear; the whole is piecewise linear and continuous but not convex, since C(y) is
taken off. The exact return in :mod:`lots.tax.liability` is the reference, to which this form is equal up to rounding
of floats.

Left out, and refused by :meth:`YearAmounts.of`: gains at 25 and 28 %, gifts to private foundations, carried gifts,
qualified charitable distributions, the printed Tax Table, a forced choice of deductions. State tax is not part of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from lots.law import FilingStatus, Law, Schedule
from lots.tax.deductions import seniors, standard_deduction
from lots.tax.filer import Filer, TaxMethod
from lots.units import to_float
from optimizer.errors import Fault, InputFaults

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class PiecewiseLinear:
    """A convex piecewise-linear function that is zero up to zero.

    Parameters
    ----------
    edges : ndarray of shape (n,), where each slope begins, dollars, the first zero.
    slopes : ndarray of shape (n,), rising.
    values : ndarray of shape (n,), the function at the edges, dollars.
    """

    edges: Floats
    slopes: Floats
    values: Floats

    @classmethod
    def of(cls, schedule: Schedule) -> "PiecewiseLinear":
        """The same schedule in floats."""
        return cls(_floats(schedule.edges), _floats(schedule.rates), _floats(schedule.below))

    def __call__(self, x: Floats) -> Floats:
        """The function at `x`, dollars, elementwise."""
        k = np.maximum(np.searchsorted(self.edges, x, side="left") - 1, 0)
        return np.where(x > 0, self.values[k] + self.slopes[k] * (x - self.edges[k]), 0.0)

    def affine(self) -> tuple[Floats, Floats]:
        """Slopes and intercepts of the pieces: the function is their maximum on x ≥ 0, because it is convex."""
        return self.slopes, self.values - self.slopes * self.edges


@dataclass(frozen=True)
class YearTax:
    """One year and filing status: the three schedules, and the law's other figures in floats by path."""

    ordinary: PiecewiseLinear
    preferential: PiecewiseLinear
    minimum: PiecewiseLinear
    figures: dict[str, float]
    has_cap_phase_down: bool
    is_separate: bool


def year_tax(law: Law, status: FilingStatus) -> YearTax:
    """Derive the floats of a year and status from the law."""
    zero, rates = Decimal(0), "preferential_rates."
    tops = [law.by_status(f"preferential.{name}_rate_top", status) for name in ("zero", "fifteen")]
    gains = ((zero, zero), (tops[0], law.figure(rates + "fifteen")), (tops[1], law.figure(rates + "twenty")))
    minimum = ((zero, law.figure("amt.rates.low")), (law.by_status("amt.high_rate_start", status), law.figure("amt.rates.high")))
    return YearTax(
        PiecewiseLinear.of(law.schedule("ordinary_brackets", status)),
        PiecewiseLinear.of(Schedule.of(gains)),
        PiecewiseLinear.of(Schedule.of(minimum)),
        _figures(law, status),
        law.has("salt.phase_down_start"),
        status is FilingStatus.MFS,
    )


PLAIN = (
    "niit.rate.rate",
    "additional_medicare.rate.rate",
    "amt.phaseout.rate",
    "medical_floor.rate",
    "salt.phase_down.rate",
    "senior_deduction.amount.amount",
    "senior_deduction.phaseout_rate.rate",
    "itemized_cut.numerator",
    "itemized_cut.denominator",
    "charity.limits.cash",
    "charity.limits.general",
    "charity.limits.long_property",
    "charity.floor.rate",
    "social_security.shares.half",
    "social_security.shares.most",
)
BY_STATUS = (
    "capital_loss_limit",
    "niit.threshold",
    "additional_medicare.threshold",
    "amt.exemption",
    "amt.phaseout_start",
    "salt.cap",
    "salt.phase_down_start",
    "salt.floor",
    "senior_deduction.phaseout_start",
    "charity.non_itemiser",
)


def _figures(law: Law, status: FilingStatus) -> dict[str, float]:
    """The figures by path; what the year or the status does not know is nothing."""
    found = {path: to_float(law.figure(path)) if law.has(path) else 0.0 for path in PLAIN}
    for path in BY_STATUS:
        is_known = law.has(f"{path}.{status.value}") or law.has(f"{path}.{status.column}")
        found[path] = to_float(law.by_status(path, status)) if is_known else 0.0
    return found


@dataclass(frozen=True)
class YearAmounts:
    """A year's facts of many filers of one status; every field an ndarray of shape (n_filers,) in dollars.

    `short` and `long` are net of carryovers; `ordinary` is all other income but wages, interest, dividends and
    benefits; `standard` the standard deduction with its additions; `benefit_start` and `benefit_middle` the law's
    thresholds for social security, which depend on living apart; `seniors` a count of people.
    """

    wages: Floats
    interest: Floats
    dividends: Floats
    qualified: Floats
    short: Floats
    long: Floats
    ordinary: Floats
    investment: Floats
    benefits: Floats
    exempt_interest: Floats
    adjustments: Floats
    medical: Floats
    taxes_paid: Floats
    other_itemized: Floats
    cash_gifts: Floats
    fund_gifts: Floats
    short_gifts: Floats
    long_gifts: Floats
    penalties: Floats
    standard: Floats
    benefit_start: Floats
    benefit_middle: Floats
    seniors: Floats

    @classmethod
    def of(cls, filers: Sequence[Filer], law: Law) -> "YearAmounts":
        """Turn exact filers into arrays.

        Raises
        ------
        InputFaults
            If a filer states what this form leaves out; one fault for each.
        """
        faults = [fault for position, filer in enumerate(filers) for fault in _left_out(position, filer)]
        if faults:
            raise InputFaults(faults)
        rows = [_row(filer, law) for filer in filers]
        width = len(fields(cls))
        columns = np.array([[to_float(cell) for cell in row] for row in rows], dtype=np.float64).reshape(len(rows), width)
        return cls(*(columns[:, k] for k in range(width)))


def federal_tax(tax: YearTax, amounts: YearAmounts) -> Floats:
    """Return each filer's Form 1040 line 24, ndarray of shape (n_filers,), dollars."""
    f, a = tax.figures, amounts
    net = a.short + a.long
    gain = np.maximum(net, -f["capital_loss_limit"])
    preferential = a.qualified + np.maximum(0.0, np.minimum(a.long, net))
    other = a.wages + a.interest + a.dividends + a.ordinary + a.investment + gain
    agi = other + _taxable_benefits(tax, a, other) - a.adjustments
    senior = a.seniors * np.maximum(
        0.0,
        f["senior_deduction.amount.amount"]
        - f["senior_deduction.phaseout_rate.rate"] * np.maximum(0.0, agi - f["senior_deduction.phaseout_start"]),
    )
    senior = np.zeros_like(agi) if tax.is_separate else senior
    gift = np.minimum(np.minimum(a.cash_gifts, f["charity.non_itemiser"]), f["charity.limits.cash"] * np.maximum(0.0, agi))
    whole, taxes = _itemized(tax, a, agi)
    over = np.maximum(0.0, agi - senior - tax.ordinary.edges[-1])
    cut = f["itemized_cut.numerator"] * np.minimum(whole, over) / (f["itemized_cut.denominator"] or 1.0)
    by_standard = _income_tax(tax, agi, a.standard + gift + senior, gift, preferential)
    by_items = _income_tax(tax, agi, whole - cut + senior, whole - cut - taxes, preferential)
    invested = np.maximum(0.0, a.interest + a.dividends + a.investment + gain)
    niit = f["niit.rate.rate"] * np.minimum(invested, np.maximum(0.0, agi - f["niit.threshold"]))
    medicare = f["additional_medicare.rate.rate"] * np.maximum(0.0, a.wages - f["additional_medicare.threshold"])
    return np.asarray(np.minimum(by_standard, by_items) + niit + medicare + a.penalties)


def _income_tax(tax: YearTax, agi: Floats, deducted: Floats, deducted_for_minimum: Floats, preferential: Floats) -> Floats:
    """The larger of the regular and the minimum tax for one way of line 12e, dollars."""
    f = tax.figures
    taxable = np.maximum(0.0, agi - deducted)
    y = np.maximum(0.0, taxable - preferential)
    regular = np.minimum(
        tax.ordinary(y) + tax.preferential(taxable) - tax.preferential(y),
        tax.ordinary(taxable),
    )
    income = agi - deducted_for_minimum
    start, exemption, rate = f["amt.phaseout_start"], f["amt.exemption"], f["amt.phaseout.rate"]
    if tax.is_separate:
        income = income + np.minimum(exemption, rate * np.maximum(0.0, income - start - exemption / rate))
    base = np.maximum(0.0, income - np.maximum(0.0, exemption - rate * np.maximum(0.0, income - start)))
    p = np.minimum(base, preferential)
    minimum = np.minimum(tax.minimum(base), tax.minimum(base - p) + tax.preferential(y + p) - tax.preferential(y))
    return np.asarray(np.maximum(regular, minimum))


def _taxable_benefits(tax: YearTax, a: YearAmounts, other: Floats) -> Floats:
    half, most = tax.figures["social_security.shares.half"], tax.figures["social_security.shares.most"]
    provisional = np.maximum(0.0, other + half * a.benefits + a.exempt_interest - a.adjustments)
    above = np.maximum(0.0, provisional - a.benefit_start)
    width = a.benefit_middle - a.benefit_start
    low = np.minimum(half * a.benefits, half * np.minimum(above, width))
    return np.asarray(np.minimum(low + most * np.maximum(0.0, above - width), most * a.benefits))


def _itemized(tax: YearTax, a: YearAmounts, agi: Floats) -> tuple[Floats, Floats]:
    """Itemised deductions before their cut, and the taxes among them, dollars."""
    f = tax.figures
    income = np.maximum(0.0, agi)
    medical = np.maximum(0.0, a.medical - f["medical_floor.rate"] * income)
    cap = np.full_like(agi, f["salt.cap"])
    if tax.has_cap_phase_down:
        lowered = f["salt.cap"] - f["salt.phase_down.rate"] * np.maximum(0.0, agi - f["salt.phase_down_start"])
        cap = np.maximum(f["salt.floor"], lowered)
    taxes = np.minimum(a.taxes_paid, cap)
    cash = np.minimum(a.cash_gifts + a.fund_gifts, f["charity.limits.cash"] * income)
    general = np.minimum(a.short_gifts, np.maximum(0.0, f["charity.limits.general"] * income - cash))
    room = np.minimum(f["charity.limits.long_property"] * income, f["charity.limits.general"] * income - cash - general)
    given = cash + general + np.minimum(a.long_gifts, np.maximum(0.0, room))
    gifts = np.maximum(0.0, given - f["charity.floor.rate"] * income)
    return medical + taxes + a.other_itemized + gifts, taxes


def _row(filer: Filer, law: Law) -> tuple[Decimal, ...]:
    """One filer's fields in the order of :class:`YearAmounts`."""
    status = filer.threshold_status
    penalties = (
        law.figure("early_withdrawal.penalty.rate") * filer.early_withdrawals
        + law.figure("college_withdrawal.rate") * filer.college_earnings
        + law.figure("hsa_withdrawal.penalty.rate") * filer.early_hsa_withdrawals
    )
    return (
        filer.wages,
        filer.interest,
        filer.ordinary_dividends,
        filer.qualified_dividends,
        filer.short_gain - filer.short_carryover,
        filer.long_gain - filer.long_carryover,
        filer.ira_withdrawals + filer.pensions + filer.hsa_withdrawals + filer.college_earnings + filer.other_income,
        filer.other_investment_income,
        filer.social_security,
        filer.exempt_interest,
        filer.ira_deduction + filer.hsa_deduction + filer.other_adjustments,
        filer.medical_expenses,
        filer.state_taxes + filer.property_taxes,
        filer.mortgage_interest + filer.other_itemized,
        filer.cash_gifts,
        filer.fund_gifts,
        filer.short_property_gifts,
        filer.long_property_gifts,
        penalties,
        standard_deduction(filer, law),
        law.by_status("social_security.start", status),
        law.by_status("social_security.middle", status),
        Decimal(seniors(filer, law)),
    )


def _left_out(position: int, filer: Filer) -> list[Fault]:
    """What the filer states that this form does not compute."""
    stated = {
        "collectibles_gain": filer.collectibles_gain != 0,
        "unrecaptured_1250_gain": filer.unrecaptured_1250_gain != 0,
        "private_cash_gifts": filer.private_cash_gifts != 0,
        "private_property_gifts": filer.private_property_gifts != 0,
        "gift_carryovers": bool(filer.gift_carryovers),
        "qualified_charitable_distributions": filer.all_qcds != 0,
        "residence": filer.residence is not None,
        "method": filer.method is not TaxMethod.SCHEDULE,
        "way": filer.way is not None,
    }
    expected, step = "nothing, for the piecewise-linear form", "Compute this filer's exact return instead."
    return [Fault((position, name), "a value", expected, step) for name, is_stated in stated.items() if is_stated]


def _floats(numbers: Sequence[Decimal]) -> Floats:
    return np.array([to_float(number) for number in numbers], dtype=np.float64)
