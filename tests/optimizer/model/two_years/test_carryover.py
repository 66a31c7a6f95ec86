"""The loss carried between two planned years is the law's, part by part of the plane of gains."""

import random
from decimal import Decimal

import numpy as np
import pytest

from lots.tax.netting import net_gains
from optimizer.model.two_years.carryover import ALL_LONG, ALL_SHORT, BOTH, NOTHING, carry_cases

LIMIT = 3000
WIDE = np.array([-1e6, -1e6]), np.array([1e6, 1e6])
EDGES = (-9000, -3001, -3000, -2999, -1, 0, 1, 2999, 3000, 3001, 9000)


def law(short: int, long: int) -> np.ndarray:
    """What the Capital Loss Carryover Worksheet leaves."""
    netting = net_gains(Decimal(short), Decimal(long), Decimal(LIMIT))
    return np.array([float(netting.short_carryover), float(netting.long_carryover)])


@pytest.mark.parametrize("seed", range(4))
def test_every_part_that_holds_carries_what_the_law_does(seed: int) -> None:
    """A point on an edge lies in two parts, and both have to say the same."""
    rng, met = random.Random(seed), set()
    points = [(short, long) for short in EDGES for long in EDGES]
    points += [(rng.randint(-20_000, 20_000), rng.randint(-20_000, 20_000)) for _ in range(500)]
    for short, long in points:
        parts = [part for part in carry_cases(LIMIT, *WIDE) if part.name != NOTHING and part.holds(short, long)]
        met |= {part.name for part in parts}
        assert all(np.allclose(part.at(short, long), law(short, long)) for part in parts), (short, long)
        assert bool(parts) or not law(short, long).any(), (short, long)
    assert met == {ALL_LONG, ALL_SHORT, BOTH}


def test_parts_that_no_plan_reaches_are_left_out() -> None:
    """Each part doubles or trebles the pairs of cases, so none is kept for nothing."""
    gains = carry_cases(LIMIT, np.array([-1000.0, -1000.0]), np.array([5000.0, 5000.0]))
    assert [part.name for part in gains] == [NOTHING]
    long_losses = carry_cases(LIMIT, np.array([0.0, -9000.0]), np.array([5000.0, 0.0]))
    assert [part.name for part in long_losses] == [NOTHING, ALL_LONG]
