"""Amounts that the Treasury printed and that follow from the figures on file: a transposed digit breaks one of them."""

from decimal import Decimal

import pytest

from lots.law import FilingStatus, load_law
from lots.tax.surtaxes import amt_exemption, amt_income


@pytest.mark.parametrize(
    ("year", "status", "base"),
    [
        (2024, FilingStatus.SINGLE, "183647.25"),
        (2024, FilingStatus.MFJ, "196669.50"),
        (2024, FilingStatus.MFS, "98334.75"),
        (2024, FilingStatus.HOH, "181954.50"),
        (2025, FilingStatus.SINGLE, "188769.75"),
        (2025, FilingStatus.MFJ, "202154.50"),
        (2025, FilingStatus.MFS, "101077.25"),
        (2025, FilingStatus.HOH, "187031.50"),
        (2026, FilingStatus.SINGLE, "192979.25"),
        (2026, FilingStatus.MFJ, "206583.50"),
        (2026, FilingStatus.MFS, "103291.75"),
        (2026, FilingStatus.HOH, "191171.00"),
    ],
)
def test_tax_at_the_top_edge_is_the_base_amount_of_the_rate_table(year: int, status: FilingStatus, base: str) -> None:
    """Rev. Proc. 2023-34 sec. 3.01, 2024-40 sec. 2.01 and 2025-32 sec. 4.01 print it; every edge flows into it."""
    schedule = load_law(year).schedule("ordinary_brackets", status)
    assert schedule.tax(schedule.edges[-1]) == Decimal(base)


@pytest.mark.parametrize(
    ("year", "status", "gone"),
    [
        (2024, FilingStatus.SINGLE, 952_150),
        (2024, FilingStatus.MFJ, 1_751_900),
        (2024, FilingStatus.MFS, 875_950),
        (2024, FilingStatus.HOH, 952_150),
        (2025, FilingStatus.SINGLE, 978_750),
        (2025, FilingStatus.MFJ, 1_800_700),
        (2025, FilingStatus.MFS, 900_350),
        (2025, FilingStatus.HOH, 978_750),
        (2026, FilingStatus.SINGLE, 680_200),
        (2026, FilingStatus.MFJ, 1_280_400),
        (2026, FilingStatus.MFS, 640_200),
        (2026, FilingStatus.HOH, 680_200),
    ],
)
def test_the_exemption_is_gone_where_the_form_says(year: int, status: FilingStatus, gone: int) -> None:
    """Form 6251 and its instructions print the income at which no exemption is left."""
    law = load_law(year)
    assert amt_exemption(law, status, Decimal(gone)) == 0
    assert amt_exemption(law, status, Decimal(gone - 1)) == law.figure("amt.phaseout.rate")


def test_separate_filers_add_back_at_most_one_exemption() -> None:
    """IRC 55(d)(2): nothing at the end of the phase-out, half a dollar for the next, 70,100 far above it in 2026."""
    law = load_law(2026)
    added = [amt_income(law, FilingStatus.MFS, Decimal(income)) - income for income in (640_200, 640_201, 2_000_000)]
    assert added == [0, Decimal("0.5"), 70_100]
