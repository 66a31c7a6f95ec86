"""Fidelity's four files."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from lots.events import Buy, CashIncome, IncomeKind, Sell, StatedCash, StatedShares, Withdrawal
from lots.importers import Known, Severity, Statement, StatementError, read_statement

Read = Callable[..., Statement]
PLAN = Known(account="plan", symbol="ACME")


def test_the_core_fund_is_cash_and_the_rest_are_positions(read: Read) -> None:
    """Shares of the core fund sold for a purchase would be a sale nobody made."""
    statement = read("fidelity/fidelity-positions.csv")
    assert statement.as_of == date(2026, 8, 3)
    assert [(each.account_id, each.amount) for each in statement.cash] == [
        ("Z12345678", Decimal("1200.55")),
        ("X87654321", Decimal("800.00")),
    ]
    assert [(each.symbol, each.shares, each.cost_basis) for each in statement.positions] == [
        ("FXAIX", Decimal("30.123"), Decimal("5423.99")),
        ("VTI", Decimal(20), Decimal("4200.00")),
        ("VTI", Decimal(2), Decimal("420.00")),
        ("BND", Decimal("16.5"), None),
    ]


def test_what_is_held_as_cash_and_on_margin_is_stated_in_one_sum(read: Read) -> None:
    """The ledger knows shares of an account, not which of them are lent against."""
    stated = read("fidelity/fidelity-positions.csv").assertions
    assert [(each.symbol, each.shares) for each in stated if isinstance(each, StatedShares) and each.symbol == "VTI"] == [
        ("VTI", Decimal(22))
    ]
    assert len([each for each in stated if isinstance(each, StatedCash)]) == 2


def test_options_and_pending_activity_are_listed_and_small_print_is_not(read: Read) -> None:
    """A list of what was left out is read only if it holds nothing else."""
    problems = read("fidelity/fidelity-positions.csv").problems
    assert [(each.row, each.severity) for each in problems] == [(6, Severity.LEFT_OUT), (7, Severity.LEFT_OUT)]


def test_titles_in_sentence_case_with_new_columns_are_read(read: Read) -> None:
    """The titles changed in 2026 and columns were put between the others."""
    statement = read("fidelity/fidelity-positions.2026.csv")
    assert [(each.symbol, each.shares, each.cost_basis) for each in statement.positions] == [
        ("VXUS", Decimal("412.5"), Decimal("25200.00"))
    ]


def test_the_account_of_closed_lots_is_in_the_name_of_the_file(read: Read) -> None:
    """Nothing inside the file says whose sales these are."""
    assert read("fidelity/fidelity-closed.Z12345678.csv").accounts == ("Z12345678",)
    assert read("fidelity/fidelity-closed.Z12345678.csv", known=Known(account="joint")).accounts == ("joint",)


def test_closed_lots_without_any_account_are_refused(sample: Callable[[str], bytes]) -> None:
    """Booked to a made-up account they would never meet the lots they came from; the question is put once."""
    with pytest.raises(StatementError) as caught:
        read_statement(sample("fidelity/fidelity-closed.Z12345678.csv"), "closed.csv")
    assert [problem.found for problem in caught.value.problems if problem.is_error] == ["no account"]


def test_closed_lots_keep_dollars_and_terms(read: Read) -> None:
    """A dollar figure with a space behind it, and a dash for the term that does not apply."""
    sales = read("fidelity/fidelity-closed.Z12345678.csv").closed_lots
    assert [(sale.symbol, sale.proceeds, sale.cost_basis, sale.is_long_term) for sale in sales] == [
        ("VTI", Decimal("3621.38"), Decimal("3562.51"), False),
        ("VTI", Decimal("1508.91"), Decimal("801.13"), True),
        ("BND", Decimal("7461.00"), Decimal("8633.00"), False),
    ]


def test_history_becomes_the_ledgers_events(read: Read) -> None:
    """A sale has a quantity below zero, and commission and fees stand in two columns."""
    events = read("fidelity/fidelity-history.csv").transactions
    bought, reinvested = (event for event in events if isinstance(event, Buy))
    assert (bought.account_id, bought.shares, bought.cost) == ("Z12345678", Decimal(13), Decimal("6907.29"))
    assert (reinvested.is_reinvestment, reinvested.cost) == (True, Decimal("129.13"))
    sold = next(event for event in events if isinstance(event, Sell))
    assert (sold.shares, sold.proceeds, sold.fees) == (Decimal(168), Decimal("79032.24"), Decimal("4.97"))
    assert [(each.kind, each.symbol) for each in events if isinstance(each, CashIncome)] == [
        (IncomeKind.ORDINARY_DIVIDEND, "VOO"),
        (IncomeKind.INTEREST, None),
        (IncomeKind.ORDINARY_DIVIDEND, "SPAXX"),
        (IncomeKind.CAPITAL_GAIN_DISTRIBUTION, "FCNTX"),
    ]
    assert [each.amount for each in events if isinstance(each, Withdrawal)] == [Decimal("80328.03")]


def test_a_trade_in_another_currency_is_left_out_with_its_reason(read: Read) -> None:
    """Basis and proceeds are dollars at the rates of their own days, which the row does not say."""
    assert any("in EUR" in each.found and each.row == 14 for each in read("fidelity/fidelity-history.csv").left_out)


def test_a_day_behind_as_of_is_the_day_it_happened(read: Read) -> None:
    """A reinvestment posted late still opens the window of a wash sale on its own day."""
    statement = read("fidelity/fidelity-history.csv", ('"REINVESTMENT VANGUARD', '"REINVESTMENT as of Mar-28-2025 VANGUARD'))
    assert [event.date for event in statement.transactions if isinstance(event, Buy)] == [date(2025, 5, 12), date(2025, 3, 28)]


def test_history_without_a_column_for_the_number_of_the_account_is_read(read: Read) -> None:
    """Older files name the account only."""
    statement = read("fidelity/fidelity-history.csv", (",Account Number,", ",Account Owner,"))
    assert statement.accounts == ("Individual - TOD", "Roth IRA")


def test_lots_of_a_stock_plan_take_ticker_and_account_from_the_caller(read: Read) -> None:
    """The file names neither; two lots alike in every cell are both there."""
    statement = read("fidelity/netbenefits-lots.csv", known=PLAN)
    assert [(lot.account_id, lot.symbol, lot.date, lot.cost_basis) for lot in statement.lots] == [
        ("plan", "ACME", date(2023, 5, 15), Decimal("1235.88")),
        ("plan", "ACME", date(2024, 6, 14), Decimal("4000.00")),
        ("plan", "ACME", date(2025, 12, 15), Decimal("22.00")),
        ("plan", "ACME", date(2025, 12, 15), Decimal("22.00")),
    ]


def test_lots_of_a_stock_plan_without_a_ticker_are_refused_once(read: Read) -> None:
    """One question, not one for each row."""
    with pytest.raises(StatementError) as caught:
        read("fidelity/netbenefits-lots.csv", known=Known(account="plan"))
    assert [each.found for each in caught.value.problems] == ["no ticker"]


@pytest.mark.parametrize(("closing", "word"), [("displayed in EUR", "values in EUR"), ("shown", "no closing line")])
def test_lots_of_a_stock_plan_are_in_dollars_or_refused(read: Read, closing: str, word: str) -> None:
    """Employees abroad see their own currency, and euros taken for dollars look quite plausible."""
    with pytest.raises(StatementError, match=word):
        read("fidelity/netbenefits-lots.csv", ("displayed in USD", closing), known=PLAN)
