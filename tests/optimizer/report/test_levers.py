"""The ladder of levers: sums only over steps that can be compared, and room for it on a narrow page."""

import io
from decimal import Decimal

import pytest
from rich.console import Console

from optimizer.plan import Comparison, LeverRow, Plan
from optimizer.report.levers import levers_section


def section(comparison: Comparison, width: int = 100) -> str:
    """The section as text, its line breaks taken for blanks."""
    stream = io.StringIO()
    console = Console(file=stream, width=width, highlight=False)
    for part in levers_section(comparison, width):
        console.print(part)
    return " ".join(stream.getvalue().split())


def ladder(plan: Plan, **breaches: str) -> Comparison:
    """The plan's comparison with dollars outside the bands at some steps: `none` for the first, else the lever's name."""
    assert plan.comparison is not None
    rows: list[LeverRow] = []
    for row in plan.comparison.ladder:
        breach = Decimal(breaches.get(row.lever or "none", 0))
        known = breach == 0 and (not rows or rows[-1].breach == 0)
        rows.append(row.model_copy(update={"breach": breach, "saved": row.saved if known else None}))
    return plan.comparison.model_copy(update={"ladder": tuple(rows)})


def test_all_levers_together_are_summed_when_every_band_is_reached(plan: Plan) -> None:
    """The sum is the difference of two rows on the page, which a reader can check."""
    assert "All levers together save $17,170" in section(ladder(plan))


@pytest.mark.parametrize(
    ("breaches", "why"),
    [
        ({"none": "812.40"}, "because $812 without levers stay outside the bands"),
        ({"donations": "55"}, "because $55 at the last step stay outside the bands"),
        ({"none": "812.40", "donations": "55"}, "because $812 without levers and $55 at the last step stay outside the bands"),
    ],
)
def test_no_sum_is_stated_over_steps_that_miss_their_bands(plan: Plan, breaches: dict[str, str], why: str) -> None:
    """Staying outside costs no tax, so the difference would measure the bands that were missed."""
    shown = section(ladder(plan, **breaches))
    assert f"What the levers save together is not stated, {why}, which costs no tax." in shown
    assert "levers together save" not in shown


def test_a_step_whose_saving_is_not_known_shows_a_dash(plan: Plan) -> None:
    """An empty cell could be read as nothing saved."""
    shown = section(ladder(plan, location="400"))
    assert shown.count(" – ") == 2
    assert "All levers together save $17,170" in shown


def test_fewer_levers_are_not_called_all(plan: Plan) -> None:
    """With a lever switched off, `all levers` would promise what was not tried."""
    assert plan.comparison is not None
    fewer = plan.comparison.model_copy(update={"ladder": plan.comparison.ladder[:4]})
    shown = section(fewer)
    assert "The levers that are on together save" in shown
    assert "All levers" not in shown


def test_a_ladder_that_begins_higher_up_says_so(plan: Plan) -> None:
    """Where the orders cannot be carried out with fewer levers, the first step saved nothing and its lever is not in the sum."""
    assert plan.comparison is not None
    higher = plan.comparison.model_copy(update={"ladder": plan.comparison.ladder[3:]})
    shown = section(higher)
    assert "Before withdrawals the orders cannot be carried out; the levers after it together save $12,902" in shown
    assert "$1,488" not in shown
    assert "All levers" not in shown


def test_a_narrow_page_does_without_the_total_in_basis_points(plan: Plan) -> None:
    """Dollars are never cut short; the same total in another unit can go."""
    comparison = ladder(plan, income="400")
    assert "Drag, bp" in section(comparison, 100)
    assert "Drag, bp" not in section(comparison, 78)
    assert "Off band" in section(comparison, 78)
