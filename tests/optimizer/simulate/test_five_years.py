"""Five years worked by hand: a tenth of a million dollars in two funds, brought back to halves on every last day of December.

No dividends, no costs, April's tax paid from elsewhere, 24 % on ordinary income and short-term gains, 15 % on long-term ones.
Prices:

=====  =====  =====
day    A      B
=====  =====  =====
2026   100    100
2027   200    100
2028   160    120
2029   120    120
2030   150     75
2031   150     75
=====  =====  =====

2026: 500 shares of each. 2027: A is worth 100,000 and B 50,000, so 25,000 of A go: 125 shares at a gain of 100 each, held
for exactly a year and therefore short-term: 12,500 at 24 % is a tax of 3,000. They buy 250 shares of B at 100. 2028: 375 A
at 160 are 60,000 and 750 B at 120 are 90,000, so 15,000 of B go, 125 shares. The lot of 2026 is long-term and that of 2027
is not by a day, so the older one: 2,500 at 15 % is 375. They buy 93.75 A at 160. 2029: 468.75 A at 120 are 56,250, 625 B at
120 are 75,000, so 9,375 of B go, 78.125 shares at a long-term gain of 20 each: 1,562.50 at 15 % is 234.38. They buy 78.125
A at 120. 2030: 546.875 A at 150 are 82,031.25 and as many B at 75 are 41,015.63, so 20,507.81 of A go. First the 93.75
shares bought at 160, at a long-term loss of 937.50; then 42.96875 of those bought at 120, which are short-term by a day: a
gain of 1,289.06. Selling the shares of 2026 instead would have been taxed at 15 %, but on 2,148.44. Net 351.56 at 24 %:
84.37. 2031: nothing moves. What is left is 123,046.87, with gains of 18,750 and 1,054.69 in A and a loss of 13,671.88 in B,
all long-term: selling everything would cost 15 % of 6,132.81, which is 919.92. Never touched, the funds would be worth
75,000 and 37,500.
"""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from optimizer.simulate.clock import clock_of
from optimizer.simulate.measures import figures_of
from optimizer.simulate.paths import Paths
from optimizer.simulate.policies import HOLD, Policy
from optimizer.simulate.setup import Setup, flat_rates
from optimizer.simulate.single import run_single

LEVELS = np.array([[100, 100], [200, 100], [160, 120], [120, 120], [150, 75], [150, 75]], dtype=float)


def test_five_years_come_out_as_worked_by_hand() -> None:
    """Values, taxes, what selling everything would leave, and growth, each as the story above has them."""
    days = [date(year, 12, 31) for year in range(2026, 2032)]
    nothing = np.zeros((1, 5, 2))
    paths = Paths(clock_of(days), ("A", "B"), (LEVELS[1:] / LEVELS[:-1] - 1)[None], nothing, nothing, np.zeros((1, 5)))
    setup = Setup(100_000, flat_rates(Decimal("0.24"), Decimal("0.15")), pays_from_portfolio=False)
    outcome = run_single(paths, Policy("every December"), setup)
    assert outcome.value[0] == pytest.approx([100_000, 150_000, 150_000, 131_250, 123_046.87, 123_046.87], abs=0.02)
    assert [tax[0] for _, tax in outcome.year_tax] == pytest.approx([3_000, 375, 234.38, 84.37, 0], abs=0.02)
    assert outcome.tax_paid[0] == pytest.approx([0, 3_000, 375, 234.38, 84.37], abs=0.02)
    assert outcome.ends[5].unrealised[0] == pytest.approx(6_132.81, abs=0.05)
    assert outcome.ends[5].liquidated[0] == pytest.approx(1 - 919.92 / 123_046.87, abs=1e-6)
    figures = figures_of(outcome, paths, 5)
    assert figures.before[0] == pytest.approx(1.2304687 ** (1 / 5) - 1, abs=1e-7)
    assert figures.rebalances[0] * 5 == 4
    assert run_single(paths, HOLD, setup).value[0, -1] == 112_500
