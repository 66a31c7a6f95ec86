"""Lots, places and days behind the figures: they add up to the household, before the plan and after it."""

from datetime import date
from decimal import Decimal

import pytest

from lots.dates import is_long_term
from lots.lot import Term
from lots.units import ZERO
from optimizer.plan import LotOrder, WishPrice
from optimizer.problem import LotFacts
from optimizer.questions.frontier import frontier
from optimizer.report.calendar import Watch, watched_days
from optimizer.report.charts.frontier import frontier_figure
from optimizer.report.charts.style import label
from optimizer.report.html.page import page
from optimizer.report.lot_standing import Fate, standings
from optimizer.report.placement import placement
from optimizer.report.table import Kind, written
from optimizer.report.tables.assumptions import assumptions_table
from tests.optimizer.report.planned import example


def test_every_lot_stands_with_what_the_plan_takes_of_it() -> None:
    """Sold, given and left are the lot; gains are against the basis."""
    plan, problem = example()
    lots = standings(plan, problem)
    assert [each.lot for each in lots] == list(problem.lots)
    assert sum((each.sold for each in lots), ZERO) == sum((row.shares for row in plan.sales), ZERO)
    assert sum((each.given for each in lots), ZERO) == sum((row.shares for row in plan.gifts), ZERO)
    assert all(each.left >= 0 for each in lots)
    gains = {row.lot: row.gain / row.proceeds for row in plan.sales if row.gain is not None}
    for each in lots:
        if each.lot.id in gains:
            assert each.fate in (Fate.SELL, Fate.SELL_PART)
            assert each.gain is not None
            assert each.gain / each.value == pytest.approx(gains[each.lot.id], abs=Decimal("0.001"))


def test_a_replacement_counts_from_the_lot_it_replaced() -> None:
    """A lot bought lately with an older holding period is long-term already and must not wait in the calendar."""
    plan, problem = example()
    recent, older = problem.as_of.replace(month=10), date(2020, 1, 6)
    lot = LotFacts(
        **{"id": "tacked", "account": "joint", "symbol": "VTI", "shares": Decimal(1), "cost_basis": Decimal(9)},
        **{"acquired": recent, "holding_start": older},
    )
    (standing,) = standings(plan, problem.model_copy(update={"lots": (lot,)}))
    assert standing.term is Term.LONG
    assert standing.held_days == (problem.as_of - older).days
    assert not [each for each in watched_days(plan, problem, [standing]) if each.watch is Watch.LONG_TERM]


def test_the_calendar_names_the_first_long_term_day_of_what_stays() -> None:
    """A day early the gain is short-term."""
    plan, problem = example()
    lots = standings(plan, problem)
    turning = [each for each in watched_days(plan, problem, lots) if each.watch is Watch.LONG_TERM]
    short = [each for each in lots if each.term is Term.SHORT and each.left > 0]
    assert len(turning) == len(short) > 0
    for each in short:
        assert each.long_from is not None
        assert each.lot.acquired is not None
        assert is_long_term(each.lot.acquired, each.long_from)
        assert each.long_from in {entry.day for entry in turning}
        assert each.long_from > problem.as_of
    bans = [entry for entry in watched_days(plan, problem, lots) if entry.watch is Watch.BUY_BAN]
    assert {(entry.symbols, entry.day) for entry in bans} == {(ban.symbols, ban.until) for ban in plan.buy_bans}


def test_places_add_up_to_the_household() -> None:
    """No dollar is lost between segments and accounts, before or after."""
    plan, problem = example()
    placed = placement(plan, problem)
    assert sum(placed.before.values()) == pytest.approx(plan.value_before, abs=Decimal("0.05"))
    assert sum(placed.after.values()) == pytest.approx(plan.value_after, abs=Decimal("0.05"))
    segments = {row.segment: row for row in plan.bands}
    for segment in placed.segments:
        if segment is not None:
            held = sum((amount for (each, _), amount in placed.after.items() if each == segment), ZERO)
            assert held == pytest.approx(segments[segment].value_after, abs=Decimal("0.05"))


def test_a_frontier_has_its_section_and_none_has_none() -> None:
    """The household's own plan is marked once, and every point stands in the table."""
    plan, problem = example()
    curve = frontier(problem, points=3)
    line, chosen = frontier_figure(curve).data
    assert len(line.x) == 3
    assert list(line.x) == sorted(line.x)
    assert list(chosen.y) == [pytest.approx(float(plan.tax.with_plan.total - plan.tax.without_plan.total), abs=0.02)]
    text = page(plan, problem, charts=False, frontier=curve)
    assert "Tax against drift" in text
    assert all(written(point.added_tax, Kind.CHANGE) in text for point in curve.points)
    assert "Tax against drift" not in page(plan, problem, charts=False)


def test_an_explained_plan_shows_what_its_wishes_cost() -> None:
    """What was binding is on the page when the plan knows it."""
    plan, _ = example()
    price = WishPrice(wish="keep lot A", unit="shares", step=Decimal(1), saving=Decimal("12.34"), sentence="It costs $12.34.")
    rule = LotOrder(rule="FIFO", tax=Decimal(10), more_tax=Decimal(5), more_cost=Decimal(4))
    sale = plan.sales[0].model_copy(update={"runner_up": "lot B", "runner_up_costs": Decimal("0.77")})
    update = {"prices_of_wishes": (price,), "lot_orders": (rule,), "sales": (sale, *plan.sales[1:])}
    words = page(plan.model_copy(update=update), charts=False)
    assert "What was binding" in words
    assert "$12.34" in words
    assert "FIFO" in words
    assert "What was binding" not in page(plan, charts=False)


def test_assumptions_are_stated_with_their_units() -> None:
    """A rate of 0.05 could be a fraction or a per cent; on the page it is one of them."""
    stated = dict(assumptions_table(*example()).rows)
    assert stated["Tax law of"] == "2026"
    assert stated["Outlook: discount rate"] == "5 % a year"
    assert stated["Outlook: horizon years"] == "12 years"
    assert stated["Taxpayer: gains: long carryover"] == "$6,200.00"
    assert stated["Taxpayer: rates: long term"] == "19.4 %"


@pytest.mark.parametrize(
    ("text", "drawn"), [("<b>x</b>", "&lt;b&gt;x&lt;/b&gt;"), ("a\x1bb\u202e", "a b "), ("x" * 40, "x" * 27 + "…")]
)
def test_a_label_holds_no_tag_and_no_control_character(text: str, drawn: str) -> None:
    """The charting library reads some tags in its texts, links among them."""
    assert label(text) == drawn
