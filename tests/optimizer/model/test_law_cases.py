"""The convex cases of the whole schedule against its array form, which equals the exact return."""

from dataclasses import replace
from decimal import Decimal
from random import Random

import numpy as np
import pytest

from lots.law import FilingStatus, Law, law_years, load_law
from lots.tax.filer import Filer
from optimizer.model.law_cases import Household, law_cases, recovered
from optimizer.model.own_year import own_year
from optimizer.model.polyhedral import LinearCase
from optimizer.model.schedule import YearTax, federal_tax, year_tax
from optimizer.model.year_amounts import YearAmounts
from tests.lots.tax.random_filers import dollars, random_filer

STATUSES = list(FilingStatus)
HALF_A_CENT = 0.005
HOUSEHOLDS, BATCHES, POINTS = 320, 8, 6


def _cases(filer: Filer, law: Law, points: np.ndarray, carried: float) -> tuple[YearTax, tuple[LinearCase, ...]]:
    tax = year_tax(law, filer.status)
    return tax, law_cases(Household(tax, own_year(filer, law, tax), carried, points.min(axis=0), points.max(axis=0)))


def _by_the_schedule(filer: Filer, law: Law, tax: YearTax, points: np.ndarray, carried: float) -> np.ndarray:
    """The array form at each point, a loss beyond the limit at its value."""
    loss = np.maximum(0.0, -points[:, 0] - points[:, 1] - tax.figures["capital_loss_limit"])
    found: np.ndarray = federal_tax(tax, YearAmounts.of([_with(filer, point) for point in points], law)) - carried * loss
    return found


def _with(filer: Filer, point: np.ndarray) -> Filer:
    short, long, ordinary, cash, short_gifts, long_gifts = (Decimal(repr(float(amount))) for amount in point.round(2))
    return replace(
        filer,
        short_gain=short,
        long_gain=long,
        short_carryover=Decimal(0),
        long_carryover=Decimal(0),
        other_income=filer.other_income + ordinary,
        cash_gifts=filer.cash_gifts + cash,
        short_property_gifts=filer.short_property_gifts + short_gifts,
        long_property_gifts=filer.long_property_gifts + long_gifts,
    )


def _points(rng: Random) -> np.ndarray:
    """A few years of one household: gains and losses around a middle, withdrawals, gifts of every kind."""
    scale = rng.choice([3e3, 1e4, 4e4, 1e5])
    middle = [rng.choice([0, 1, -1]) * float(dollars(rng, top, 0.7)) for top in (300_000, 1_500_000)]
    rows = []
    for _ in range(POINTS):
        gains = [at + rng.choice([0, rng.uniform(-scale, scale)]) for at in middle]
        ordinary = rng.choice([0, rng.uniform(-8_000, 60_000)])
        rows.append([*gains, ordinary, *(rng.choice([0, rng.uniform(0, scale / 3)]) for _ in range(3))])
    return np.array(rows).round(2)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_the_least_of_the_cases_is_the_tax_and_none_lies_under_it(batch: int) -> None:
    """Everything rests on this identity: were it off anywhere, plans would be optimal for the wrong tax."""
    for seed in range(batch, HOUSEHOLDS, BATCHES):
        rng = Random(seed)
        law, status = load_law(rng.choice(law_years())), rng.choice(STATUSES)
        filer, points, carried = random_filer(rng, status), _points(rng), rng.choice([0.0, 0.05, 0.15])
        tax, cases = _cases(filer, law, points, carried)
        expected = _by_the_schedule(filer, law, tax, points, carried)
        for point, wanted in zip(points, expected, strict=True):
            assert abs(min(case.tax(point) for case in cases) - wanted) < HALF_A_CENT, (seed, point)


@pytest.mark.parametrize("status", STATUSES)
def test_the_stretch_just_past_the_first_edge_is_exact(status: FilingStatus) -> None:
    """There a dollar of ordinary income owes less than the gain it pushes up: the only place where y must be held from above."""
    law = load_law(2026)
    tax = year_tax(law, status)
    edge = float(tax.preferential.edges[1])
    end = recovered(tax, edge)
    wages = Decimal(repr(round((edge + end) / 2))) + law.by_status("standard_deduction", status)
    points = np.array(
        [[s, x, 0.0, 0.0, 0.0, 0.0] for s in (-4_000.0, -500.0, 0.0, 300.0) for x in (-5_000.0, 0.0, 700.0, 30_000.0)]
    )
    filer = Filer(status, wages=wages, ordinary_dividends=Decimal(900), qualified_dividends=Decimal(900))
    tax, cases = _cases(filer, law, points, 0.05)
    found = [min(case.tax(point) for case in cases) for point in points]
    np.testing.assert_allclose(found, _by_the_schedule(filer, law, tax, points, 0.05), atol=HALF_A_CENT)
    assert end > edge
    assert any("just past it" in case.name for case in cases)


def test_every_case_is_convex_along_random_lines() -> None:
    """Convexity is what lets the solver's bound stand for every plan."""
    rng = Random(5)
    points = _points(rng)
    _, cases = _cases(random_filer(rng, FilingStatus.MFJ), load_law(2026), points, 0.05)
    for case in cases:
        ends = np.array([case.tax(point) for point in points])
        for k in range(1, POINTS):
            middle = case.tax((points[k] + points[k - 1]) / 2)
            assert middle <= (ends[k] + ends[k - 1]) / 2 + 1e-6


def test_a_plain_year_needs_few_cases() -> None:
    """A household far from every edge is not made to pay for those of others."""
    filer = Filer(FilingStatus.MFJ, wages=Decimal(180_000))
    points = np.array([[0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0.0, 20_000.0, 0.0, 0.0, 0.0, 0.0]])
    _, cases = _cases(filer, load_law(2026), points, 0.0)
    assert len(cases) == 2
