"""One cell of a statement as a number, a day, or nothing.

Brokers write the same number as ``-$3,320.05``, ``(3320.05)`` or ``"$3320.05 "`` and nothing at all as ``--``, ``N/A``
or a lone dash. What is neither is not guessed at: ``(Long Term)`` is no number, ``1.234,56`` may be two different ones,
and ``1E+05`` has lost its digits in a spreadsheet.
"""

import re
from datetime import date
from decimal import Decimal

NULLS = frozenset({"", "-", "--", "---", "—", "–", "n/a", "na", "none", "null", "not available", "not applicable", "incomplete"})
"""How brokers write that there is nothing, in small letters."""

_LONGEST_NULL = max(len(null) for null in NULLS)
_NUMBER = re.compile(r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]*)(?:\.(?P<part>[0-9]*))?")
_MOST_DIGITS, _MOST_WHOLE_DIGITS = 24, 12
_MONTHS = {
    month: number
    for number, month in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1)
}
_MONTH_FIRST = re.compile(r"([0-9]{1,2})[/-]([0-9]{1,2})[/-]([0-9]{4}|[0-9]{2})(?![0-9])")
_YEAR_FIRST = re.compile(r"([0-9]{4})([/-])([0-9]{1,2})\2([0-9]{1,2})(?![0-9])")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?![0-9])")
_NAMED_MONTH = re.compile(r"([A-Za-z]{3})[a-z]*\.?[ /-]([0-9]{1,2})(?:,? |[/-])([0-9]{4})(?![0-9])")
_TIME = re.compile(r"[T;, ]+[0-9]{1,2}:?[0-9]{2}(:?[0-9]{2})?([.][0-9]+)?( *[AaPp]\.?[Mm]\.?)?( +[A-Z]{2,4})?")
_AS_OF = re.compile(r"(.+?)\s+as of\s+(.+)", re.IGNORECASE)


class CellError(ValueError):
    """A cell that is not what its column holds; the message says what was expected."""


def is_null(text: str) -> bool:
    """Whether a cell says that there is nothing."""
    bare = text.strip()
    return len(bare) <= _LONGEST_NULL and bare.lower() in NULLS


def number(text: str) -> Decimal:
    """Read a number with or without a dollar sign, thousands commas, a sign, or accounting parentheses.

    Raises
    ------
    CellError
        If it is not exactly one number.

    Examples
    --------
    >>> number("-$3,320.05"), number('$3621.38 '), number("(352.96)")
    (Decimal('-3320.05'), Decimal('3621.38'), Decimal('-352.96'))
    """
    bare = text.strip()
    is_negative = False
    if bare.startswith("(") and bare.endswith(")"):
        bare, is_negative = bare[1:-1].strip(), True
    for sign in ("-", "+", "$", "-", "+"):  # the sign stands before or behind the dollar
        if bare.startswith(sign):
            is_negative = is_negative != (sign == "-")
            bare = bare[1:].strip()
    match = _NUMBER.fullmatch(bare)
    digits = match and (match["whole"] + (match["part"] or "")).replace(",", "")
    if not match or not digits:
        raise CellError("a number such as 1,234.56")
    if len(digits) > _MOST_DIGITS or len(match["whole"].replace(",", "").lstrip("0")) > _MOST_WHOLE_DIGITS:
        raise CellError("a number below a trillion with at most 24 digits")  # so that a product keeps its cents
    value = Decimal(bare.replace(",", ""))
    return -value if is_negative and value else value


def day(text: str) -> date:
    """Read a day in any of the ways brokers write one; a time of day behind it is dropped.

    Of ``04/17/2023 as of 04/15/2023`` the second counts: on the first it was only posted. A year of two digits is of this
    century below 50 and of the last from 50 on.

    Raises
    ------
    CellError
        If it is not exactly one day.

    Examples
    --------
    >>> day("09/25/2020 10:34:00"), day("20180719;150000"), day("Aug-03-2026")
    (datetime.date(2020, 9, 25), datetime.date(2018, 7, 19), datetime.date(2026, 8, 3))
    """
    bare = text.strip()
    posted = _AS_OF.fullmatch(bare)
    if posted:
        day(posted[1])  # both must be days
        return day(posted[2])
    found, end = _leading_day(bare)
    rest = bare[end:]
    if found is None or (rest and not _TIME.fullmatch(rest)):
        raise CellError("a day such as 09/25/2020")
    return found


def find_day(text: str) -> date | None:
    """The last day named anywhere in a sentence such as ``as of 02:46 AM ET, 09/25/2020``, or None."""
    found = None
    for match in re.finditer(r"(?<![0-9A-Za-z])(?=[0-9A-Za-z])", text):
        candidate, _ = _leading_day(text[match.start() : match.start() + 24])
        found = candidate or found
    return found


def _leading_day(text: str) -> tuple[date | None, int]:
    """The day a text begins with, and where it ends."""
    if match := _YEAR_FIRST.match(text):
        return _date(match[1], match[3], match[4]), match.end()
    if match := _MONTH_FIRST.match(text):
        year = match[3] if len(match[3]) == 4 else ("20" if match[3] < "50" else "19") + match[3]
        return _date(year, match[1], match[2]), match.end()
    if match := _COMPACT.match(text):
        return _date(match[1], match[2], match[3]), match.end()
    if match := _NAMED_MONTH.match(text):
        return _date(match[3], str(_MONTHS.get(match[1].lower(), 0)), match[2]), match.end()
    return None, 0


def _date(year: str, month: str, of_month: str) -> date | None:
    if not 1900 <= int(year) <= 2199:
        return None
    try:
        return date(int(year), int(month), int(of_month))
    except ValueError:
        return None
