"""Single cells as brokers write them."""

from datetime import date
from decimal import Decimal

import pytest

from lots.importers.cells import CellError, day, find_day, is_null, number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-$3320.05", "-3320.05"),
        ("$3621.38 ", "3621.38"),
        ("$-123.45", "-123.45"),
        ("($1,234.50)", "-1234.50"),
        ("(352.96)", "-352.96"),
        ("+$12.50", "12.50"),
        ("1,000", "1000"),
        (".5", "0.5"),
        ("5.", "5"),
        ("0000123.40", "123.40"),
        ("(0.00)", "0.00"),
        ("15.0933", "15.0933"),
    ],
)
def test_a_number_is_exact_whatever_its_dress(text: str, expected: str) -> None:
    """The dress varies by broker and year; the cents may not."""
    assert number(text) == Decimal(expected)
    assert str(number(text)) in (expected, str(Decimal(expected)))


@pytest.mark.parametrize(
    "text",
    [
        "(Long Term)",
        "",
        "-",
        "$",
        "1.234,56",
        "12,34",
        "1,2345",
        "1E5",
        "NaN",
        "Infinity",
        "5%",
        "1 000",
        "٣",
        "1" * 25,
        "--5-",
        "0x1",
    ],
)
def test_what_is_not_exactly_one_number_is_refused(text: str) -> None:
    """A number that may be two numbers must not become one of them."""
    with pytest.raises(CellError):
        number(text)


@pytest.mark.parametrize("text", ["--", "N/A", " - ", "", "n/a", "Not Available"])
def test_nothing_has_many_names(text: str) -> None:
    """Nothing is not zero: a lot without a basis is not a lot that cost nothing."""
    assert is_null(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("09/25/2020", date(2020, 9, 25)),
        ("9/5/20", date(2020, 9, 5)),
        ("09/25/2020 10:34:00", date(2020, 9, 25)),
        ("04/17/2023 as of 04/15/2023", date(2023, 4, 15)),
        ("2026/05/08", date(2026, 5, 8)),
        ("2026-05-08T10:00:00", date(2026, 5, 8)),
        ("20180719;150000", date(2018, 7, 19)),
        ("20180719", date(2018, 7, 19)),
        ("Aug-03-2026", date(2026, 8, 3)),
        ("AUG/15/2022", date(2022, 8, 15)),
        ("Aug 3, 2026", date(2026, 8, 3)),
        ("02/29/2024", date(2024, 2, 29)),
        ("01/02/49", date(2049, 1, 2)),
        ("01/02/50", date(1950, 1, 2)),
    ],
)
def test_a_day_is_read_in_every_dress(text: str, expected: date) -> None:
    """The day decides the term and the window of a wash sale."""
    assert day(text) == expected


@pytest.mark.parametrize(
    "text", ["", "VARIOUS", "25/09/2020", "02/29/2023", "09/25", "09/25/2020 or so", "1/2/3", "20201301", "0001-01-01", "as of"]
)
def test_what_is_not_exactly_one_day_is_refused(text: str) -> None:
    """Day and month must not change places because one of the two orders happens to exist."""
    with pytest.raises(CellError):
        day(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("as of 02:46 AM ET, 09/25/2020", date(2020, 9, 25)),
        ("Date downloaded Aug-03-2026 5:45 p.m ET", date(2026, 8, 3)),
        ("Generated at Nov 3 2026 04:10 PM ET", date(2026, 11, 3)),
        ("Market value as of 08/03/2026", date(2026, 8, 3)),
        ("no day here, 12345678", None),
    ],
)
def test_a_day_is_found_in_a_sentence(text: str, expected: date | None) -> None:
    """Titles and farewells say which day a file speaks of."""
    assert find_day(text) == expected
