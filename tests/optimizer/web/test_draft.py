"""What a form says becomes the question, exactly; and what it does not say stays."""

from decimal import Decimal

import pytest

from optimizer.errors import InputFaults
from optimizer.household import read_household
from optimizer.problem import Problem
from optimizer.web.draft import differences, keeping, restricting, with_bands, with_money
from optimizer.web.pages.frontier import at_drift, with_bands_of
from optimizer.web.pages.targets import band_fields
from tests.optimizer.web.conftest import EXAMPLE


@pytest.fixture(scope="module")
def problem() -> Problem:
    """The example."""
    return read_household(EXAMPLE)


def shown(problem: Problem) -> dict[str, object]:
    """The form of the targets' page as it stands before anybody touches it."""
    fields: dict[str, object] = {}
    for row in band_fields(problem):
        fields |= {f"lower:{row.segment.id}": row.lower, f"upper:{row.segment.id}": row.upper}
        if not row.is_whole:
            fields[f"target:{row.segment.id}"] = row.target
    return fields


def test_a_form_sent_as_it_was_shown_changes_nothing(problem: Problem) -> None:
    """Rounding on the page must not leak into the question, or every look at a page would be a draft."""
    money = {f"{kind}-0": str(getattr(problem, kind)[0].amount) for kind in ("contributions", "withdrawals", "donations")}
    assert with_bands(problem, shown(problem)).digest() == problem.digest()
    assert with_money(problem, money, []).digest() == problem.digest()


def test_a_band_moves_along_with_its_target_and_the_whole_with_its_parts(problem: Problem) -> None:
    """Two points from technology to energy: edges follow, stocks stay at 70."""
    fields = shown(problem) | {"target:technology": "14", "target:energy": "6"}
    moved = {each.id: each for each in with_bands(problem, fields).segments}
    before = {each.id: each for each in problem.segments}
    assert moved["technology"].trigger.lower == before["technology"].trigger.lower - Decimal("0.02")
    assert moved["energy"].trigger.upper == before["energy"].trigger.upper + Decimal("0.02")
    assert moved["stocks"] == before["stocks"]
    fields = shown(problem) | {"target:technology": "14"}
    assert next(each.target for each in with_bands(problem, fields).segments if each.id == "stocks") == Decimal("0.68")


def test_where_trades_stop_keeps_its_place_in_a_moved_band(problem: Problem) -> None:
    """The example stops half-way between target and edge; a band of 12 to 22 around 16 stops at 14 and 19."""
    fields = shown(problem) | {"lower:technology": "12", "upper:technology": "22"}
    technology = next(each for each in with_bands(problem, fields).segments if each.id == "technology")
    assert (technology.destination.lower, technology.destination.upper) == (Decimal("0.14"), Decimal("0.19"))


def test_everything_wrong_in_a_form_is_told_at_once(problem: Problem) -> None:
    """A person mends a form once."""
    fields = shown(problem) | {"lower:technology": "lots", "upper:energy": "1e5", "target:health": "9", "lower:health": "12"}
    with pytest.raises(InputFaults) as refusal:
        with_bands(problem, fields)
    assert len(refusal.value.faults) == 3
    with pytest.raises(InputFaults) as refusal:
        with_money(problem, {"contributions-0": "-5", "max_orders": "2.5", "max_turnover": "-1", "max_net_gain": "x"}, [])
    assert len(refusal.value.faults) == 4


def test_an_amount_of_nothing_takes_an_order_away_and_a_new_one_is_added(problem: Problem) -> None:
    """The plan's form is the only place where orders are changed."""
    changed = with_money(
        problem, {"donations-0": "0", "new-kind": "withdrawals", "new-amount": "$1,500", "new-account": "joint"}, []
    )
    assert changed.donations == ()
    assert changed.withdrawals[-1].amount == Decimal(1500)
    assert changed.withdrawals[-1].sources == ("joint",)


def test_levers_change_only_where_the_form_shows_them(problem: Problem) -> None:
    """A form without the boxes is not a household that unticked them all."""
    assert with_money(problem, {}, []).levers == problem.levers
    assert [each.value for each in with_money(problem, {"levers": "1"}, ["income"]).levers] == ["income"]


def test_a_draft_says_how_it_differs_and_how_the_file_would_say_it(problem: Problem) -> None:
    """The files are never rewritten; whoever wants the draft there needs the words."""
    assert differences(problem, problem) == []
    draft = restricting(keeping(problem, 'a "lot"', True), "VTI", True)
    lines = [each.line for each in differences(problem, draft)]
    assert lines == ['[wishes] keep_lots = ["a \\"lot\\""]', '[wishes] restricted = ["VTI"]']
    assert differences(problem, restricting(keeping(draft, 'a "lot"', False), "VTI", False)) == []


@pytest.mark.parametrize(
    ("typed", "meant"), [("1,500", "1500"), ("$12,345.50", "12345.50"), ("1,234,567", "1234567"), ("7.5", "7.5")]
)
def test_commas_part_thousands_alone(problem: Problem, typed: str, meant: str) -> None:
    """A comma before three digits is a thousand's."""
    assert with_money(problem, {"max_turnover": typed}, []).wishes.max_turnover == Decimal(meant)


@pytest.mark.parametrize("typed", ["1,5", "12,5", "1500,00", "1,50,000", ",500", "1.234,56", "12 5"])
def test_a_comma_that_may_be_a_decimal_point_is_refused_in_words(problem: Problem, typed: str) -> None:
    """1,5 is one and a half to half of the world, and never fifteen."""
    with pytest.raises(InputFaults) as refusal:
        with_money(problem, {"max_turnover": typed}, [])
    (fault,) = refusal.value.faults
    assert "1,234.56" in fault.expected
    assert ("write a point before decimals" in fault.step) == ("," in typed)


def test_a_changed_band_says_what_the_file_would_say(problem: Problem) -> None:
    """The words are those that keeping the draft writes."""
    draft = with_bands(problem, shown(problem) | {"target:technology": "14", "lower:technology": "12", "upper:technology": "17"})
    line = next(each.line for each in differences(problem, draft) if each.what == "technology")
    assert line.startswith(
        '[segments.technology] target_pct = 14, band = "absolute", band_below_pct = 2, band_above_pct = 3, destination = 0.5'
    )


def test_a_point_of_the_frontier_is_one_change_and_gives_the_bands_back(problem: Problem) -> None:
    """Bands set aside are told once; leaving the point keeps a target that was drafted, with its band moved along."""
    moved = with_bands(problem, shown(problem) | {"target:technology": "15"})
    aside = at_drift(moved, Decimal("0.014"))
    told = differences(problem, aside)
    assert [each.what for each in told if each.sets_bands_aside] == ["Bands"]
    assert "at most 1.4 %" in told[0].after
    assert not any("band 0 to 100" in each.after for each in told)
    assert with_bands_of(problem, aside).digest() == moved.digest()
    assert with_bands_of(problem, at_drift(problem, Decimal("0.014"))).digest() == problem.digest()
