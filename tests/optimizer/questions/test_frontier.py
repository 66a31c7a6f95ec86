"""The frontier: monotone, proven, and its prices are slopes."""

import csv
import io
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from rich.console import Console

from optimizer.household import read_household
from optimizer.problem import Problem
from optimizer.questions import frontier as frontier_module
from optimizer.questions.frontier import Against, Frontier, frontier, unbanded
from optimizer.rebalance import prepare, solved
from optimizer.report.frontier import frontier_csv, frontier_page
from optimizer.report.page import print_page
from optimizer.report.plot import plot
from optimizer.scope import Scope
from tests.wish_households import household as household_of
from tests.wish_households import lot

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


def test_a_limit_that_nothing_obeys_is_listed_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    """90 % in RED, 50 % wished for, at most 1,000 dollars traded: 500 sold and 500 bought leave 35 points of drift.

    A curve whose last points are missing without a word would be read as if 35 % were what was asked for.
    """
    lots = [lot("old", "RED", 9000, 9000), lot("blue", "BLUE", 1000, 1000)]
    problem = household_of(lots, {"red": 0.5, "blue": 0.5}, wishes={"max_turnover": 1000})
    true_range = frontier_module._drift_range
    monkeypatch.setattr(frontier_module, "_drift_range", lambda asked: (*true_range(asked)[:1], 0.39, 0.31))
    curve = frontier(problem, "drift", 5)
    assert [point.limit for point in curve.points] == [Decimal("0.39"), Decimal("0.37"), Decimal("0.35")]
    assert [gone.limit for gone in curve.missing] == [Decimal("0.33"), Decimal("0.31")]
    assert {gone.reason for gone in curve.missing} == {"no plan obeys this limit and keeps to: turnover at most 1,000.00"}
    text = io.StringIO()
    print_page(Console(file=text, width=100), frontier_page(curve, 100))
    page = " ".join(text.getvalue().split())
    assert "2 points more have no plan, see below." in page
    assert "Without a plan: 33.00 % and 31.00 %: no plan obeys this limit and keeps to" in page
    table = list(csv.DictReader(io.StringIO(frontier_csv(curve))))
    assert [row["limit"] for row in table if row["missing"]] == ["0.33", "0.31"]
