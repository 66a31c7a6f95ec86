"""The first trading day of a year, by the calendars the exchange published."""

from datetime import date

import pytest

from lots.dates import first_trading_day


@pytest.mark.parametrize(
    "day",
    [
        date(2018, 1, 2),
        date(2021, 1, 4),
        date(2022, 1, 3),
        date(2023, 1, 3),
        date(2024, 1, 2),
        date(2025, 1, 2),
        date(2026, 1, 2),
        date(2027, 1, 4),
    ],
)
def test_the_first_trading_day_of_a_year(day: date) -> None:
    """New Year's Day on a Sunday is kept on the Monday, on a Saturday not at all (nyse.com, holidays and trading hours)."""
    assert first_trading_day(day.year) == day
