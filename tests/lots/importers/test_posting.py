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
        post(store, lots(*(row.replace("2026-12-01", "2026-09-01") for row in DECEMBER), as_of=as_of))
    assert held(store) == {"VTI": 150, "BND": 10}


def test_a_lot_opened_after_the_day_of_its_file_refuses_the_file() -> None:
    """One of the two days is wrong, and a lot of the future would open a window for wash sales that is not there."""
    with pytest.raises(InputError, match=r"lots.csv, row 2: found VTI acquired on 2026-11-21; expected a day up to 2026-11-20"):
        lots("VTI,2026-11-21,1,10", "VTI,2026-11-20,1,10", as_of="2026-11-20")
    assert len(lots("VTI,2026-11-20,1,10", as_of="2026-11-20").lots) == 1


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


REALIZED = '"Realized Gain/Loss for joint from 01/01/2026 to 12/31/2026"\n"Symbol","Name","Closed Date","Opened Date","Quantity",'
REALIZED += '"Proceeds","Cost Basis (CB)","Gain/Loss ($)","Term","Disallowed Loss"\n'


def realised(*rows: str, name: str = "realised.csv") -> Statement:
    """What a broker lists as sold in the joint account; a row is symbol, days of sale and purchase, and shares."""
    cells = (row.split(",") for row in rows)
    lines = (
        f'"{symbol}","Fund","{sold}","{bought}","{n}","$600.00","$400.00","$200.00","",""\n' for symbol, sold, bought, n in cells
    )
    return read_statement((REALIZED + "".join(lines)).encode(), name)


def gains(store: LedgerStore) -> list[tuple[str, str]]:
    """Security and shares of every sale in the book."""
    return [(each.symbol, str(each.shares)) for each in store.history().book().disposals]


WAS_SOLD = "BND,02/10/2026,03/16/2021,20"
DIVIDEND = "12/02/2026,Cash Dividend,VTI,,,$9.00"


@pytest.mark.parametrize("is_together", [True, False])
def test_a_reported_sale_that_no_transaction_tells_stays(store: LedgerStore, is_together: bool) -> None:
    """A sale that left the books because a dividend came in would be missing on Form 8949."""
    both = (realised(WAS_SOLD), happened(DIVIDEND))
    notes = post(store, *both) if is_together else [*post(store, both[0]), *post(store, both[1])]
    assert gains(store) == [("BND", "20")]
    assert [note for note in notes if "passed over" in note] == []
    assert gains(store) == [("BND", "20")]
    post(store, *both)
    assert gains(store) == [("BND", "20")]


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (0, 1, 1, 0)])
def test_a_reported_sale_that_the_transactions_tell_counts_once(store: LedgerStore, order: tuple[int, ...]) -> None:
    """Two lines of the list are one order of 50; whichever file comes first, and however often, the sale is there once."""
    files = (
        realised("VTI,12/01/2026,03/16/2021,12", "VTI,12/01/2026,03/16/2021,8", WAS_SOLD),
        happened(BOUGHT, SOLD),
    )
    for each in order:
        post(store, files[each])
    assert sorted(gains(store)) == [("BND", "20"), ("VTI", "20")]
    assert held(store) == {"VTI": 30}


def test_the_note_on_reported_sales_says_which(store: LedgerStore) -> None:
    """The sentence is the only place where the user learns that a line of the list was not taken."""
    notes = post(store, realised("VTI,12/01/2026,03/16/2021,20", WAS_SOLD), happened(BOUGHT, SOLD))
    assert ["1 of 2 closed lots in joint" in note and "(VTI on 2026-12-01)" in note for note in notes] == [True, False]
    assert "(BND on 2026-02-10) and are kept as reported" in notes[1]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("VTI,12/01/2026,03/16/2021,30", r"report 30 VTI sold in 'joint' on 2026-12-01.*fewer than that: 20 sold.*history\.csv"),
        ("VTI,12/03/2026,03/16/2021,20", r"report 20 VTI .* on 2026-12-03.*on another day: 20 sold on 2026-12-01"),
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_a_reported_sale_that_may_be_another_is_asked_about(store: LedgerStore, row: str, said: str, is_first: bool) -> None:
    """Kept it might be taxed twice, passed over it might be lost; both places are named and nothing is taken."""
    files = [realised(row), happened(BOUGHT, SOLD)]
    post(store, files.pop(0 if is_first else 1))
    before = store.events()
    with pytest.raises(InputError, match=said):
        post(store, *files)
    assert store.events() == before


def test_a_file_named_twice_is_the_file(store: LedgerStore) -> None:
    """A pattern of the shell and a name beside it often hit the same file."""
    twice = happened(BOUGHT, SOLD)
    post(store, twice, twice)
    assert held(store) == {"VTI": 30}


def test_positions_are_held_against_the_ledger(store: LedgerStore) -> None:
    """A positions file brings no lots; it says whether those that are there are all."""
    row = "joint,Joint,VTI,Total,{},30.00,{},2200.00,Cash\n"
    known = Known(as_of=date(2026, 11, 20))
    post(store, lots(*NOVEMBER, as_of="2026-11-20"))
    post(store, read_statement((POSITIONS + row.format(150, "4500.00")).encode(), "positions.csv", known=known))
    assert holds(store) == []
    with pytest.raises(InputError, match=r"other\.csv: 140 shares of VTI in 'joint' on 2026-11-20.*150 of lots\.csv"):
        post(store, read_statement((POSITIONS + row.format(140, "4200.00")).encode(), "other.csv", known=known))
    assert holds(store) == []
    late = Known(as_of=date(2026, 11, 25))
    post(store, read_statement((POSITIONS + row.format(140, "4200.00")).encode(), "late.csv", known=late))
    assert held(store) == {"VTI": 150, "BND": 10}
    assert ["says 140 for VTI shares" in finding for finding in holds(store)] == [True]


@pytest.mark.parametrize("is_history", [False, True])
def test_lots_that_contradict_positions_of_the_same_day_are_refused(store: LedgerStore, is_history: bool) -> None:
    """Kept, the two would fail every audit from then on, with no file that could mend it."""
    if is_history:
        post(store, happened(BOUGHT))
    row = "joint,Joint,VTI,Total,49,30.00,1470.00,900.00,Cash\n"
    post(store, read_statement((POSITIONS + row).encode(), "positions.csv", known=Known(as_of=date(2026, 11, 20))))
    before = store.events()
    with pytest.raises(InputError, match=r"lots\.csv: 50 shares of VTI .*49 of positions\.csv"):
        post(store, lots("VTI,2021-03-16,50,900", as_of="2026-11-20"))
    assert store.events() == before
