"""What leaves the house: forms, entries and tables."""

import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings

from lots.accounts import Account, AccountKind
from lots.events import Buy, ClosedLot, Event, GiftReceived, Inherited, ReturnOfCapital, Sell
from lots.exporters import beancount, form8949, own_csv, schedule_d
from lots.importers import read_statement
from lots.ledger import fold
from lots.lot import Manner
from lots.securities import Security, SecurityKind
from tests.properties.histories import ACCOUNTS, SECURITIES, histories

D = Decimal
HOUSE = (Account("joint", AccountKind.TAXABLE), Account("ira", AccountKind.TRADITIONAL_IRA))


def at(day: date, name: str, account: str = "joint") -> dict[str, object]:
    return {"date": day, "account_id": account, "event_id": name}


def story() -> list[Event]:
    return [
        Buy(**at(date(2024, 3, 1), "1"), symbol="X", shares=D(100), cost=D(1000), lot_id="a"),
        Sell(**at(date(2025, 2, 3), "2"), symbol="X", shares=D(100), proceeds=D(750)),
        Buy(**at(date(2025, 2, 20), "3"), symbol="X", shares=D(40), cost=D(310), lot_id="b"),
        Buy(**at(date(2010, 3, 1), "4"), symbol="OLD", shares=D(5), cost=D(50), lot_id="c"),
        Sell(**at(date(2025, 5, 3), "5"), symbol="OLD", shares=D(5), proceeds=D(95)),
        Inherited(**at(date(2025, 1, 3), "6"), symbol="EST", shares=D(2), value=D(20), lot_id="d"),
        Sell(**at(date(2025, 6, 3), "7"), symbol="EST", shares=D(2), proceeds=D(21)),
        Buy(**at(date(2024, 3, 1), "8"), symbol="ROC", shares=D(1), cost=D(10), lot_id="e"),
        ReturnOfCapital(**at(date(2025, 7, 1), "9"), symbol="ROC", amount=D(12)),
        Buy(**at(date(2024, 3, 1), "10"), symbol="BTC", shares=D("0.5"), cost=D(10), lot_id="f"),
        Sell(**at(date(2025, 8, 1), "11"), symbol="BTC", shares=D("0.5"), proceeds=D(30)),
        Sell(**at(date(2025, 9, 1), "12", "ira"), symbol="X", shares=D(1), proceeds=D(30)),
        Buy(**at(date(2025, 1, 2), "13", "ira"), symbol="X", shares=D(1), cost=D(90), lot_id="g"),
        Sell(**at(date(2024, 9, 1), "14"), symbol="X", shares=D(1), proceeds=D(30)),
        Buy(**at(date(2024, 8, 1), "15"), symbol="X", shares=D(1), cost=D(20), lot_id="h"),
    ]


COIN = (Security("BTC", kind=SecurityKind.COIN),)


def test_form_8949_has_each_taxable_sale_of_the_year_in_its_box_with_the_wash_on_the_row() -> None:
    """A preparer files these rows; IRAs, other years and adjustments on rows of their own do not belong there."""
    book = fold(story(), HOUSE, COIN)
    text = form8949.to_csv(form8949.rows(book.disposals, 2025, {s.symbol: s for s in COIN}))
    assert list(csv.reader(io.StringIO(text)))[1:] == [
        ["A", "99 sh. X", "03/01/2024", "02/03/2025", "742.50", "990.00", "W", "100.00", "-147.50"],
        ["A", "1 sh. X", "08/01/2024", "02/03/2025", "7.50", "20.00", "", "", "-12.50"],
        ["E", "5 sh. OLD", "03/01/2010", "05/03/2025", "95.00", "50.00", "", "", "45.00"],
        ["E", "2 sh. EST", "INHERITED", "06/03/2025", "21.00", "20.00", "", "", "1.00"],
        ["F", "ROC nondividend distribution beyond basis", "03/01/2024", "07/01/2025", "2.00", "0.00", "", "", "2.00"],
        ["L", "0.5 sh. BTC", "03/01/2024", "08/01/2025", "30.00", "10.00", "", "", "20.00"],
    ]


def test_schedule_d_adds_the_boxes_distributions_and_carryovers() -> None:
    """Lines 7, 15 and 16 are where the return takes over."""
    book = fold(story(), HOUSE, COIN)
    table = form8949.rows(book.disposals, 2025, {s.symbol: s for s in COIN})
    found = {each.line: each.gain for each in schedule_d.lines(table, 2025, D(5), D(100), D(30))}
    assert found == {
        "1b": D("-160.00"),
        "2": D(0),
        "3": D(0),
        "6": D(-100),
        "7": D("-260.00"),
        "8b": D(0),
        "9": D("46.00"),
        "10": D("22.00"),
        "13": D(5),
        "14": D(-30),
        "15": D("43.00"),
        "16": D("-217.00"),
    }


