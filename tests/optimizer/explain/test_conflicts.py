"""Orders that collide only because of the wash-sale rule: the rule is named beside them, and what is enough is enough."""

from decimal import Decimal

import pytest

from optimizer.errors import WASH_RULE, ContradictoryOrders
from optimizer.problem import Problem
from optimizer.rebalance import rebalance
from tests.wish_households import household, lot

OLD = lot("old", "RED", 1000, 1100)
LATE = lot("late", "RED", 400, 400, "2026-11-10")


def _at_most(net_gain: str) -> Problem:
    wishes = {"max_net_gain": net_gain, "min_holding_days": 45}
    return household([OLD, LATE], {"red": 0.5, "blue": 0.5}, wishes=wishes)


@pytest.mark.parametrize("limit", ["-65", "-100"])
def test_a_limit_below_what_the_washed_shares_leave_gives_way_to_that(limit: str) -> None:
    """1,000 shares lose 10 cents each; 400 bought ten days ago have to stay and wash as many: 60 dollars are lost at most.

    Flags between 0 and 1 would count up to 71.43: h = 5/7 harvested and 2/7 wholly washed wash 2/7 of the 1,000 and no more. So a
    limit of -65 collides with the rule, and one of -100 with what the lots have to lose.
    """
    with pytest.raises(ContradictoryOrders) as refusal:
        rebalance(_at_most(limit), compare=False)
    order = f"net gain at most {Decimal(limit):,.2f}"
    rule = (WASH_RULE,) if limit == "-65" else ()
    assert refusal.value.orders == ("sell nothing before it is held for 45 days", order, *rule)
    assert f"{order}: give way by {-60 - Decimal(limit):,.2f}" in refusal.value.ways_out


def test_what_is_told_to_be_enough_has_a_plan() -> None:
    """The limit that gave way by as much as was told is kept by a plan."""
    tax = rebalance(_at_most("-60"), compare=False).tax.with_plan
    assert tax.short + tax.long == -60
