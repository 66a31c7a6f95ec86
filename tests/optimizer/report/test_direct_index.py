"""A plan with hundreds of names stays a page that is read: what matters is listed, the rest is summed."""

import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from rich.console import Console

from optimizer.plan import Plan
from optimizer.rebalance import rebalance
from optimizer.report.html.sections import sections_of
from optimizer.report.terminal import show_plan
from optimizer.report.workbook import workbook
from tests.index_files import index_file, index_problem, tracking_error


@pytest.fixture(scope="module")
def plan() -> Plan:
    """A hundred and fifty names within a quarter of today's tracking error."""
    file = index_file(150, 2, 4)
    return rebalance(index_problem(file, max_tracking_error=0.25 * tracking_error(file, [])), compare=False)


def page(plan: Plan) -> str:
    stream = io.StringIO()
    show_plan(plan, Console(file=stream, width=100, highlight=False, emoji=False, markup=False))
    return stream.getvalue()


def test_the_largest_trades_are_listed_and_the_others_summed(plan: Plan) -> None:
    """Every dollar is on the page, in a line or in the sum."""
    text = page(plan)
    assert len(text.splitlines()) < 160
    assert "And smaller ones: Sell " in text
    amounts = sorted((row.cost for row in plan.buys), reverse=True)
    largest = max(plan.buys, key=lambda row: row.cost)
    assert f"Buy {largest.symbol}" in text
    smallest = min(plan.buys, key=lambda row: row.cost)
    assert len(amounts) > 20
    assert f"Buy {smallest.symbol} " not in text


def test_the_page_says_how_far_the_household_is_from_its_benchmark(plan: Plan) -> None:
    """Before, after, and what was asked for, in per cent a year."""
    assert plan.tracking is not None
    before, after = plan.tracking.error_before or Decimal(0), plan.tracking.error_after or Decimal(0)
    assert f"goes from {before * 100:.3f} % to {after * 100:.3f} %; at most" in page(plan)
    assert plan.tracking.missed == 0
    assert plan.tracking.names[0].symbol in page(plan)


def test_reasons_speak_of_the_benchmark(plan: Plan) -> None:
    """A name has no band of its own to stand above."""
    assert all("in the benchmark" in row.reason for row in (*plan.sales, *plan.buys))


def test_page_and_workbook_have_what_the_benchmark_asks_for_and_gets(plan: Plan) -> None:
    """Today's tracking error, the plan's and the limit, every name the plan lists, every factor."""
    assert plan.tracking is not None
    (section,) = [each for each in sections_of(plan) if each.name == "benchmark"]
    assert f"at most {plan.tracking.max_error or 0:.3%}".replace("%", " %") in section.lead[0]
    book = load_workbook(io.BytesIO(workbook(plan)))
    measured = list(book["Benchmark"].iter_rows(min_row=3, values_only=True))
    error = [plan.tracking.error_before, plan.tracking.error_after, plan.tracking.max_error]
    assert measured[0][1:] == pytest.approx([float(each or 0) for each in error])
    assert [row[0] for row in book["Names"].iter_rows(min_row=3, values_only=True)] == [n.symbol for n in plan.tracking.names]
    assert book["Factors"].max_row == 2 + len(plan.tracking.factors)


def test_what_an_interior_point_leaves_is_no_trade(plan: Plan) -> None:
    """A sale or purchase of a few cents is a trace of the solver and would only cost an order."""
    assert all(row.cost >= Decimal("0.04") for row in plan.buys)
    assert sum(row.proceeds < Decimal("0.04") for row in plan.sales) == 0
