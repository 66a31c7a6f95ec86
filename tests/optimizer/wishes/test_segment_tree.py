"""A tree of three levels: every level has a band, and the plan keeps all of them at once."""

from decimal import Decimal
from typing import Any

import pytest

from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.rebalance import rebalance
from tests.wish_households import household, lot


def segment(name: str, target: float, width: float, parent: str | None = None) -> dict[str, Any]:
    """A segment whose trades stop at the edge of its band."""
    band = {"lower": max(0.0, target - width), "upper": min(1.0, target + width)}
    return {"id": name, "target": target, "trigger": band, "destination": band} | ({"parent": parent} if parent else {})


def tree(values: dict[str, float], widths: tuple[float, float, float]) -> Problem:
    """Stocks of 60 per cent are 40 at home and 20 abroad, home is 30 large and 10 small; the widths run from top to leaf."""
    top, middle, leaf = widths
    segments = [
        segment("stocks", 0.6, top),
        segment("home", 0.4, middle, "stocks"),
        segment("large", 0.3, leaf, "home"),
        segment("small", 0.1, leaf, "home"),
        segment("abroad", 0.2, middle, "stocks"),
        segment("bonds", 0.4, top),
    ]
    funds = [{"symbol": name.upper(), "price": 1, "exposures": {name: 1}} for name in ("large", "small", "abroad", "bonds")]
    lots = [lot(name, name.upper(), value, value / 2) for name, value in values.items()]
    return household(lots, {}, segments=segments, securities=funds)


def weights(answer: Plan) -> dict[str, Decimal]:
    """Weight of every segment after the plan."""
    assert all(row.breach == 0 for row in answer.bands)
    return {row.segment: row.weight_after for row in answer.bands}


HELD = {"large": 380, "small": 130, "abroad": 220, "bonds": 270}
LOOSE, TIGHT = 0.35, 0.02


@pytest.mark.parametrize(
    ("widths", "sold"),
    [
        ((TIGHT, LOOSE, LOOSE), 110),  # stocks of 73 per cent go to 62
        ((LOOSE, TIGHT, LOOSE), 90),  # home of 51 per cent goes to 42, abroad of 22 stays at its edge
        ((LOOSE, LOOSE, TIGHT), 70),  # large of 38 per cent goes to 32 and small of 13 to 12
        ((TIGHT, TIGHT, TIGHT), 110),  # large and small together reach 42 at their targets and below; the top binds
    ],
)
def test_the_band_of_each_level_binds_by_itself(widths: tuple[float, float, float], sold: int) -> None:
    """What has to be sold is the excess of the level that is tight; with all tight the largest of them."""
    answer = rebalance(tree(HELD, widths), compare=False)
    assert sum(row.proceeds for row in answer.sales) == pytest.approx(Decimal(sold), abs=Decimal("0.5"))
    after = weights(answer)
    assert after["home"] == pytest.approx(after["large"] + after["small"], abs=Decimal("1e-6"))
    assert after["stocks"] == pytest.approx(after["home"] + after["abroad"], abs=Decimal("1e-6"))
    assert answer.certificate.status == "optimal"
