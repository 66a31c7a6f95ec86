"""The piecewise-linear form of the tax against the exact return: everywhere, and at and around every kink."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from random import Random

import numpy as np
import pytest

from lots.law import FilingStatus, law_years, load_law
from lots.tax.filer import Filer, StateResidence, TaxMethod
from lots.tax.liability import compute_return
from lots.tax.margins import next_edges
from optimizer.errors import InputFaults
from optimizer.model.schedule import federal_tax, year_tax
from optimizer.model.year_amounts import YearAmounts
from tests.lots.tax.random_filers import random_filer

HALF_A_CENT = 0.005
STATUSES = list(FilingStatus)
AROUND = tuple(map(Decimal, ("-1", "-0.01", "0", "0.01", "1")))


def _largest_gap(filers: list[Filer], year: int) -> float:
    """The largest difference in dollars between the two forms."""
    law = load_law(year)
    gaps = [0.0]
    for status in STATUSES:
        group = [filer for filer in filers if filer.status is status]
        if group:
            found = federal_tax(year_tax(law, status), YearAmounts.of(group, law))
            exact = np.array([float(compute_return(filer, law).exact_federal) for filer in group])
            gaps.append(float(np.abs(found - exact).max()))
    return max(gaps)


@pytest.mark.parametrize("year", law_years())
def test_it_equals_the_exact_return_on_random_filers(year: int) -> None:
    """Wages, gains, losses, carryovers, benefits, gifts and deductions all at once."""
    rng = Random(year)
    assert _largest_gap([random_filer(rng, STATUSES[k % len(STATUSES)]) for k in range(500)], year) < HALF_A_CENT


@pytest.mark.parametrize("year", law_years())
def test_it_equals_the_exact_return_at_and_around_every_kink(year: int) -> None:
    """Each edge that a filer has ahead is approached by wages, by short and by long gains, to the cent."""
    assert _largest_gap(list(_at_kinks(year)), year) < HALF_A_CENT


def _at_kinks(year: int) -> Iterator[Filer]:
    law, rng = load_law(year), Random(year + 1)
    for k in range(60):
        filer = random_filer(rng, STATUSES[k % len(STATUSES)])
        for edge in next_edges(compute_return(filer, law), law):
            for name in ("wages", "short_gain", "long_gain"):
                there = getattr(filer, name) + edge.room
                yield from (replace(filer, **{name: max(Decimal(0), there + step)}) for step in AROUND)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("year", law_years())
def test_it_equals_the_exact_return_at_each_edge_of_the_law(year: int, status: FilingStatus) -> None:
    """Bracket by bracket: wages that bring taxable income to the edge, with and without gains on top."""
    law, filers = load_law(year), []
    edges = [*law.schedule("ordinary_brackets", status).edges]
    edges += [law.by_status(f"preferential.{name}_rate_top", status) for name in ("zero", "fifteen")]
    standard = law.by_status("standard_deduction", status)
    for edge in edges:
        for step in AROUND:
            wages = max(Decimal(0), edge + standard + step)
            filers.append(Filer(status, wages=wages))
            filers.append(Filer(status, wages=wages, long_gain=Decimal(40_000)))
            filers.append(Filer(status, wages=Decimal(30_000), long_gain=max(Decimal(0), wages - 30_000)))
            filers.append(Filer(status, wages=wages, short_gain=Decimal(9_000), long_gain=Decimal(-8_000) + step))
    assert _largest_gap(filers, year) < HALF_A_CENT


@pytest.mark.parametrize("year", law_years())
def test_the_schedules_are_the_maximum_of_their_pieces(year: int) -> None:
    """A convex program takes them in this form."""
    x = np.linspace(0, 2_000_000, 4_001)
    for status in STATUSES:
        tax = year_tax(load_law(year), status)
        for schedule in (tax.ordinary, tax.preferential, tax.minimum):
            slopes, intercepts = schedule.affine()
            np.testing.assert_allclose((np.outer(x, slopes) + intercepts).max(axis=1), schedule(x), atol=1e-6)


def test_what_the_form_leaves_out_is_refused_filer_by_filer() -> None:
    """Half a tax would look like a whole one."""
    law, single = load_law(2026), FilingStatus.SINGLE
    strange = Filer(
        single,
        long_gain=Decimal(9),
        collectibles_gain=Decimal(5),
        residence=StateResidence("TX"),
        method=TaxMethod.TABLE,
    )
    with pytest.raises(InputFaults) as refused:
        YearAmounts.of([Filer(single), strange], law)
    assert [fault.path for fault in refused.value.faults] == [(1, "collectibles_gain"), (1, "residence"), (1, "method")]


def test_no_filers_have_no_tax() -> None:
    """An empty list is not an error."""
    law = load_law(2026)
    assert federal_tax(year_tax(law, FilingStatus.SINGLE), YearAmounts.of([], law)).tolist() == []
