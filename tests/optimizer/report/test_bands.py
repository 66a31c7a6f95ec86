"""The bands' table: a tree in order, and a picture that says what the words say."""

from decimal import Decimal

import pytest

from optimizer.plan import BandRow, Plan
from optimizer.report.bands import PICTURE_CELLS, in_tree_order, picture


def row(before: str, after: str, lower: str = "0.20", upper: str = "0.28") -> BandRow:
    """A segment with a band and two weights."""
    weight = Decimal(before)
    was = "above" if weight > Decimal(upper) else "below" if weight < Decimal(lower) else "inside"
    band = {"lower": lower, "upper": upper}
    parts = {"segment": "tech", "name": "Technology", "parent": None, "target": lower, "trigger": band, "allowed": band}
    parts |= {"value_before": 0, "value_after": 0, "weight_before": before, "weight_after": after}
    breach = 0 if Decimal(lower) <= Decimal(after) <= Decimal(upper) else 100
    return BandRow.from_parts({**parts, "was": was, "breach": breach, "note": ""})


@pytest.mark.parametrize(
    ("before", "after"),
    [("0.2801", "0.2799"), ("0.1999", "0.2001"), ("0.28", "0.20"), ("0.95", "0.24"), ("0", "0.24"), ("0.24", "0.28001")],
)
@pytest.mark.parametrize(
    ("lower", "upper"), [("0.20", "0.28"), ("0.24", "0.24"), ("0", "0.0001"), ("0.9999", "1"), ("0", "0.28")]
)
def test_the_picture_never_contradicts_the_words(before: str, after: str, lower: str, upper: str) -> None:
    """A hundredth of a point past the edge is outside in words, so it must be outside in the drawing."""
    drawn = picture(row(before, after, lower, upper))
    left, right = drawn.index("├"), drawn.index("┤")
    for sign, weight in (("○", Decimal(before)), ("●", Decimal(after))):
        place = drawn.index("◉" if "◉" in drawn else sign)
        assert (place < left, place > right) == (weight < Decimal(lower), weight > Decimal(upper))
    assert len(drawn) == PICTURE_CELLS


def test_the_cents_that_rounding_leaves_over_an_edge_are_not_drawn_outside() -> None:
    """The plan reaches edges and rounds to shares; a dot outside would cry wolf on every page."""
    drawn = picture(row("0.30", "0.28").model_copy(update={"weight_after": Decimal("0.2800001")}))
    assert drawn.index("●") < drawn.index("┤") < drawn.index("○")


def test_equal_weights_share_a_sign_and_a_band_of_no_width_can_be_drawn() -> None:
    """Targets without room around them exist, as do segments that nothing moves."""
    drawn = picture(row("0.2", "0.2", "0.2", "0.2"))
    assert drawn.count("◉") == 1
    assert "○" not in drawn


def test_parts_follow_their_whole(plan: Plan) -> None:
    """Read down, the table adds up."""
    shuffled = tuple(sorted(plan.bands, key=lambda row: row.name))
    order = [(depth, row.segment) for depth, row in in_tree_order(shuffled)]
    assert [segment for depth, segment in order if depth == 0] == ["bonds", "stocks"]
    assert order.index((0, "bonds")) < order.index((1, "tips")) < order.index((0, "stocks"))
    assert sorted(segment for _, segment in order) == sorted(row.segment for row in plan.bands)


def test_a_part_whose_whole_is_not_listed_is_still_shown(plan: Plan) -> None:
    """No segment disappears from the page."""
    assert [depth for depth, _ in in_tree_order(plan.bands[1:3])] == [0, 0]
