"""Lots out of a beancount ledger."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from lots.accounts import Account, AccountKind
from lots.events import Buy, Sell
from lots.exporters.beancount import to_beancount
from lots.importers import Known, Statement, StatementError, read_statement
from lots.ledger import fold

Read = Callable[..., Statement]
NAME = "beancount/beancount-lots.beancount"


def test_what_sales_leave_is_what_is_read(read: Read) -> None:
    """Six of ten are left of one lot, nothing of another, and sums for all units are spread exactly."""
    assert [(lot.account_id, lot.symbol, lot.date, lot.shares, lot.cost_basis) for lot in read(NAME).lots] == [
        ("Assets:Joint", "VTI", date(2021, 7, 31), Decimal(6), Decimal(1356)),
        ("Assets:Joint", "VTI", date(2021, 8, 2), Decimal(3), Decimal(1000)),
        ("Assets:Joint", "VTI", date(2021, 8, 2), Decimal(4), Decimal("1009.95")),
        ("Assets:Roth", "BND", date(2026, 2, 17), Decimal(20), Decimal(1500)),
    ]


def test_labels_are_kept_as_ids_and_held_from_as_the_holding_period(read: Read) -> None:
    """A plan names lots by the ids their writer gave them."""
    lots = read(NAME).lots
    assert [lot.lot_id for lot in lots] == ["first", "third", "VTI-Assets:Joint-20210802-1", "Lot BND-1"]
    assert [lot.holding_start for lot in lots] == [None, None, None, date(2025, 11, 3)]


def test_euros_and_units_without_a_cost_are_listed(read: Read) -> None:
    """Neither has a basis the return can use."""
    assert [problem.row for problem in read(NAME).left_out] == [37, 38]


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ('-10 VTI {"second"}', "-10 VTI {}", r"row 32: found 10 VTI taken from 4 lots .* one lot described"),
        ('-10 VTI {"second"}', '-11 VTI {"second"}', "row 32: .* as many units"),
        ('-4 VTI {226.00 USD, 2021-07-31, "first"}', '-4 VTI {227.00 USD, "first"}', "row 27: found 4 VTI taken from 0 lots"),
        ('10 VTI {226.00 USD, "second"}', "10 VTI {}", "row 12: found 10 VTI without a cost"),
        ("10 VTI {226.00 USD, ", "(2*5) VTI {226.00 USD, ", "row 8: .* a number and a commodity"),
        ("10 VTI {226.00 USD, ", "10 VTI {226.00 USD ", "row 8: .* a day such as"),
        ("10 VTI {226.00 USD, ", "10 VTI {226.00 USD, 1.00 USD, ", "row 8: .* one number in a cost"),
        ("2022-05-01 balance", 'include "other.beancount"\n2022-05-01 balance', "row 41: .* 'include'"),
        ("2022-05-01 balance", 'plugin "magic"\n2022-05-01 balance', "row 41: .* 'plugin'"),
        ('2021-08-02 txn "A total, and a sum for all"', "", "row 17: .* a transaction right above"),
        ('"Buy" #tag', '"Buy #tag', "row 7: found a text that is not closed"),
    ],
)
def test_what_would_change_the_lots_unseen_is_refused(read: Read, old: str, new: str, word: str) -> None:
    """Beancount itself may work it out; a guess of ours may come out otherwise."""
    with pytest.raises(StatementError, match=word):
        read(NAME, (old, new))


def test_all_units_of_several_lots_may_leave_together(read: Read) -> None:
    """Nothing is ambiguous when nothing stays."""
    statement = read(
        NAME, ('-4 VTI {226.00 USD, 2021-07-31, "first"}', "-20 VTI {226.00 USD}"), ('-10 VTI {"second"}', "0 VTI {}")
    )
    assert next(lot.lot_id for lot in statement.lots) == "third"


def test_our_own_beancount_file_comes_back_lot_for_lot() -> None:
    """What we write for others we must be able to read; a wash sale and a sale of part are among it."""
    day = iter(range(1, 28))

    def bought(lot_id: str, shares: int, cost: str, month: int) -> Buy:
        return Buy(
            date=date(2026, month, next(day)),
            account_id="Joint",
            event_id=lot_id,
            symbol="VTI",
            shares=Decimal(shares),
            cost=Decimal(cost),
            lot_id=lot_id,
        )

    sold = Sell(date=date(2026, 3, 20), account_id="Joint", event_id="s", symbol="VTI", shares=Decimal(7), proceeds=Decimal(600))
    events = [bought("a", 10, "1000.01", 1), bought("b", 3, "270.10", 4), sold]
    book = fold(events, [Account("Joint", AccountKind.TAXABLE)])
    statement = read_statement(to_beancount(book).encode(), known=Known(accounts={"Assets:Joint": "Joint"}))
    again = fold(statement.snapshot, [Account("Joint", AccountKind.TAXABLE)])
    assert [(lot.acquired, lot.shares, lot.cost_basis, lot.held_from) for lot in again.open_lots.values()] == [
        (lot.acquired, lot.shares, lot.cost_basis, lot.held_from) for lot in book.open_lots.values()
    ]
