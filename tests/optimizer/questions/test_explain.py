"""What is said of a plan is what solving again, or the ledger, says."""

from decimal import Decimal
from pathlib import Path

import pytest

from optimizer.errors import ContradictoryOrders, InputFaults
from optimizer.household import read_household
from optimizer.limits import Unit, limits_of, loosened
from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.questions.explain import explain, question_of
from optimizer.questions.only import Only, narrowed
from optimizer.rebalance import rebalance
from tests.random_households import random_household

FOLDER = Path(__file__).resolve().parents[3] / "examples" / "year_end"


@pytest.fixture(scope="module")
def household() -> Problem:
    """The example with a limit on its long-term gain, which binds."""
    problem = read_household(FOLDER)
    return problem.model_copy(update={"wishes": problem.wishes.model_copy(update={"max_long_gain": Decimal(-15_500)})})


@pytest.fixture(scope="module")
def plan(household: Problem) -> Plan:
    """Its plan, explained."""
    return explain(household)


def cost(problem: Problem) -> Decimal:
    """Cost before rounding, to the cent."""
    return rebalance(problem, compare=False).certificate.objective


def keeping(problem: Problem, lot: str) -> Problem:
    """The household that keeps a lot."""
    return problem.model_copy(update={"wishes": problem.wishes.model_copy(update={"keep_lots": (lot,)})})


def test_a_runner_up_costs_what_the_plan_without_the_lot_costs(household: Problem, plan: Plan) -> None:
    """A lock on the lot is a way to ask the same that shares nothing with how it was found."""
    told = [row for row in (*plan.sales, *plan.gifts) if row.runner_up_costs is not None]
    assert len(told) > 20
    for row in (told[0], told[len(told) // 2], told[-1]):
        assert row.runner_up_costs is not None
        more = cost(keeping(household, row.lot)) - plan.certificate.objective
        assert abs(row.runner_up_costs - more) <= Decimal("0.02"), row.lot


def test_no_lot_is_worse_than_its_runner_up(plan: Plan) -> None:
    """A plan without a lot is a narrower question."""
    assert min(row.runner_up_costs for row in (*plan.sales, *plan.gifts) if row.runner_up_costs is not None) >= Decimal("-0.01")


def test_the_price_of_a_budget_is_what_one_more_dollar_of_it_saves(household: Problem, plan: Plan) -> None:
    """Measured here with ten dollars, which stay on the same slope."""
    row = next(row for row in plan.prices_of_wishes if row.wish.startswith("net long-term gain at most"))
    assert (row.unit, row.step) == ("dollars", 1)
    limit = next(limit for limit in limits_of(household) if limit.words == row.wish)
    saved = plan.certificate.objective - cost(loosened(household, limit, Decimal(10)))
    assert abs(saved / 10 - row.saving) < Decimal("0.003")
    assert f"one dollar more in '{row.wish}' saves" in row.sentence


def test_every_band_that_has_a_price_is_told_and_no_other(household: Problem, plan: Plan) -> None:
    """The multipliers only spare solves: asking every edge finds the same prices."""
    told = {row.wish: row.saving for row in plan.prices_of_wishes}
    for limit in limits_of(household):
        if limit.unit is Unit.FRACTION:
            saved = plan.certificate.objective - cost(loosened(household, limit))
            assert abs(saved - told.get(limit.words, Decimal(0))) <= Decimal("0.02"), limit.words


def test_simpler_rules_sell_the_same_shares_and_never_beat_the_plan(plan: Plan) -> None:
    """By the ledger; a dollar is left for what rounding whole shares may give them."""
    assert [row.rule for row in plan.lot_orders] == [
        "first in, first out",
        "highest basis per share first (HIFO)",
        "highest basis first",
    ]
    assert min(row.more_cost for row in plan.lot_orders) > -1
    first = plan.lot_orders[0]
    assert first.more_tax > 5000
    assert first.tax - first.more_tax == plan.tax.with_plan.total


def test_a_plan_is_explained_only_with_its_own_question(household: Problem) -> None:
    """Another household, or the same with another number, is refused; a plan narrowed by a word is found again."""
    whole = read_household(FOLDER)
    only = rebalance(narrowed(whole, Only.HARVEST), compare=False)
    assert question_of(only, whole).scope.only == "harvest"
    with pytest.raises(InputFaults, match="not this household's question"):
        question_of(only, household)


def test_orders_that_collide_come_with_the_cheapest_way_out() -> None:
    """5,000 into an account with room for 3,600: 1,400 less money, or 1,400 more room."""
    problem = read_household(FOLDER)
    order = problem.contributions[0].model_copy(update={"amount": Decimal(10_000), "into": ("her-roth",)})
    with pytest.raises(ContradictoryOrders) as refusal:
        rebalance(problem.model_copy(update={"contributions": (order,)}), compare=False)
    assert [way.rsplit(" ", 1)[1] for way in refusal.value.ways_out] == ["1,400.00", "1,400.00"]


@pytest.mark.parametrize("seed", range(4))
def test_random_plans_can_be_explained(seed: int) -> None:
    """No price is below zero, and no rule beats the plan by more than rounding explains."""
    try:
        plan = explain(random_household(seed))
    except ContradictoryOrders:
        return
    assert all(row.saving > 0 for row in plan.prices_of_wishes)
    assert all(row.more_cost > -2 for row in plan.lot_orders)
