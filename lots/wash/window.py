"""The 61 days around a sale at a loss (IRC 1091(a)).

A loss is not allowed where substantially identical shares are acquired "within a period beginning 30 days before the
date of such sale or disposition and ending 30 days after such date". The days are calendar days and trade dates, and
the end of a tax year does not interrupt them.
"""

from dataclasses import dataclass
from datetime import date, timedelta

WINDOW = timedelta(days=30)
"""Days on each side of the sale, IRC 1091(a); Reg. 1.1091-1(a)."""


@dataclass(frozen=True, slots=True)
class Window:
    """The first and the last day of the period around a sale; both belong to it."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def window(day: date) -> Window:
    """Return the period in which an acquisition washes a loss realised on `day`.

    Examples
    --------
    >>> window(date(2026, 12, 18))
    Window(first=datetime.date(2026, 11, 18), last=datetime.date(2027, 1, 17))
    """
    return Window(day - WINDOW, day + WINDOW)


def blocked_until(loss_day: date) -> date:
    """Return the last day on which a purchase washes a loss realised on `loss_day`; the day after it is free."""
    return loss_day + WINDOW
