"""The alternative minimum tax beside a piece of the regular one: its exemption left or gone, or out of reach.

The larger of the two taxes is convex where both are, so a case takes both with the same piece of −C(y). The income that the
minimum tax applies to is the smaller of two convex functions of AGI less what it lets be deducted: with the exemption as it
phases out, and without any.
"""

import numpy as np

from optimizer.model.deduction_cases import Alternative, Way
from optimizer.model.polyhedral import Rows
from optimizer.model.reach import Reach
from optimizer.model.schedule import PiecewiseLinear, YearTax

NO_GAIN = -1
"""Stands for the piece that is taken off in a year without preferential income, where none is."""


def write_pieces(rows: Rows, label: str, schedule: PiecewiseLinear, height: str, of: dict[str, float]) -> None:
    """Hold `height` above every piece of a schedule of a sum, which is the schedule itself because it is convex."""
    rows.at_least(f"{label}, nothing", 0, **{height: 1})
    slopes, intercepts = schedule.affine()
    for k, (slope, intercept) in enumerate(zip(slopes, intercepts, strict=True)):
        if slope > 0:
            rows.at_least(f"{label}, {k}", float(intercept), **{height: 1}, **{n: -float(slope) * c for n, c in of.items()})


def with_minimum(tax: YearTax, reach: Reach, way: Way, bracket: Alternative) -> list[Alternative]:
    """A piece of the regular tax with each alternative of the minimum tax that can be reached beside it."""
    if bracket.piece is None or not _can_bind(tax, reach, way):
        return [bracket]
    f = tax.figures
    gone = f["amt.phaseout_start"] + f["amt.exemption"] / f["amt.phaseout.rate"]
    end = gone + (f["amt.exemption"] / f["amt.phaseout.rate"] if tax.is_separate else 0.0)
    income = reach.agi - way.against_minimum
    found = []
    if income.low < end:
        found.append(_beside(tax, bracket, "exemption of the minimum tax left", True))
    if income.high > end:
        found.append(_beside(tax, bracket, "exemption of the minimum tax gone", False))
    return found if len(found) > 1 else [_beside(tax, bracket, "", income.low < end)]


def _beside(tax: YearTax, bracket: Alternative, words: str, has_exemption: bool) -> Alternative:
    def write(rows: Rows) -> None:
        bracket.write(rows)
        _base(tax, rows, has_exemption)
        if bracket.piece == NO_GAIN:
            write_pieces(rows, "minimum tax", tax.minimum, "minimum_tax", {"minimum_base": 1})
            rows.at_least("tentative minimum tax", 0, tax=1, minimum_tax=-1)
        else:
            _tentative(tax, rows, bracket.piece or 0)

    name = f"{bracket.name}, {words}" if words else bracket.name
    return Alternative(name, write, bracket.netting, bracket.piece)


def _base(tax: YearTax, rows: Rows, has_exemption: bool) -> None:
    """Form 6251 line 6; separate filers add back what a couple's exemption would have lost, up to an exemption's worth."""
    f = tax.figures
    exemption, rate, start = f["amt.exemption"], f["amt.phaseout.rate"], f["amt.phaseout_start"]
    rows.at_least("minimum tax income, nothing", 0, minimum_base=1)
    if has_exemption:
        rows.at_least("minimum tax income", -exemption, minimum_base=1, agi=-1, kept=1)
        steep = 1 + rate
        rows.at_least("minimum tax income, phasing", -exemption - rate * start, minimum_base=1, agi=-steep, kept=steep)
    else:
        rows.at_least("minimum tax income", exemption if tax.is_separate else 0.0, minimum_base=1, agi=-1, kept=1)


def _tentative(tax: YearTax, rows: Rows, piece: int) -> None:
    """Part III: the gain that is left out of the 26 and 28 % is as much as helps, within the gain and the income."""
    slopes, intercepts = tax.preferential.affine()
    rows.at_least("gain in the minimum tax, nothing", 0, minimum_gain=1)
    rows.at_most("gain in the minimum tax", 0, minimum_gain=1, preferential=-1)
    rows.at_most("gain within its income", 0, minimum_gain=1, minimum_base=-1)
    write_pieces(rows, "minimum tax", tax.minimum, "minimum_tax", {"minimum_base": 1, "minimum_gain": -1})
    both = {"ordinary_part": 1.0, "minimum_gain": 1.0}
    write_pieces(rows, "tax at gain rates in the minimum tax", tax.preferential, "minimum_gain_tax", both)
    slope, intercept = float(slopes[piece]), float(intercepts[piece])
    rows.at_least("tentative minimum tax", -intercept, tax=1, minimum_tax=-1, minimum_gain_tax=-1, ordinary_part=slope)


def _can_bind(tax: YearTax, reach: Reach, way: Way) -> bool:
    """Whether the minimum tax can exceed the regular one anywhere in reach; True when in doubt.

    With what only the regular tax deducts, D, and the smallest exemption in reach, E, the minimum tax on the ordinary part y
    is at most A(y + D − E), and D ≤ E leaves no gain in it that the regular tax does not know.
    """
    f = tax.figures
    exemption, rate = f["amt.exemption"], f["amt.phaseout.rate"]
    income = reach.agi - way.against_minimum
    if tax.is_separate and income.high > f["amt.phaseout_start"] + exemption / rate:
        return True
    exemption = max(0.0, exemption - rate * max(0.0, income.high - f["amt.phaseout_start"]))
    only_regular = way.deducted.high - way.against_minimum.low
    lowest = max(0.0, (reach.without_gain + reach.ordinary_gain - way.deducted).low)
    highest = max(0.0, (reach.without_gain + reach.ordinary_gain).high)
    if only_regular > exemption:
        return True
    kinks = np.concatenate([[0.0, lowest, highest], tax.ordinary.edges, tax.minimum.edges + exemption - only_regular])
    y = np.clip(kinks, 0.0, highest)
    return bool((tax.minimum(y + only_regular - exemption) > tax.ordinary(y)).any())
