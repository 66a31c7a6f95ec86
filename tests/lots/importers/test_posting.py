"""What of some statements goes into a ledger: each purchase once, from a snapshot or from what happened."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from lots.accounts import Account, AccountKind
from lots.errors import InputError
from lots.importers import Known, Statement, read_statement
from lots.importers.posting import postings
from lots.ledger.check import audit
from lots.ledger.store import LedgerStore, Receipt, open_store

Import = Callable[..., Receipt]

TITLES = "account,symbol,acquired,quantity,cost_basis\n"
HISTORY_TITLES = '"Date","Action","Symbol","Description","Quantity","Price","Fees & Comm","Amount"\n'
POSITIONS = "Account Number,Account Name,Symbol,Description,Quantity,Last Price,Current Value,Cost Basis Total,Type\n"


def lots(*rows: str, as_of: str | None = None, name: str = "lots.csv") -> Statement:
    """A snapshot of the joint account; a row is symbol, day, shares and basis."""
    text = TITLES + "".join(f"joint,{row}\n" for row in rows)
    return read_statement(text.encode(), name, known=Known(as_of=date.fromisoformat(as_of) if as_of else None))


def happened(*rows: str, name: str = "history.csv") -> Statement:
    """What a broker says happened in the joint account; a row is day, action, symbol, shares, price, amount."""
    cells = (row.split(",") for row in rows)
    text = HISTORY_TITLES + "".join(f'"{d}","{a}","{s}","Fund","{q}","{p}","","{amount}"\n' for d, a, s, q, p, amount in cells)
    return read_statement(text.encode(), name, known=Known(account="joint"))


@pytest.fixture
def store(tmp_path: Path) -> LedgerStore:
    """An empty ledger of one account."""
    store = open_store(tmp_path, create=True)
    store.append(accounts=[Account("joint", AccountKind.TAXABLE)])
    return store


def post(store: LedgerStore, *statements: Statement) -> list[str]:
    """Import statements; the notes."""
    found = postings(statements, store.events())
    store.append(lambda kept: postings(statements, kept).events)
    return found.notes


def held(store: LedgerStore) -> dict[str, Decimal]:
    """Open shares by security."""
    totals: dict[str, Decimal] = {}
    for lot in store.history().book().open_lots.values():
        totals[lot.symbol] = totals.get(lot.symbol, Decimal(0)) + lot.shares
    return totals


def holds(store: LedgerStore) -> list[str]:
    """What an audit finds besides missing cash."""
    history = store.history()
    return [each.message for each in audit(history.events, history.accounts).findings if "cash" not in each.invariant]


NOVEMBER = ("VTI,2020-03-16,100,1300", "VTI,2021-03-16,50,900", "BND,2022-01-03,10,800")
DECEMBER = ("VTI,2020-03-16,40,520", "VTI,2021-03-16,50,900", "VTI,2026-12-01,5,1500", "BND,2022-01-03,10,800")


def test_a_later_snapshot_takes_the_place_of_an_earlier_one(store: LedgerStore) -> None:
    """60 shares were sold and 5 bought between two downloads: the lots are those of the second, not the sum of both."""
    post(store, lots(*NOVEMBER, as_of="2026-11-20"))
    post(store, lots(*DECEMBER, as_of="2026-12-20"))
    assert held(store) == {"VTI": 95, "BND": 10}
    assert holds(store) == []


@pytest.mark.parametrize("again", [(NOVEMBER, "2026-11-20"), (DECEMBER, "2026-12-20")])
def test_snapshots_imported_once_more_in_any_order_change_nothing(store: LedgerStore, again: tuple[tuple[str, ...], str]) -> None:
    """The whole downloads folder is imported every month."""
    post(store, lots(*NOVEMBER, as_of="2026-11-20"))
    post(store, lots(*DECEMBER, as_of="2026-12-20"))
    before = store.events()
    post(store, lots(*again[0], as_of=again[1], name="again.csv"))
    assert store.events() == before


def test_two_snapshots_in_one_import_end_with_the_later(store: LedgerStore) -> None:
    """The order of the files on the command line means nothing."""
    post(store, lots(*DECEMBER, as_of="2026-12-20", name="b.csv"), lots(*NOVEMBER, as_of="2026-11-20"))
    assert held(store) == {"VTI": 95, "BND": 10}
    assert holds(store) == []


@pytest.mark.parametrize("as_of", [None, "2026-11-20", "2026-10-01"])
def test_another_snapshot_that_is_not_known_to_be_later_is_refused(store: LedgerStore, as_of: str | None) -> None:
    """Adding both would count the shares twice, and choosing one silently might choose the wrong one."""
    post(store, lots(*NOVEMBER, as_of="2026-11-20"))
    with pytest.raises(InputError, match=r"its lots of VTI in 'joint' \(95 shares.*150 shares, as of 2026-11-20.*--as-of"):
        post(store, lots(*DECEMBER, as_of=as_of))
    assert held(store) == {"VTI": 150, "BND": 10}


def test_lots_that_were_bought_and_sold_whole_are_gone(store: LedgerStore) -> None:
    """A lot that the later snapshot does not list is not held any more."""
    post(store, lots(*NOVEMBER, as_of="2026-11-20"))
    post(store, lots("VTI,2021-03-16,50,900", as_of="2026-12-20"))
    assert {lot.acquired for lot in store.history().book().open_lots.values() if lot.symbol == "VTI"} == {date(2021, 3, 16)}
    assert holds(store) == []


BOUGHT = "03/16/2021,Buy,VTI,50,18.00,-$900.00"
SOLD = "12/01/2026,Sell,VTI,20,30.00,$600.00"


def test_history_after_a_snapshot_goes_on_from_it(store: LedgerStore) -> None:
    """The purchase is in the lots of November already; the sale of December is not."""
    notes = post(store, lots(*NOVEMBER, as_of="2026-11-20"), happened(BOUGHT, SOLD))
    assert held(store) == {"VTI": 130, "BND": 10}
    assert ["1 transactions in joint up to 2026-11-20 are in its lots" in note for note in notes] == [True]
    post(store, happened(BOUGHT, SOLD, name="again.csv"))
    assert held(store) == {"VTI": 130, "BND": 10}


def test_history_with_a_snapshot_of_no_day_is_refused(store: LedgerStore) -> None:
    """Nobody can say which of the transactions the lots contain."""
    with pytest.raises(InputError, match=r"lots\.csv.*not on which day.*--as-of"):
        post(store, lots(*NOVEMBER), happened(SOLD))
    assert store.events() == ()


def test_once_there_is_history_a_snapshot_is_compared_and_not_taken(store: LedgerStore) -> None:
    """The same lots from two sides must not be added up; where the two sides differ, the user is told."""
    post(store, happened(BOUGHT))
    notes = post(store, lots("VTI,2021-03-16,50,900", as_of="2026-11-20"))
    assert (held(store), holds(store)) == ({"VTI": 50}, [])
    assert ["compared with the ledger, not taken" in note for note in notes] == [True]
    post(store, lots("VTI,2021-03-16,49,900", as_of="2026-12-20"))
    assert held(store) == {"VTI": 50}
    assert ["says 49 for VTI shares in 'joint', the events come to 50" in finding for finding in holds(store)] == [True]


def test_positions_are_held_against_the_ledger(store: LedgerStore) -> None:
    """A positions file brings no lots; it says whether those that are there are all."""
    row = "joint,Joint,VTI,Total,{},30.00,{},2200.00,Cash\n"
    known = Known(as_of=date(2026, 11, 20))
    post(store, lots(*NOVEMBER, as_of="2026-11-20"))
    post(store, read_statement((POSITIONS + row.format(150, "4500.00")).encode(), "positions.csv", known=known))
    assert holds(store) == []
    late = Known(as_of=date(2026, 11, 25))
    post(store, read_statement((POSITIONS + row.format(140, "4200.00")).encode(), "late.csv", known=late))
    assert held(store) == {"VTI": 150, "BND": 10}
    assert ["says 140 for VTI shares" in finding for finding in holds(store)] == [True]