def test_schedule_d_names_the_boxes_of_its_years_form_and_writes_cents() -> None:
    """A preparer copies the page: a box the form lacks, or 5 beside 5.00, looks like a mistake."""
    found = {year: {line.line: line.description for line in schedule_d.lines((), year)} for year in (2024, 2025)}
    assert [found[2024][line] for line in ("1b", "3", "10")] == [f"Form 8949, box {box}" for box in "ACF"]
    boxes = ("A or G", "B or H", "C or I", "D or J", "E or K", "F or L")
    assert [found[2025][line] for line in ("1b", "2", "3", "8b", "9", "10")] == [f"Form 8949, box {pair}" for pair in boxes]
    text = schedule_d.to_csv(schedule_d.lines((), 2025, D(5), D(100)))
    amounts = [cell for row in list(csv.reader(io.StringIO(text)))[1:] for cell in row[2:] if cell]
    assert {"5.00", "-100.00", "0.00"} <= set(amounts)
    assert all(cell[-3] == "." for cell in amounts)


@settings(max_examples=60, deadline=None)
@given(histories())
def test_rows_and_lines_add_up_to_the_ledgers_gains(events: list[Event]) -> None:
    """No sale may fall between two boxes."""
    book = fold(events, ACCOUNTS, SECURITIES)
    for year in (2025, 2026):
        table = form8949.rows(book.disposals, year, {})
        gains = sum((each.gain for each in book.taxable_disposals(year)), D(0))
        assert sum((row.gain for row in table), D(0)) == gains
        assert schedule_d.lines(table, year)[-1].gain == gains


def test_our_csv_states_total_basis_and_holding_start() -> None:
    """Basis per share would lose cents; a tacked holding period would be lost without its column."""
    book = fold(story(), HOUSE, COIN)
    found = list(csv.DictReader(io.StringIO(own_csv.to_csv(book.open_lots.values()))))
    replaced = next(row for row in found if row["note"] == "lot b")
    assert (replaced["quantity"], replaced["cost_basis"], replaced["holding_period_start"]) == ("40", "410.00", "2024-03-18")


def test_a_return_of_capital_takes_no_shares() -> None:
    """Exporters of shares must pass it by."""
    assert not Manner.RETURN_OF_CAPITAL.takes_shares
    assert Manner.CASH_IN_LIEU.takes_shares


@settings(max_examples=25, deadline=None)
@given(histories())
def test_beancount_reads_our_entries_without_a_complaint_and_holds_our_lots(events: list[Event]) -> None:
    """The format's own program is the judge of whether it is the format."""
    loader = pytest.importorskip("beancount.loader")
    realization = pytest.importorskip("beancount.core.realization")
    book = fold(events, ACCOUNTS, SECURITIES)
    entries, errors, _ = loader.load_string(beancount.to_beancount(book))
    assert errors == []
    root = realization.realize(entries)
    held: dict[tuple[date, str], Decimal] = {}
    for account in realization.iter_children(root):
        for position in account.balance:
            if position.cost is not None:
                held[(position.cost.date, position.cost.label)] = position.units.number
    assert held == {(lot.acquired, lot.lot_id): lot.shares for lot in book.open_lots.values()}


def test_beancount_names_survive_odd_accounts_and_symbols() -> None:
    """People name accounts as they like, and some symbols have dots and slashes or one letter."""
    loader = pytest.importorskip("beancount.loader")
    accounts = [
        Account("his & hers", AccountKind.TAXABLE),
        Account("his-hers", AccountKind.TAXABLE),
        Account("é", AccountKind.TAXABLE),
    ]
    events: list[Event] = [
        ClosedLot(
            **at(date(2025, 1, 2) + timedelta(days=n), f"{n}", account.account_id),
            symbol=symbol,
            shares=D("1.5"),
            proceeds=D(3),
            cost_basis=D(n),
            acquired=date(2024, 1, 2),
            lot_id='l"\n',
        )
        for n, (account, symbol) in enumerate((a, s) for a in accounts for s in ("F", "BRK.B", "BRK/B", "0P123", "brk.b"))
    ]
    _, errors, _ = loader.load_string(beancount.to_beancount(fold(events, accounts)))
    assert errors == []


def test_a_gift_and_an_estate_come_back_from_our_csv_as_they_left() -> None:
    """The file is what the importer reads: a basis for a loss or an inheritance told only in a note would be lost law."""
    events = [
        GiftReceived(
            **at(date(2025, 1, 10), "1"),
            symbol="G",
            shares=D(100),
            lot_id="g",
            donor_basis=D(1000),
            donor_acquired=date(2020, 1, 1),
            fair_market_value=D(600),
        ),
        Inherited(**at(date(2025, 1, 3), "2"), symbol="EST", shares=D(2), value=D(20), lot_id="d"),
        Buy(**at(date(2025, 2, 3), "3"), symbol="X", shares=D(1), cost=D(9), lot_id="x"),
    ]
    lots = list(fold(events, HOUSE).open_lots.values())
    back = fold(read_statement(own_csv.to_csv(lots).encode()).lots, HOUSE).open_lots.values()
    assert [replace(lot, lot_id="") for lot in back] == [replace(lot, lot_id="") for lot in lots]
    assert "loss_basis" not in own_csv.to_csv(lots[2:])
