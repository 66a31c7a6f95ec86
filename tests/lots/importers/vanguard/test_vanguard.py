"""Vanguard's two files."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from lots.events import Buy, CashIncome, Contribution, IncomeKind, Sell, StatedShares
from lots.importers import Known, Severity, Statement, StatementError

Read = Callable[..., Statement]


def test_lots_of_all_accounts_are_read_below_the_preamble(read: Read) -> None:
    """The day stands in the title of a column; two lots alike in every cell are both there."""
    statement = read("vanguard/vanguard-lots.csv")
    assert statement.as_of == date(2026, 8, 3)
    assert [(lot.account_id, lot.symbol, lot.date, lot.shares, lot.cost_basis) for lot in statement.lots] == [
        ("12345678", "VTI", date(2020, 3, 16), Decimal(25), Decimal("3250.63")),
        ("12345678", "VTI", date(2025, 12, 29), Decimal("0.3127"), Decimal("103.57")),
        ("12345678", "VTI", date(2025, 12, 29), Decimal("0.3127"), Decimal("103.57")),
        ("87654321", "VBTLX", date(2021, 6, 1), Decimal(100), Decimal(1140)),
    ]


def test_average_cost_bonds_and_short_positions_are_listed(read: Read) -> None:
    """A dash for the day of an average-cost fund is not a day."""
    assert [problem.row for problem in read("vanguard/vanguard-lots.csv").left_out] == [8, 10, 11]


def test_lots_without_the_column_of_days_are_refused(read: Read) -> None:
    """The shorter view adds up what was bought on different days."""
    with pytest.raises(StatementError, match="a column such as 'Date acquired'"):
        read("vanguard/vanguard-lots.csv", ("Date acquired", "Covered status"))


def test_two_tables_of_one_file_are_both_read(read: Read) -> None:
    """Holdings end where other titles begin, not at the end of the file."""
    statement = read("vanguard/vanguard-download.csv", known=Known(as_of=date(2026, 8, 3)))
    assert [(each.account_id, each.symbol, each.shares) for each in statement.positions] == [
        ("12345678", "VTI", Decimal("25.6254")),
        ("87654321", "VBTLX", Decimal(100)),
    ]
    assert [each.amount for each in statement.cash] == [Decimal("1500.21")]
    assert [type(each) for each in statement.assertions][:2] == [StatedShares, StatedShares]


def test_transactions_become_events_and_sweeps_do_not(read: Read) -> None:
    """The settlement fund is cash: shares of it bought and sold are no trades."""
    events = read("vanguard/vanguard-download.csv").transactions
    assert {getattr(event, "symbol", None) for event in events if isinstance(event, Buy | Sell)} == {"VTI", "AXP"}
    sold = next(event for event in events if isinstance(event, Sell))
    assert (sold.shares, sold.proceeds, sold.fees, sold.date) == (
        Decimal(4),
        Decimal("1070.92"),
        Decimal("0.03"),
        date(2026, 3, 21),
    )
    assert [each.kind for each in events if isinstance(each, CashIncome)] == [
        IncomeKind.ORDINARY_DIVIDEND,
        IncomeKind.ORDINARY_DIVIDEND,
        IncomeKind.CAPITAL_GAIN_DISTRIBUTION,
    ]
    assert [each.amount for each in events if isinstance(each, Contribution)] == [Decimal(2000)]


def test_a_file_without_a_day_says_so(read: Read) -> None:
    """Totals of an unknown day cannot be held against anything."""
    statement = read("vanguard/vanguard-download.csv")
    assert statement.assertions == ()
    assert any(each.severity is Severity.NOTE and each.found == "no day" for each in statement.problems)


def test_shares_transferred_in_are_left_to_the_user(read: Read) -> None:
    """They bring lots with them that this file does not tell."""
    assert [problem.row for problem in read("vanguard/vanguard-download.csv").left_out] == [17]


def test_a_table_whose_titles_are_not_known_is_refused(read: Read) -> None:
    """The second table would be read and the first would be gone without a word."""
    with pytest.raises(StatementError, match="row 1: found a row that begins with 'Account Number'; expected titles with"):
        read("vanguard/vanguard-download.csv", ("Shares,Share Price,Total Value", "Holding,Share Price,Total Value"))
