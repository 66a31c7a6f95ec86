"""Reasons say how far a segment is out, and do not call rounding a reason."""

from decimal import Decimal

import pytest

from optimizer.questions.year_end.document import Alternative
from optimizer.rebalance import rebalance
from optimizer.report.year_end import _against
from tests.wish_households import household, lot


@pytest.mark.parametrize(
    ("red", "expected"),
    [
        (400_000, "red is 5.0 points below its band"),
        (449_900, "red is 0.01 points below its band"),
        (449_999.6, "red has room in its band"),
    ],
)
def test_a_purchase_names_a_distance_that_can_be_read(red: float, expected: str) -> None:
    """A band that begins at 45 % of a million dollars; 40 cents below it is what shares leave over and calls for nothing."""
    lots = [lot("red", "RED", red, red), lot("blue", "BLUE", 1_000_000 - red, 1_000_000 - red)]
    plan = rebalance(household(lots, {"red": 0.5, "blue": 0.5}), compare=False)
    assert {buy.reason.split(";")[0] for buy in plan.buys if buy.symbol.startswith("RED")} == {expected}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("210", "saves $210 over everything now"),
        ("0.40", "comes to the same as everything now"),
        ("-35", "costs $35 more than everything now, which leaves more outside the bands or in cash"),
    ],
)
def test_a_choice_of_dates_saves_costs_or_comes_to_the_same(more: str, expected: str) -> None:
    """Nothing saves less than nothing."""
    nothing = dict.fromkeys(("this_year_tax", "next_year_tax", "total", "outside_meanwhile", "drift_meanwhile"), Decimal(0))
    assert _against(Alternative(dates="everything now", costs_more=Decimal(more), **nothing)) == expected
