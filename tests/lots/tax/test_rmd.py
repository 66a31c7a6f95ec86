"""Required distributions: who must take them, from which age, and by which table."""

from datetime import date
from decimal import Decimal

import pytest

from lots.errors import InputError
from lots.law import lasting_law, load_law
from lots.tax.rmd import required_distribution, start_age


@pytest.mark.parametrize(("birth_year", "age"), [(1940, 73), (1951, 73), (1959, 73), (1960, 75), (1975, 75)])
def test_the_first_age_depends_on_the_year_of_birth(birth_year: int, age: int) -> None:
    """1959 is 73 by the Treasury's reading of a sentence that covers it twice."""
    assert start_age(load_law(2026), birth_year) == age


def test_the_worked_example_of_publication_590b() -> None:
    """An owner who turns 75 in 2025 with 100,000 and a spouse six years younger divides by 24.6: 4,065."""
    found = required_distribution(load_law(2025), date(1950, 5, 1), Decimal(100_000), date(1956, 5, 1))
    assert (found.divisor, round(found.amount)) == (Decimal("24.6"), 4_065)


@pytest.mark.parametrize(
    ("year", "birth", "divisor", "is_first"),
    [(2026, 1954, None, False), (2026, 1953, "26.5", True), (2026, 1946, "20.2", False), (2026, 1905, "2.0", False)],
)
def test_the_divisor_follows_the_age_reached_in_the_year(year: int, birth: int, divisor: str | None, is_first: bool) -> None:
    """None before the first age; the last row serves every later age."""
    found = required_distribution(load_law(year), date(birth, 12, 31), Decimal(50_000))
    assert found.divisor == (None if divisor is None else Decimal(divisor))
    assert found.is_first is is_first
    assert (found.amount > 0) is (divisor is not None)


def test_a_much_younger_spouse_needs_the_other_table() -> None:
    """More than ten years, counted in birth years; exactly ten is still the uniform table."""
    law, owner = load_law(2026), date(1950, 1, 1)
    assert required_distribution(law, owner, Decimal(1_000), date(1960, 12, 31)).divisor == Decimal("23.7")
    with pytest.raises(InputError, match="State joint_divisor from it for ages 76 and 65"):
        required_distribution(law, owner, Decimal(1_000), date(1961, 1, 1))
    assert required_distribution(law, owner, Decimal(1_000), date(1961, 1, 1), Decimal("24.5")).amount == Decimal("40.82")
    with pytest.raises(InputError, match=r"not below the uniform 23\.7"):
        required_distribution(law, owner, Decimal(1_000), date(1961, 1, 1), Decimal(20))


def test_nothing_is_assumed_about_age_or_balance() -> None:
    """A missing age is asked for."""
    with pytest.raises(InputError, match="state the owner's birth_date"):
        required_distribution(load_law(2026), None, Decimal(1))
    with pytest.raises(InputError, match="31 December 2025 is -1"):
        required_distribution(load_law(2026), date(1940, 1, 1), Decimal(-1))


def test_the_uniform_table_falls_with_every_year_of_age() -> None:
    """A transposed row would show."""
    rows = lasting_law(2026).table("rmd.uniform_lifetime.table")
    assert [int(age) for age, _ in rows] == list(range(73, 121))
    assert [divisor for _, divisor in rows] == sorted((divisor for _, divisor in rows), reverse=True)
