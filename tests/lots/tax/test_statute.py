"""Line 16 by the worksheets against the words of IRC 1(h)(1), written down a second time and only here.

The statute states the tax as a sum of parts (A) to (F); the worksheets reach it another way. It is the check of the 25 and
28 % classes, since a common engine lacks two of their lines.
"""

from decimal import Decimal
from random import Random

import pytest

from lots.law import FilingStatus, Law, law_years, load_law
from lots.tax.filer import TaxMethod
from lots.tax.regular import Preferences, regular_tax
from lots.tax.sheet import Sheet

ZERO = Decimal(0)


def statutory_tax(law: Law, status: FilingStatus, taxable: Decimal, gains: Preferences) -> Decimal:
    """IRC 1(h)(1) with the amounts of 1(j)(5): the lesser of the sum of (A) to (F) and the tax of the schedule."""
    schedule = law.schedule("ordinary_brackets", status)
    below_25 = next(edge for edge, rate in zip(schedule.edges, schedule.rates, strict=True) if rate >= Decimal("0.25"))
    top_0, top_15 = (law.by_status(f"preferential.{name}_rate_top", status) for name in ("zero", "fifteen"))
    special = min(gains.gain, gains.collectibles + gains.unrecaptured_1250)
    adjusted = gains.total - special
    a = max(max(ZERO, taxable - gains.total), min(min(taxable, below_25), max(ZERO, taxable - adjusted)))
    adjusted_or_income = min(adjusted, taxable)
    b = min(adjusted_or_income, max(ZERO, top_0 - max(ZERO, taxable - adjusted)))
    c = min(adjusted_or_income - b, max(ZERO, top_15 - (a + b)))
    d = adjusted_or_income - b - c
    e = max(ZERO, min(gains.unrecaptured_1250, gains.gain) - max(ZERO, a + gains.total - taxable))
    f = max(ZERO, taxable - (a + b + c + d + e))
    parts = c * Decimal("0.15") + d * Decimal("0.20") + e * Decimal("0.25") + f * Decimal("0.28")
    return min(schedule.tax(a) + parts, schedule.tax(taxable))


@pytest.mark.parametrize("status", list(FilingStatus))
@pytest.mark.parametrize("year", law_years())
def test_the_worksheets_reach_what_the_statute_says(year: int, status: FilingStatus) -> None:
    """On incomes small and large, with every mix of the four classes of gain, losses having met them already."""
    law, rng = load_law(year), Random(year)
    for _ in range(300):
        ordinary, gain, qualified = (Decimal(int(10 ** rng.uniform(2, 6))) for _ in range(3))
        collectibles = gain * Decimal(rng.choice([0, 0, 20, 50])) / 100
        buildings = gain * Decimal(rng.choice([0, 0, 10, 50])) / 100
        taxable = max(ZERO, ordinary + gain + qualified - Decimal(rng.randrange(200_000)))
        gains = Preferences(qualified, gain, collectibles, buildings)
        found = regular_tax(law, status, taxable, gains, TaxMethod.SCHEDULE, Sheet())
        assert found.tax == statutory_tax(law, status, taxable, gains), (taxable, gains)
