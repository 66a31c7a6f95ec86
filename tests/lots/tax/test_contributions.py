"""Contribution room by kind, age and income, against the notices' own figures."""

from decimal import Decimal

import pytest

from lots.accounts import AccountKind
from lots.errors import InputError
from lots.law import FilingStatus, load_law
from lots.tax.contributions import (
    HsaCoverage,
    PlanCover,
    Saver,
    contribution_limit,
    deductible_ira,
    is_catch_up_roth_only,
    plan_total_limit,
)

PLENTY = Decimal(1_000_000)
ROTH = AccountKind.ROTH_IRA


@pytest.mark.parametrize(
    ("year", "age", "ira", "deferral", "total", "hsa_self", "hsa_family"),
    [
        (2024, 49, 7_000, 23_000, 69_000, 4_150, 8_300),
        (2024, 60, 8_000, 30_500, 76_500, 5_150, 9_300),
        (2025, 50, 8_000, 31_000, 77_500, 4_300, 8_550),
        (2025, 59, 8_000, 31_000, 77_500, 5_300, 9_550),
        (2025, 60, 8_000, 34_750, 81_250, 5_300, 9_550),
        (2026, 54, 8_600, 32_500, 80_000, 4_400, 8_750),
        (2026, 63, 8_600, 35_750, 83_250, 5_400, 9_750),
        (2026, 64, 8_600, 32_500, 80_000, 5_400, 9_750),
    ],
)
def test_limits_by_age(year: int, age: int, ira: int, deferral: int, total: int, hsa_self: int, hsa_family: int) -> None:
    """Each catch-up starts at its own age, and the larger one of 60 to 63 ends again."""
    law = load_law(year)
    found = [
        contribution_limit(law, AccountKind.TRADITIONAL_IRA, Saver(age, PLENTY)),
        contribution_limit(law, AccountKind.TRADITIONAL_401K, Saver(age, PLENTY)),
        plan_total_limit(law, age),
        contribution_limit(law, AccountKind.HSA, Saver(age, coverage=HsaCoverage.SELF_ONLY)),
        contribution_limit(law, AccountKind.HSA, Saver(age, coverage=HsaCoverage.FAMILY)),
    ]
    assert found == [ira, deferral, total, hsa_self, hsa_family]


@pytest.mark.parametrize(
    ("year", "status", "magi", "expected"),
    [
        (2026, FilingStatus.SINGLE, 153_000, 7_500),
        (2026, FilingStatus.SINGLE, 160_500, 3_750),
        (2026, FilingStatus.SINGLE, 160_501, 3_750),
        (2026, FilingStatus.SINGLE, 167_999, 200),
        (2026, FilingStatus.SINGLE, 168_000, 0),
        (2026, FilingStatus.MFJ, 247_000, 3_750),
        (2026, FilingStatus.HOH, 160_500, 3_750),
        (2025, FilingStatus.SINGLE, 157_500, 3_500),
        (2025, FilingStatus.QSS, 241_000, 3_500),
        (2025, FilingStatus.HOH, 157_500, 3_500),
        (2024, FilingStatus.SINGLE, 153_500, 3_500),
        (2024, FilingStatus.MFJ, 235_000, 3_500),
        (2024, FilingStatus.HOH, 153_500, 3_500),
        (2024, FilingStatus.MFS, 5_000, 3_500),
    ],
)
def test_roth_room_shrinks_to_nothing_inside_its_phase_out(year: int, status: FilingStatus, magi: int, expected: int) -> None:
    """Rounded up to ten dollars, and never under 200 before it is gone."""
    saver = Saver(40, PLENTY, status, Decimal(magi))
    assert contribution_limit(load_law(year), ROTH, saver) == expected


@pytest.mark.parametrize(
    ("year", "status", "cover", "magi", "expected"),
    [
        (2024, FilingStatus.SINGLE, PlanCover.OWNER, 82_000, 3_500),
        (2024, FilingStatus.HOH, PlanCover.OWNER, 82_000, 3_500),
        (2024, FilingStatus.MFJ, PlanCover.OWNER, 133_000, 3_500),
        (2024, FilingStatus.MFJ, PlanCover.SPOUSE_ONLY, 235_000, 3_500),
        (2025, FilingStatus.SINGLE, PlanCover.OWNER, 84_000, 3_500),
        (2025, FilingStatus.HOH, PlanCover.OWNER, 84_000, 3_500),
        (2025, FilingStatus.MFJ, PlanCover.OWNER, 136_000, 3_500),
        (2025, FilingStatus.MFJ, PlanCover.SPOUSE_ONLY, 241_000, 3_500),
        (2026, FilingStatus.SINGLE, PlanCover.OWNER, 86_000, 3_750),
        (2026, FilingStatus.HOH, PlanCover.OWNER, 86_000, 3_750),
        (2026, FilingStatus.MFJ, PlanCover.OWNER, 139_000, 3_750),
        (2026, FilingStatus.MFJ, PlanCover.SPOUSE_ONLY, 247_000, 3_750),
        (2026, FilingStatus.MFS, PlanCover.OWNER, 5_000, 3_750),
        (2026, FilingStatus.SINGLE, PlanCover.NOBODY, 900_000, 7_500),
    ],
)
def test_an_ira_deduction_phases_out_for_those_covered_at_work(
    year: int, status: FilingStatus, cover: PlanCover, magi: int, expected: int
) -> None:
    """Half way through the range, half of it is left."""
    assert deductible_ira(load_law(year), Saver(40, PLENTY, status, Decimal(magi)), cover) == expected


def test_a_separate_filer_who_lived_apart_counts_as_single() -> None:
    """IRC 408A(c)(3)(D): the range of 0 to 10,000 is for couples under one roof."""
    saver = Saver(40, PLENTY, FilingStatus.MFS, Decimal(100_000), is_living_apart=True)
    assert contribution_limit(load_law(2026), ROTH, saver) == 7_500


def test_room_never_passes_earned_income() -> None:
    """IRC 219(b)(1)(B)."""
    assert contribution_limit(load_law(2026), AccountKind.TRADITIONAL_IRA, Saver(40, Decimal(1_200))) == 1_200


def test_what_the_room_depends_on_is_asked_for() -> None:
    """A missing income is not zero income."""
    law = load_law(2026)
    with pytest.raises(InputError, match="depends on compensation"):
        contribution_limit(law, AccountKind.TRADITIONAL_IRA, Saver(40))
    with pytest.raises(InputError, match="depends on magi"):
        contribution_limit(law, ROTH, Saver(40, PLENTY, FilingStatus.SINGLE))
    with pytest.raises(InputError, match="state coverage"):
        contribution_limit(law, AccountKind.HSA, Saver(40))
    with pytest.raises(InputError, match="no yearly limit for a taxable account"):
        contribution_limit(law, AccountKind.TAXABLE, Saver(40))


def test_high_earners_catch_up_in_roth_only_from_2026() -> None:
    """IRC 414(v)(7); a wage of exactly the threshold is still free to choose."""
    assert [is_catch_up_roth_only(load_law(2026), Decimal(wages)) for wages in (150_000, 150_001)] == [False, True]
    assert not is_catch_up_roth_only(load_law(2025), PLENTY)
