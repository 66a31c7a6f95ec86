"""Which days are looked on."""

from datetime import date, timedelta

import numpy as np
import pytest

from optimizer.targets.watch import Watch, look_days


@pytest.mark.parametrize(
    ("look", "after", "expected"),
    [
        ("day", date(2026, 11, 20), date(2026, 11, 23)),  # a Friday
        ("month", date(2026, 11, 20), date(2026, 11, 30)),
        ("month", date(2026, 11, 30), date(2026, 12, 31)),
        ("month", date(2026, 1, 15), date(2026, 1, 30)),  # the 31st is a Saturday
        ("month", date(2026, 1, 31), date(2026, 2, 27)),
        ("quarter", date(2026, 11, 20), date(2026, 12, 31)),
        ("half-year", date(2026, 6, 30), date(2026, 12, 31)),
        ("half-year", date(2026, 6, 29), date(2026, 6, 30)),
        ("year", date(2026, 12, 31), date(2027, 12, 31)),
        ((date(2026, 4, 15), date(2026, 10, 15)), date(2026, 4, 15), date(2026, 10, 15)),
        ((date(2026, 4, 15),), date(2026, 4, 15), None),
    ],
)
def test_the_next_look_is_the_last_weekday_of_the_period_or_the_next_of_a_list(
    look: object, after: date, expected: date | None
) -> None:
    """Somebody who looks at a month's end does so on a day on which there are prices."""
    assert Watch(look=look).next_look(after) == expected  # type: ignore[arg-type]


def test_looks_are_the_last_priced_days_of_their_periods() -> None:
    """Holidays move a look to the last day with prices; a period that is not over has not been looked at."""
    days = [date(2025, 12, 1) + timedelta(days=k) for k in range(200)]
    priced = [day for day in days if day.weekday() < 5 and day not in (date(2025, 12, 31), date(2026, 3, 31))]
    assert look_days(Watch("quarter"), priced) == [date(2025, 12, 30), date(2026, 3, 30)]
    assert look_days(Watch("month"), priced)[-1] == date(2026, 5, 29)
    assert look_days(Watch("quarter"), [*priced[:20]])[-1:] == []
    assert look_days(Watch((date(2026, 1, 4), date(2025, 1, 1))), priced) == [date(2026, 1, 2)]
    assert Watch("day").looks(np.array(priced, dtype="datetime64[D]")).all()
