"""The year's federal tax as piecewise-linear functions on arrays of filers, derived from the law's own data.

Every edge and rate comes from :class:`lots.law.Law`; nothing here is a tax figure. With y the ordinary and g the
preferential part of taxable income t = y + g, O the rate schedule, C the integral of the preferential
rates, A the rates of the minimum tax and b its income less the exemption,

    regular tax = min(O(y) + C(t) − C(y), O(t))
    minimum tax = min(A(b), A(b − p) + C(y + p) − C(y)),  p = min(b, preferential income)
    federal tax = max of both + the tax on the smaller of investment income and income above its threshold
        + the tax on high wages + penalties

O, C and A are convex and piecewise linear; the whole is piecewise linear and continuous but not convex, since C(y) is
taken off. The exact return in :mod:`lots.tax.liability` is the reference, to which this form is equal up to rounding
of floats.

Left out, and refused by :meth:`~optimizer.model.year_amounts.YearAmounts.of`: gains at 25 and 28 %, gifts to private
foundations, carried gifts, qualified charitable distributions, the printed Tax Table, a forced choice of deductions.
State tax is not part of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from lots.law import FilingStatus, Law, Schedule
from lots.units import to_float
from optimizer.model.year_amounts import Floats, YearAmounts


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


def _floats(numbers: Sequence[Decimal]) -> Floats:
    return np.array([to_float(number) for number in numbers], dtype=np.float64)
