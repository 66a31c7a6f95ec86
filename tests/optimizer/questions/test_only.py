"""Plans narrowed to one kind of trade keep to it, and are as good as that allows."""

from decimal import Decimal
from pathlib import Path

import pytest

from optimizer.errors import ContradictoryOrders
from optimizer.household import read_household
from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.questions.only import Only, narrowed
from optimizer.rebalance import rebalance
from tests.random_households import random_household
from tests.wish_households import household as household_of
from tests.wish_households import lot

FOLDER = Path(__file__).resolve().parents[3] / "examples" / "year_end"
HAIR = Decimal("0.0002")


@pytest.fixture(scope="module")
def household() -> Problem:
    """The example: money in and out, losses, a gift."""
    return read_household(FOLDER)


def only(problem: Problem, kind: Only) -> Plan:
    """The narrowed plan."""
    return rebalance(narrowed(problem, kind), compare=False)


def sold(plan: Plan) -> Decimal:
    """Dollars sold."""
    return sum((sale.proceeds for sale in plan.sales), Decimal(0))


def test_only_cash_sells_what_has_to_leave_beyond_the_cash_at_hand(household: Problem) -> None:
    """20,000 and a gift of 15,000 leave, 14,000 comes, 4,140.18 of the joint account's cash is free: 16,859.82 has to be raised.

    The cash of the two IRAs is not free to take, so it does not count.
    """
    plan = only(household, Only.CASH)
    assert Decimal("16859.82") <= sold(plan) < Decimal("16865")
    assert not plan.gifts
    assert plan.certificate.status == "optimal"
    assert abs(plan.tax.difference) < 1


def test_only_cash_cannot_sell_a_dollar_less(household: Problem) -> None:
    """The limit is the least there is: a dollar below it no plan carries the orders out, and the limit is what is named."""
    order = household.withdrawals[0].model_copy(update={"sources": ("joint",)})
    asked = narrowed(household.model_copy(update={"withdrawals": (order,)}), Only.CASH)
    limit = asked.scope.max_sales
    assert limit is not None
    tighter = asked.model_copy(update={"scope": asked.scope.model_copy(update={"max_sales": limit - 1})})
    with pytest.raises(ContradictoryOrders) as refusal:
        rebalance(tighter, compare=False)
    assert any("sell no more than" in order for order in refusal.value.orders)


def test_only_cash_sells_nothing_when_nothing_leaves(household: Problem) -> None:
    """New money alone is a question without a sale, and brings what is short nearer to its band."""
    plan = only(household.model_copy(update={"withdrawals": (), "donations": ()}), Only.CASH)
    assert plan.sales == ()
    energy = next(row for row in plan.bands if row.segment == "energy")
    assert energy.weight_after > energy.weight_before
    assert energy.note


def test_only_harvest_sells_losses_and_keeps_every_segment_in_its_place(household: Problem) -> None:
    """What is sold at a loss is bought again as something else of the same segment."""
    plan = only(household, Only.HARVEST)
    assert plan.sales
    assert [sale.lot for sale in plan.sales if sale.gain is not None and sale.gain > 0] == []
    assert (plan.gifts, plan.flows) == ((), ())
    assert plan.tax.with_plan.total < plan.tax.without_plan.total - 1500
    for row in plan.bands:
        assert abs(row.weight_after - row.target) <= abs(row.weight_before - row.target) + HAIR, row.segment


def test_only_harvest_buys_back_what_it_sells_of_a_segment(household: Problem) -> None:
    """Technology stands 4.5 points above its band, and VGT may be bought in the joint account: a loss in XLK is no leave to
    sell technology. As many dollars come back as leave, but for the basis point that the cost of trading needs.
    """
    plan = only(household, Only.HARVEST)
    assert "technology" in plan.scope.held
    for row in plan.bands:
        if row.segment in plan.scope.held:
            assert abs(row.weight_after - row.weight_before) <= HAIR, row.segment


def test_only_harvest_takes_a_loss_without_a_twin_where_that_brings_the_segment_nearer() -> None:
    """RED at 80 % of a target of 50 has no other fund to buy: its loss may go into BLUE, which is short."""
    lots = [lot("red", "RED", 800, 1200), lot("blue", "BLUE", 200, 100)]
    alone = household_of(lots, {"red": 0.5, "blue": 0.5}, wishes={"do_not_buy": ["RED2"]})
    with_twin = household_of(lots, {"red": 0.5, "blue": 0.5})
    assert narrowed(alone, Only.HARVEST).scope.held == ()
    assert {buy.symbol for buy in only(alone, Only.HARVEST).buys} <= {"BLUE", "BLUE2"}
    assert sum(buy.cost for buy in only(with_twin, Only.HARVEST).buys if buy.symbol == "RED2") > 799


def test_only_donate_gives_and_touches_nothing_else(household: Problem) -> None:
    """The promise in full, from the lot with the largest gain; no sale, no purchase."""
    plan = only(household, Only.DONATE)
    assert (plan.sales, plan.buys) == ((), ())
    assert [(gift.symbol, str(gift.acquired)) for gift in plan.gifts] == [("XLK", "2017-03-14")]
    assert Decimal(15_000) <= sum(gift.value for gift in plan.gifts) < Decimal(15_001)


@pytest.mark.parametrize("kind", list(Only))
@pytest.mark.parametrize("seed", range(6))
def test_random_households_keep_to_the_kind_of_trade(seed: int, kind: Only) -> None:
    """Whatever the household, the plan is proven, the ledger agrees, and nothing of another kind is traded."""
    problem = random_household(seed)
    try:
        plan = only(problem, kind)
    except ContradictoryOrders:
        return
    assert plan.certificate.status == "optimal" or plan.certificate.ended_by == "washing"
    assert abs(plan.tax.difference) < 1
    if kind is Only.CASH:
        assert sold(plan) <= (plan.scope.max_sales or 0) + 5
    if kind is Only.HARVEST:
        recent = {lot.id for lot in problem.lots if lot.acquired and (problem.as_of - lot.acquired).days <= 30}
        gains = [sale.lot for sale in plan.sales if sale.gain is None or sale.gain > 0]
        assert set(gains) <= recent
    if kind is Only.DONATE:
        assert plan.buys == ()
        lots = {lot.id: lot for lot in problem.lots}
        price = {s.symbol: s.price for s in problem.securities}
        assert all((lots[g.lot].cost_basis or 0) <= lots[g.lot].shares * price[g.symbol] for g in plan.gifts)


def test_in_whole_shares_ledger_and_solver_tell_the_same_tax(household: Problem) -> None:
    """Every account in whole shares; given only where the order takes from, and nothing sold."""
    accounts = tuple(each.model_copy(update={"share_step": Decimal(1)}) for each in household.accounts)
    plan = only(household.model_copy(update={"accounts": accounts}), Only.DONATE)
    assert {gift.account for gift in plan.gifts} == {"joint"}
    assert not plan.sales
    assert abs(plan.tax.difference) < 1
