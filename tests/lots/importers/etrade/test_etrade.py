"""E*TRADE's portfolio with unfolded lots, and its stock-plan gains."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from lots.importers import Known, Severity, Statement, StatementError

Read = Callable[..., Statement]
FULL, SIMPLE, GAINS = "etrade/etrade-portfolio.csv", "etrade/etrade-portfolio.simple.csv", "etrade/etrade-gains.csv"


def test_a_day_in_the_symbol_column_is_a_lot_of_the_holding_above(read: Read) -> None:
    """Nothing else tells a lot from a holding."""
    statement = read(FULL)
    assert (statement.as_of, statement.account_hint) == (date(2026, 8, 3), "Individual Brokerage -1234")
    assert [(lot.symbol, lot.date, lot.shares, lot.cost_basis) for lot in statement.lots] == [
        ("VTI", date(2020, 3, 16), Decimal(30), Decimal("5403.00")),
        ("VTI", date(2026, 6, 2), Decimal("20.5"), Decimal("6628.01")),
        ("BRK.B", date(2024, 1, 9), Decimal(8), Decimal("3203.60")),
    ]
    assert [each.amount for each in statement.cash] == [Decimal("1000.04")]


def test_the_basis_is_exact_though_the_price_is_rounded(read: Read) -> None:
    """20.5 shares at 323.3178 would be 6628.01 and a bit; value less gain is what the broker itself counts with."""
    assert read(FULL).lots[1].cost_basis == Decimal("6570.25") + Decimal("57.76")


def test_without_a_gain_the_basis_comes_from_the_price_and_says_so(read: Read) -> None:
    """A cent may be off, and the reader is told."""
    statement = read(FULL, ("20.5,323.3178,10.25,-57.76", "20.5,323.3178,10.25,--"))
    assert statement.lots[1].cost_basis == Decimal("6628.01")
    assert [each.row for each in statement.problems if each.severity is Severity.NOTE] == [11]


def test_lots_that_miss_their_holding_are_refused(read: Read) -> None:
    """Both stand in the same file; if they differ, a row is missing."""
    with pytest.raises(StatementError, match=r"50.5 shares of the position"):
        read(FULL, ("--,20.5,323", "--,19.5,323"))


def test_a_lot_without_a_day_keeps_its_security_from_being_compared(read: Read) -> None:
    """It is listed already; refusing the file for it would leave the user with nothing."""
    statement = read(SIMPLE)
    assert [(lot.symbol, lot.shares, lot.cost_basis) for lot in statement.lots] == [
        ("VXUS", Decimal(60), Decimal("3900.55")),
        ("BND", Decimal(10), Decimal("731.25")),
    ]
    assert statement.incomplete == {("Rollover IRA -0001", "VXUS")}


def test_a_summary_of_two_accounts_does_not_say_whose_the_lots_are(read: Read) -> None:
    """Booking them to the first would be a guess."""
    with pytest.raises(StatementError, match="no account"):
        read(SIMPLE, ("Rollover IRA -0001,5000.00,100.00", "Rollover IRA -0001,5000.00,100.00\nBrokerage -2,1.00,0.00"))


def test_a_file_that_begins_with_a_lot_is_refused(read: Read) -> None:
    """A lot belongs to the holding above it."""
    with pytest.raises(StatementError, match="its beginning is missing"):
        read(SIMPLE, ("VXUS,100,7620.00,6001.10\n", ""))


def test_stock_plan_gains_are_filed_with_the_adjusted_basis(read: Read) -> None:
    """The plain cost leaves out what was taxed as wages already."""
    sales = read(GAINS, known=Known(account="plan")).closed_lots
    assert [(sale.shares, sale.proceeds, sale.cost_basis, sale.disallowed_loss, sale.is_long_term) for sale in sales] == [
        (Decimal(50), Decimal("4750.00"), Decimal("4000.00"), Decimal(0), True),
        (Decimal(25), Decimal("1900.00"), Decimal("2000.00"), Decimal("40.00"), False),
    ]
