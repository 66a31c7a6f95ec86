"""Holding periods, the tax year and its first trading day.

The holding period starts the day after acquisition and a gain is long-term when the asset was held for *more than* one
year (IRC 1222; Rev. Rul. 66-97). Counting 365 days is wrong whenever the year contains a 29 February.
"""

from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
SATURDAY, SUNDAY = 5, 6
"""Days of the week as :meth:`datetime.date.weekday` counts them."""


def long_term_from(acquired: date) -> date:
    """Return the first date on which a disposal of something acquired on `acquired` is long-term.

    The count starts the day after acquisition and must pass a whole calendar year; a 29 February that the later year
    lacks is read as 1 March (Rev. Rul. 66-7).

    Examples
    --------
    >>> long_term_from(date(2025, 12, 18))
    datetime.date(2026, 12, 19)
    >>> long_term_from(date(2023, 2, 28))
    datetime.date(2024, 3, 1)
    """
    start = acquired + ONE_DAY
    if (start.month, start.day) == (2, 29):
        return date(start.year + 1, 3, 1)
    return start.replace(year=start.year + 1)


def first_trading_day(year: int) -> date:
    """Return the first day of a year on which the stock exchanges of the United States are open.

    New Year's Day is a holiday; on a Sunday it is observed on the Monday after, on a Saturday not at all (NYSE Rule 7.2).

    Examples
    --------
    >>> first_trading_day(2027)
    datetime.date(2027, 1, 4)
    >>> first_trading_day(2023)
    datetime.date(2023, 1, 3)
    """
    new_year = date(year, 1, 1)
    is_sunday = new_year.weekday() == SUNDAY
    day = new_year + (2 if is_sunday else 1) * ONE_DAY
    while day.weekday() >= SATURDAY:
        day += ONE_DAY
    return day


def is_long_term(acquired: date, disposed: date) -> bool:
    """Whether a disposal on `disposed` of something whose holding period began with `acquired` is long-term."""
    return disposed >= long_term_from(acquired)


def days_to_long_term(acquired: date, today: date) -> int:
    """Days until the lot can be disposed of long-term; zero when it already can."""
    return max(0, (long_term_from(acquired) - today).days)


def days_held(acquired: date, today: date) -> int:
    """Days since something was acquired, the day itself not counted."""
    return (today - acquired).days


def age_on(birth: date, day: date) -> int:
    """Completed years of age on `day`; somebody born on 29 February has the birthday on 1 March of a common year."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def age_in_half_years(birth: date, day: date) -> int:
    """Completed half years of age on `day`, for the law's 59½ and 70½.

    The half year is completed six calendar months after a birthday (Reg. 1.401(a)(9)-2, Q&A-3).
    """
    months = (day.year - birth.year) * 12 + day.month - birth.month - (day.day < birth.day)
    return months // 6
