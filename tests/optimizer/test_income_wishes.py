"""Limits on the tax a plan adds and on adjusted gross income."""

from decimal import Decimal

import pytest

from lots.law import load_law
from optimizer.check import faults_of
from optimizer.errors import ContradictoryOrders
from optimizer.plan import Plan
from optimizer.problem import Problem, Wishes
from optimizer.rebalance import rebalance
from optimizer.taxpayer import MarginalRates
from tests.oracles.test_kinks import JOINT, LONG_GAINS, household

TIER = load_law(2026).table("irmaa.mfj")[0][0]


def agi(plan: Plan) -> Decimal:
    """Line 11a with the plan."""
    return next(line.amount for line in plan.tax.with_plan.lines if line.number == "11a")


def limited(**limits: object) -> Problem:
    """A couple whose plan would take gains worth taking, with a limit."""
    problem = household(JOINT, LONG_GAINS, wages=int(TIER) - 20_000)
    return problem.model_copy(update={"wishes": Wishes.model_validate(limits)})


def test_a_plan_stays_under_the_tier_it_is_told_to_avoid() -> None:
    """A dollar over the edge of a premium tier costs a year of it."""
    free, held = rebalance(limited(), compare=False), rebalance(limited(max_agi=TIER), compare=False)
    assert agi(free) > TIER + 5_000
    assert TIER - 5 < agi(held) <= TIER
    assert held.certificate.status == "optimal"


def test_the_tax_that_a_plan_adds_stays_under_its_limit() -> None:
    """A budget in dollars of tax is kept by the exact return, and used up where gains are worth taking."""
    held = rebalance(limited(max_gains_tax=1_000), compare=False).tax.with_plan
    assert Decimal(995) < held.total - held.other_tax <= Decimal(1_000) + Decimal("0.05")


def test_a_ceiling_under_the_income_that_is_there_is_a_contradiction() -> None:
    """No plan can take wages away, and the answer names the wish."""
    with pytest.raises(ContradictoryOrders) as refusal:
        rebalance(limited(max_agi=100_000), compare=False)
    assert any("adjusted gross income at most 100,000.00" in order for order in refusal.value.orders)


def test_flat_rates_know_no_income_to_hold_under_a_ceiling() -> None:
    """A limit that would be ignored is refused."""
    problem = limited(max_agi=100_000)
    rates = MarginalRates(ordinary=Decimal("0.3"), long_term=Decimal("0.15"))
    flat = problem.taxpayer.model_copy(update={"income": None, "rates": rates})
    faults = faults_of(problem.model_copy(update={"taxpayer": flat}))
    assert [fault.path for fault in faults] == [("wishes", "max_agi")]


def test_a_ceiling_on_income_and_a_budget_of_gains_hold_together() -> None:
    """Wages stand 20,000 under the tier; whichever limit is tighter binds, and the looser one changes nothing."""
    room = Decimal(20_000)
    for gain in (room - 5_000, room + 5_000):
        both = rebalance(limited(max_agi=TIER, max_net_gain=gain), compare=False)
        net = both.tax.with_plan.short + both.tax.with_plan.long
        assert min(gain, room) - 5 < net <= min(gain, room)
        assert agi(both) <= TIER
        assert both.certificate.status == "optimal"
