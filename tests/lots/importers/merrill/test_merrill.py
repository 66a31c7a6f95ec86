"""Merrill's unrealised gains."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from lots.importers import Severity, Statement, StatementError

Read = Callable[..., Statement]
NAME = "merrill/merrill-unrealized.csv"


def test_every_lot_of_every_account_is_read(read: Read) -> None:
    """One file holds the household; two lots alike in every cell are two lots."""
    statement = read(NAME)
    assert statement.as_of == date(2026, 8, 3)
    assert [(lot.account_id, lot.symbol, lot.date, lot.cost_basis) for lot in statement.lots] == [
        ("42X-71X13", "VTI", date(2020, 3, 16), Decimal("1300.25")),
        ("42X-71X13", "VTI", date(2020, 3, 16), Decimal("1300.25")),
        ("42X-71X13", "VXUS", date(2026, 6, 2), Decimal("1162.09")),
        ("43X-40L72", "VXUS", date(2024, 1, 5), Decimal("171.00")),
    ]


def test_a_row_without_symbol_and_day_is_cash(read: Read) -> None:
    """The bank deposit stands among the lots and is none."""
    assert [(each.account_id, each.amount) for each in read(NAME).cash] == [("42X-71X13", Decimal("27040.00"))]


def test_parentheses_are_a_sign_around_numbers_and_a_word_around_terms(read: Read) -> None:
    """`(5)` is five shares short; `(Long Term)` is not minus anything."""
    statement = read(NAME)
    assert [(each.row, each.found) for each in statement.left_out][1] == (7, "-5 SPY, a short position")
    assert all(each.severity is not Severity.NOTE for each in statement.problems)


def test_a_term_against_the_day_is_noted(read: Read) -> None:
    """Inherited shares are long-term at once."""
    statement = read(NAME, ('"(1.03%)" ,"(Short Term)"', '"(1.03%)" ,"(Long Term)"'))
    assert [each.row for each in statement.problems if each.severity is Severity.NOTE] == [4]


def test_rows_of_two_days_are_refused(read: Read) -> None:
    """Yesterday's lots and today's would be added up."""
    with pytest.raises(StatementError, match=r"row 3: found the day 2026-08-02; expected 2026-08-03"):
        read(NAME, ('%" ,"(Long Term)"\n"08/03/2026"', '%" ,"(Long Term)"\n"08/02/2026"'))
