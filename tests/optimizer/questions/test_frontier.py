"""The frontier: monotone, proven, and its prices are slopes."""

from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from optimizer.household import read_household
from optimizer.problem import Problem
from optimizer.questions.frontier import Against, Frontier, frontier, unbanded
from optimizer.rebalance import prepare, solved
from optimizer.report.plot import plot
from optimizer.scope import Scope

FOLDER = Path(__file__).resolve().parents[3] / "examples" / "year_end"


@pytest.fixture(scope="module")
def household() -> Problem:
    """The example."""
    return read_household(FOLDER)


@pytest.fixture(scope="module", params=["drift", "gains"])
def curve(request: pytest.FixtureRequest, household: Problem) -> Frontier:
    """Seven points of either kind."""
    return frontier(household, request.param, 7)


def asked(problem: Problem, against: Against, limit: Decimal) -> Problem:
    """The same question without the sweep: a scope of its own, compiled anew."""
    if against == "gains":
        return problem.model_copy(update={"scope": Scope(max_net_gain=limit)})
    return unbanded(problem).model_copy(update={"scope": Scope(max_drift=limit)})


def money(problem: Problem) -> float:
    """Cost before rounding without the prices that put bands and investing first."""
    step = solved(prepare(problem))
    assert step.optimum is not None
    costs = step.optimum.amounts.costs
    return step.optimum.objective - costs["breach"] - costs["idle_cash"]


def test_a_tighter_limit_never_saves_and_every_point_is_proven(curve: Frontier) -> None:
    """A limit only takes plans away; what is reached keeps it, but for what rounding to shares moves."""
    assert len(curve.points) == 7
    assert all(point.is_proven for point in curve.points)
    for looser, tighter in pairwise(curve.points):
        assert tighter.limit < looser.limit
        assert tighter.cost >= looser.cost - Decimal("0.02")
    for point in curve.points:
        reached = point.drift if curve.against == "drift" else point.net_gain
        assert reached <= point.limit + (Decimal("0.0001") if curve.against == "drift" else Decimal(1))


def test_points_of_the_sweep_are_those_of_a_question_asked_alone(household: Problem, curve: Frontier) -> None:
    """One compiled program with a number moved finds what a program of its own finds."""
    for point in curve.points[2:5:2]:
        assert abs(money(asked(household, curve.against, point.limit)) - float(point.cost)) < 0.02


def test_the_price_of_the_next_dollar_is_the_slope_measured_by_solving_again(household: Problem, curve: Frontier) -> None:
    """A price is a one-sided slope wherever the curve bends, so it lies between the slopes on both sides."""
    dollars_a_unit = float(curve.value) if curve.against == "drift" else 1.0
    step = 50.0 / dollars_a_unit
    checked = 0
    for point in curve.points[1:-1]:
        if point.next_dollar is None:
            continue
        here, limit = float(point.cost), float(point.limit)
        looser = money(asked(household, curve.against, Decimal(repr(round(limit + step, 9)))))
        tighter = money(asked(household, curve.against, Decimal(repr(round(limit - step, 9)))))
        slopes = (here - looser) / 50, (tighter - here) / 50
        assert min(slopes) - 0.002 <= float(point.next_dollar) <= max(slopes) + 0.002, point
        checked += 1
    assert checked >= 3


def test_the_plan_with_bands_lies_on_or_above_the_curve_of_drift(household: Problem) -> None:
    """Bands ask for more than the drift they end with."""
    found = frontier(household, "drift", 3)
    own = found.own_plan
    assert money(asked(household, "drift", own.drift)) <= float(own.cost) + 0.05
    assert own.next_dollar is None


def test_a_plot_puts_points_where_they_belong() -> None:
    """The lowest left, the highest right, the star where the plan stands."""
    lines = plot([(0.0, 0.0), (1.0, 1.0)], ("low", "high", "left", "right"), 40, (0.5, 0.5))
    assert lines[0].startswith("high |")
    assert lines[0].endswith("o")
    assert lines[11].startswith(" low |o")
    assert any("*" in line for line in lines[4:8])
    assert lines[-1].split() == ["left", "right"]
