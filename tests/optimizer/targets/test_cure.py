"""What would cure a household that is out, against worked numbers and a grid."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from optimizer.market.prices import PriceHistory
from optimizer.problem import Band, Problem, SegmentFacts
from optimizer.targets.cure import Fund, nearest, new_money, withdrawal
from optimizer.targets.drift import Drift, drifts_of
from optimizer.targets.since import outside_since


def drift(name: str, value: str, lower: str, upper: str, total: str = "1000", parent: str | None = None) -> Drift:
    """A segment of so many dollars in a household of a thousand."""
    band = Band(lower=Decimal(lower), upper=Decimal(upper))
    middle = (band.lower + band.upper) / 2
    facts = SegmentFacts(id=name, target=middle, trigger=band, destination=band, parent=parent)
    weight = Decimal(value) / Decimal(total)
    side = "above" if weight > band.upper else "below" if weight < band.lower else "inside"
    return Drift(facts, Decimal(value), weight, side, band)


def test_new_money_and_withdrawals_that_cure_are_the_least() -> None:
    """700 of 1,000 in stocks that may be 60 %: 1,000/6 into bonds, or 250 out of stocks. Worked by hand."""
    drifts = [drift("stocks", "700", "0.4", "0.6"), drift("bonds", "300", "0.4", "0.6")]
    money, taken = new_money(drifts, 1000, 0), withdrawal(drifts, 1000)
    assert money is not None
    assert taken is not None
    assert money.amount == pytest.approx(1000 / 6, abs=1e-3)
    assert money.parts == pytest.approx({"bonds": 1000 / 6}, abs=1e-3)
    assert taken.amount == pytest.approx(250, abs=1e-3)
    assert taken.parts == pytest.approx({"stocks": 250}, abs=1e-3)


def test_cash_at_hand_may_be_enough_and_some_bands_no_money_cures() -> None:
    """100 of cash lifts bonds from 25 to 35 %. Two segments that may be a fifth at most can never hold everything."""
    drifts = [drift("stocks", "650", "0.4", "0.7"), drift("bonds", "250", "0.3", "0.5")]
    money = new_money(drifts, 1000, 100)
    assert money is not None
    assert money.amount == pytest.approx(0, abs=1e-6)
    assert money.parts == pytest.approx({"bonds": 50}, abs=1e-3)
    capped = [drift("stocks", "700", "0", "0.2"), drift("bonds", "300", "0", "0.2")]
    assert new_money(capped, 1000, 0) is None
    assert withdrawal(capped, 1000) is not None  # all of it: nothing is left to be out of band


def test_a_cure_is_bought_and_sold_in_the_funds_there_are() -> None:
    """700 and 300 against bands of 40 to 60: a fund that is 70 and 30 cannot take out of one alone, nor add to one alone.

    A fund of 30 and 70 and new money c: 700 + 0.3 c ≤ 0.6 (1,000 + c) gives c = 333.3, worked by hand.
    """
    drifts = [drift("a", "700", "0.4", "0.6"), drift("b", "300", "0.4", "0.6")]
    only = [Fund({"a": 0.7, "b": 0.3}, 1000.0)]
    assert new_money(drifts, 1000, 0, only) is None
    taken = withdrawal(drifts, 1000, only)
    assert taken is None or taken.amount == pytest.approx(1000)
    money = new_money(drifts, 1000, 0, [*only, Fund({"a": 0.3, "b": 0.7}, 0.0)])
    assert money is not None
    assert money.amount == pytest.approx(1000 / 3)
    assert money.parts == pytest.approx({"a": 100, "b": 700 / 3}, rel=1e-6)


def test_flows_agree_with_a_grid_over_parents_and_parts() -> None:
    """Three leaves, two of them under one parent with a band of its own, random values: no smaller flow on a grid cures."""
    rng = np.random.default_rng(4)
    for _ in range(6):
        values = rng.dirichlet([2, 2, 2]) * 1000
        a, b, c = (f"{v:.6f}" for v in values)
        both = f"{float(a) + float(b):.6f}"
        drifts = [
            drift("ab", both, "0.5", "0.7"),
            drift("a", a, "0.2", "0.45", parent="ab"),
            drift("b", b, "0.2", "0.45", parent="ab"),
            drift("c", c, "0.3", "0.5"),
        ]
        found = new_money(drifts, 1000, 0)
        assert found is not None
        grid = np.arange(0, 1600, 25.0)
        y = np.array(np.meshgrid(grid, grid, grid, indexing="ij")).reshape(3, -1)
        after = values[:, None] + y
        total = 1000 + y.sum(axis=0)
        rows = [(after[0] + after[1], 0.5, 0.7), (after[0], 0.2, 0.45), (after[1], 0.2, 0.45), (after[2], 0.3, 0.5)]
        inside = np.all([(part >= low * total) & (part <= high * total) for part, low, high in rows], axis=0)
        least = y.sum(axis=0)[inside].min()
        assert found.amount <= least + 1e-6
        assert least - found.amount <= 75


def test_the_next_look_is_when_an_edge_has_one_chance_in_ten() -> None:
    """Half at 50 ± 5 points with a volatility of 20 %: a move of 0.05/(0.5·0.45) to the upper edge is 22.2 %, down 18.2 %.

    (0.1818 / (1.645 · 0.2))² = 0.3054 years, 112 days.
    """
    drifts = [drift("a", "500", "0.45", "0.55"), drift("b", "500", "0.3", "0.9")]
    found = nearest(drifts, {"a": 0.2}, date(2026, 1, 1))
    assert found is not None
    assert (found.segment, found.move) == ("a", pytest.approx(-0.05 / (0.5 * 0.55)))
    assert (found.when - date(2026, 1, 1)).days == 112
    assert nearest(drifts, {}, date(2026, 1, 1)) is None


def household(lots: list[tuple[str, str, str]]) -> Problem:
    """Two funds at 100 today, half and half with a band of a tenth; lots are (symbol, acquired, shares)."""
    band = {"lower": 0.45, "upper": 0.55}
    return Problem.from_parts(
        {
            "as_of": "2026-03-31",
            "taxpayer": {"year": 2026, "filing_status": "single", "rates": {"ordinary": 0.24, "long_term": 0.15}},
            "accounts": [{"id": "x", "kind": "taxable"}],
            "securities": [{"symbol": s, "price": 100, "exposures": {s.lower(): 1}} for s in ("A", "B")],
            "segments": [{"id": s, "target": 0.5, "trigger": band, "destination": band} for s in ("a", "b")],
            "lots": [
                {"id": str(k), "account": "x", "symbol": s, "acquired": day, "shares": float(n), "cost_basis": 1}
                for k, (s, day, n) in enumerate(lots)
            ],
        }
    )


def test_since_when_is_the_first_day_of_the_stretch_outside() -> None:
    """A rose from 100 to 125 and half of it was bought before: on the day it stood at 123 the half became 55 %."""
    problem = household([("A", "2026-01-02", "12.5"), ("B", "2026-01-02", "10")])
    days = ["2026-01-02", "2026-02-02", "2026-03-02", "2026-03-03", "2026-03-31"]
    a = np.array([80, 96, 97.7, 97.8, 100.0])  # 12.5 · 97.8 = 1,222.5 of 2,222.5, just over 55 %
    history = PriceHistory.of_adjusted(days, ["A", "B"], np.column_stack([a, np.full(5, 100.0)]))
    assert [d.standing for d in drifts_of(problem)] == ["above", "below"]
    found = outside_since(problem, history)
    assert (found["a"].day, found["a"].is_at_least) == (date(2026, 3, 3), False)
    assert found["b"].day == date(2026, 3, 3)


def test_a_purchase_begins_a_stretch_too_and_prices_may_not_reach_back() -> None:
    """Lots count from the day they were bought; a household that has always been out is out since before the prices."""
    days = ["2026-01-02", "2026-02-02", "2026-03-31"]
    flat = PriceHistory.of_adjusted(days, ["A", "B"], np.full((3, 2), 100.0))
    bought = household([("A", "2025-01-02", "10"), ("B", "2025-01-02", "10"), ("A", "2026-02-02", "5")])
    assert outside_since(bought, flat)["a"].day == date(2026, 2, 2)
    always = household([("A", "2025-01-02", "15"), ("B", "2025-01-02", "10")])
    assert outside_since(always, flat)["a"].is_at_least
