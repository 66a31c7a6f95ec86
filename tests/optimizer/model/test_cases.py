"""The convex cases of the tax against the netting rule of the ledger, which knows nothing of them."""

import random
from decimal import Decimal

import numpy as np

from lots.tax.flat import FlatRates, gains_tax
from lots.tax.netting import net_gains
from optimizer.model.cases import FlatTax, flat_cases, smallest


def _by_the_rule(short: Decimal, long: Decimal, limit: Decimal, rates: FlatRates, carried: Decimal) -> Decimal:
    netting = net_gains(short, long, limit)
    return gains_tax(netting, rates) - carried * netting.carryover


def test_the_smaller_of_the_two_cases_is_the_tax_of_schedule_d_on_ten_thousand_points() -> None:
    """Everything rests on this identity: were it off anywhere, plans would be optimal for the wrong tax."""
    rng = random.Random(20260101)
    for _ in range(10_000):
        ordinary = Decimal(rng.randint(0, 60)) / 100
        long_term = ordinary * rng.randint(0, 10) / 10
        carried = ordinary * rng.randint(0, 10) / 10
        limit = Decimal(rng.choice([1500, 3000]))
        short, long = (Decimal(rng.choice([0, rng.randint(-9000, 9000), rng.randint(-200_000, 200_000)])) for _ in range(2))
        tax = FlatTax(float(ordinary), float(long_term), 0.0, float(limit), float(carried))
        found = smallest(flat_cases(tax), np.array([float(short), float(long), 0.0, 0.0]))
        expected = _by_the_rule(short, long, limit, FlatRates(ordinary, long_term, Decimal(0)), carried)
        assert abs(found - float(expected)) < 1e-6, (short, long, ordinary, long_term, carried, limit)


def test_no_case_lies_under_the_tax() -> None:
    """A case under the tax would promise plans that do not exist and void the bound."""
    rng = random.Random(7)
    for _ in range(2_000):
        short, long = Decimal(rng.randint(-20_000, 20_000)), Decimal(rng.randint(-20_000, 20_000))
        cases = flat_cases(FlatTax(0.4, 0.2, 0.0, 3000.0, 0.1))
        expected = _by_the_rule(short, long, Decimal(3000), FlatRates(Decimal("0.4"), Decimal("0.2"), Decimal(0)), Decimal("0.1"))
        z = np.array([float(short), float(long), 0.0, 0.0])
        assert min(case.tax(z) for case in cases) > float(expected) - 1e-6


def test_every_case_is_convex_along_random_lines() -> None:
    """Convexity is what lets the solver's bound stand for every plan."""
    rng = np.random.default_rng(3)
    for case in flat_cases(FlatTax(0.37, 0.2, 0.3, 3000.0, 0.1)):
        for _ in range(500):
            one, other = rng.uniform(-30_000, 30_000, (2, 4))
            assert case.tax((one + other) / 2) <= (case.tax(one) + case.tax(other)) / 2 + 1e-6


def test_the_tax_due_counts_a_carried_loss_as_nothing() -> None:
    """This year's bill does not shrink because of a loss that only next year can use."""
    cases = flat_cases(FlatTax(0.3, 0.15, 0.0, 3000.0, 0.1))
    due = min(case.due_at(np.array([-10_000.0, 0.0, 0.0, 0.0])) for case in cases)
    assert abs(due - -900.0) < 1e-9
