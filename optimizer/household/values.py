"""What counts as a number, a date or a name in the household's files; anything else is told what was expected."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import Field, PlainValidator

LARGEST = Decimal("1e12")
PLAIN = re.compile(r"[+-]?([0-9]{1,18}(\.[0-9]{0,12})?|\.[0-9]{1,12})")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def number(
    expected: str, lowest: Decimal | None = None, highest: Decimal = LARGEST, *, positive: bool = False
) -> Callable[[object], Decimal]:
    """Return a reader of exact numbers from `lowest` to `highest`; every refusal says `expected`."""

    def read(value: object) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise ValueError(f"{expected}, written without quotes")
        amount = Decimal(value)
        if not amount.is_finite() or abs(amount) > LARGEST or amount != round(amount, 12):
            raise ValueError(f"{expected}, below a million millions and with at most twelve decimals")
        if amount > highest or (lowest is not None and amount < lowest) or (positive and amount <= 0):
            raise ValueError(expected)
        return amount

    return read


ZERO, HUNDRED = Decimal(0), Decimal(100)
read_positive_dollars = number("a number of dollars, 0 or more", ZERO)
read_price = number("a price in dollars above 0", positive=True)
read_shares = number("a number of shares above 0", positive=True)
read_percentage = number("a percentage from 0 to 100", ZERO, HUNDRED)


def _tax_rate(value: object) -> Decimal:
    rate = read_percentage(value)
    if 0 < rate < 1:
        raise ValueError("per cent such as 35, not a fraction: 0, or from 1 to 100")
    return rate


Dollars = Annotated[Decimal, PlainValidator(number("a number of dollars"))]
PositiveDollars = Annotated[Decimal, PlainValidator(read_positive_dollars)]
ShareCount = Annotated[Decimal, PlainValidator(read_shares)]
ShareStep = Annotated[
    Decimal, PlainValidator(number("a part of a share, above 0 and at most 1", highest=Decimal(1), positive=True))
]
Percentage = Annotated[Decimal, PlainValidator(read_percentage)]
TurnoverPercentage = Annotated[Decimal, PlainValidator(number("a percentage from 0 to 200", ZERO, 2 * HUNDRED))]
"""Bought and sold together: a household that is sold and bought again has traded twice its value."""
TaxRate = Annotated[Decimal, PlainValidator(_tax_rate)]
"""No tax takes less than one per cent of a dollar; what lies between 0 and 1 was meant as a fraction."""
BandWidth = Annotated[Decimal, PlainValidator(number("a band width in per cent, 0 or more", ZERO))]
BasisPoints = Annotated[Decimal, PlainValidator(number("basis points from 0 to 10000", ZERO, Decimal(10000)))]
Years = Annotated[Decimal, PlainValidator(number("a number of years from 0 to 100", ZERO, HUNDRED))]


def plain_number(text: str) -> Decimal:
    """Read a number from a table's cell: digits and a decimal point, nothing else.

    Raises
    ------
    ValueError
        With what was expected instead.
    """
    if not PLAIN.fullmatch(text):
        raise ValueError("a plain number such as 1234.56, without currency sign, thousands separator or exponent")
    return Decimal(text)


def day(value: object) -> date:
    """Read a date, or the text of one; raises ValueError with what was expected."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError("a day of the calendar") from None
    raise ValueError("a date such as 2026-03-04")


Day = Annotated[date, PlainValidator(day)]


def _plan_day(value: object) -> date:
    """A day in the range of years that the document allows."""
    if not 1913 <= day(value).year <= 2200:
        raise ValueError("a day from 1913 to 2200")
    return day(value)


PlanDay = Annotated[date, PlainValidator(_plan_day)]
Name = Annotated[str, Field(min_length=1, max_length=40)]
Symbol = Annotated[str, Field(min_length=1, max_length=24)]
"""Short enough, as names are, that the id of a lot can be made of the two and a date."""
WholeDays = Annotated[int, Field(strict=True, ge=0, le=36500)]


def listed(value: object) -> object:
    """One name may stand where a list of names may."""
    return [value] if isinstance(value, str) else value
