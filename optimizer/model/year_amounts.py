"""A year's facts of many filers as arrays, for the piecewise-linear form of the tax; the one way in is from exact filers."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from lots.law import Law
from lots.tax.deductions import seniors, standard_deduction
from lots.tax.filer import Filer, TaxMethod
from lots.units import to_float
from optimizer.errors import Fault, InputFaults

Floats: TypeAlias = NDArray[np.float64]


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
