"""A kept ledger: what goes in comes out, nothing twice, nothing half."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from lots.accounts import Account, AccountKind
from lots.errors import LedgerError, StoreError
from lots.events import Buy, Event, LotPick, Sell, Source, Void
from lots.ledger.store import LedgerStore, open_lots_on, open_store
from lots.securities import Security

MakeBuy = Callable[..., Buy]


@pytest.fixture
def store(where: str, joint: Account) -> LedgerStore:
    """An empty ledger of one account."""
    store = open_store(where, create=True)
    store.append(accounts=[joint])
    return store


def in_file(events: list[Buy], file: str) -> list[Buy]:
    """The same events as another file has them: other rows, ids and lot names."""
    return [
        replace(event, event_id=f"{file}:{row}", lot_id=f"{file} {row}", source=Source(file, row, "1" * 64))
        for row, event in enumerate(events, start=100)
    ]


def test_what_goes_in_comes_out(store: LedgerStore, where: str, buy: MakeBuy, joint: Account) -> None:
    """Another program that opens the ledger reads the same events, accounts and securities, digit for digit."""
    events: list[Event] = [buy(1, "1000.10"), buy(2, "0.000000000000000001")]
    events.append(
        Sell(
            date=date(2026, 2, 2),
            account_id="joint",
            event_id="s",
            symbol="VTI",
            shares=Decimal("0.5"),
            proceeds=Decimal("60.00"),
            picks=(LotPick("lot 2", Decimal("0.5")),),
        )
    )
    store.append(events, securities=[Security("VTI", "Total", "total market")])
    read = open_store(where).history()
    assert sorted(read.events, key=lambda event: event.event_id) == sorted(events, key=lambda event: event.event_id)
    assert str(read.book().open_lots["lot 1"].cost_basis) == "1000.10"
    assert read.accounts == (joint,)
    assert read.securities == (Security("VTI", "Total", "total market"),)


def test_the_same_file_twice_changes_nothing(store: LedgerStore, buy: MakeBuy) -> None:
    """People import their downloads folder again; not even an empty write is left behind."""
    store.append([buy(1), buy(2, "900")])
    writes = store.writes()
    receipt = store.append([buy(1), buy(2, "900")])
    assert (receipt.is_empty, receipt.known) == (True, {"a.csv": 2})
    assert store.writes() == writes
    assert len(store.events()) == 2


def test_two_identical_rows_of_a_file_are_two_purchases(store: LedgerStore, buy: MakeBuy) -> None:
    """An order filled in two equal parts is exported as two equal rows."""
    store.append([buy(1), buy(2)])
    assert sum(lot.shares for lot in open_lots_on(store, date(2026, 12, 31)).values()) == 20


@pytest.mark.parametrize(("first", "second", "kept"), [(2, 3, 3), (3, 2, 3), (1, 1, 1), (2, 2, 2)])
def test_of_overlapping_files_the_larger_count_holds(
    store: LedgerStore, buy: MakeBuy, first: int, second: int, kept: int
) -> None:
    """The same rows in two files are the same facts; what one file has more often than the other happened more often."""
    rows = [buy(row) for row in range(1, 4)]
    store.append(rows[:first])
    store.append(in_file(rows[:second], "b.csv"))
    assert len(store.events()) == kept


def test_overlapping_files_of_one_import_merge_too(store: LedgerStore, buy: MakeBuy) -> None:
    """March and the whole year, both named in one command."""
    rows = [buy(1), buy(2), buy(3, "500")]
    receipt = store.append([*rows[:2], *in_file(rows, "b.csv")])
    assert (receipt.added, receipt.known) == ({"a.csv": 2, "b.csv": 1}, {"b.csv": 2})


def test_a_sale_in_a_later_file_finds_the_lot_under_its_first_name(store: LedgerStore, buy: MakeBuy) -> None:
    """The second file calls the lot something else; its sale must take the lot that is there."""
    store.append([buy(1, "1000"), buy(2, "900")])
    again = in_file([buy(1, "1000"), buy(2, "900")], "b.csv")
    sale = Sell(
        date=date(2026, 3, 3),
        account_id="joint",
        event_id="b.csv:102",
        symbol="VTI",
        shares=Decimal(4),
        proceeds=Decimal(500),
        picks=(LotPick("b.csv 101", Decimal(4)),),
        source=Source("b.csv", 102, "1" * 64),
    )
    store.append([*again, sale])
    lots = open_lots_on(store, date(2026, 12, 31))
    assert {name: lot.shares for name, lot in lots.items()} == {"lot 1": 10, "lot 2": 6}
    receipt = store.append([*again, sale])
    assert receipt.is_empty


def test_names_that_are_taken_by_something_else_give_way(store: LedgerStore, buy: MakeBuy) -> None:
    """Two exports may both call their first row `a.csv:1` and its lot `lot 1`; neither may swallow the other."""
    store.append([buy(1, "1000")])
    other = replace(buy(1, "700"), source=Source("a.csv", 1, "f" * 64))
    receipt = store.append([other])
    assert receipt.renamed_lots == {"lot 1": "lot 1.2"}
    assert {name: lot.cost_basis for name, lot in store.history().book().open_lots.items()} == {"lot 1": 1000, "lot 1.2": 700}
    assert store.append([other]).is_empty


def test_an_event_of_a_program_is_known_by_its_id(store: LedgerStore, buy: MakeBuy) -> None:
    """Without a file there are no rows to count: the same id twice is a retry, another id another purchase."""
    store.append([buy(1, file=None)])
    assert store.append([buy(1, file=None)]).is_empty
    store.append([buy(2, file=None)])
    assert len(store.events()) == 2
    with pytest.raises(LedgerError, match=r"already has an event 'None:1' that says something else.*`replaces`"):
        store.append([buy(1, "5", file=None)])


def test_a_history_that_does_not_fold_is_not_kept(store: LedgerStore, buy: MakeBuy) -> None:
    """A sale of shares that are not there means that something is missing; nothing of its file is taken."""
    store.append([buy(1)])
    sale = Sell(
        date=date(2026, 2, 2),
        account_id="joint",
        event_id="b.csv:9",
        symbol="VTI",
        shares=Decimal(999),
        proceeds=Decimal(1),
        source=Source("b.csv", 9, "2" * 64),
    )
    with pytest.raises(LedgerError, match=r"Sell of 999 VTI.*b\.csv, row 9"):
        store.append([*in_file([buy(1), buy(7, "77")], "b.csv"), sale])
    assert [event.event_id for event in store.events()] == ["a.csv:1"]
    assert len(store.writes()) == 2


def test_an_account_nobody_declared_is_refused(store: LedgerStore, buy: MakeBuy) -> None:
    """Whether a sale is taxed depends on the account, so its kind is never guessed."""
    with pytest.raises(LedgerError, match="account 'ira' is not among"):
        store.append([replace(buy(1), account_id="ira")])
    assert store.events() == ()


def test_a_correction_names_what_it_replaces_and_both_stay(store: LedgerStore, buy: MakeBuy) -> None:
    """The history of the history is what an auditor asks for."""
    store.append([buy(1, "1000")])
    right = replace(buy(1, "1010", file=None), event_id="correction", replaces="a.csv:1")
    store.append([right])
    assert store.history().book().open_lots["lot 1"].cost_basis == 1010
    assert [event.event_id for event in store.events()] == ["a.csv:1", "correction"]
    assert store.append([buy(1, "1000")]).is_empty, "the file with the mistake, imported again, must not bring it back"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"replaces": "nothing"}, "corrects event 'nothing', which is not in the history"),
        ({"replaces": "a.csv:1"}, "which .* corrects already"),
    ],
)
def test_a_correction_of_what_is_not_there_is_refused(
    store: LedgerStore, buy: MakeBuy, change: dict[str, str], message: str
) -> None:
    """A correction that hangs in the air would silently correct nothing."""
    store.append([buy(1)])
    store.append([replace(buy(1, "1010", file=None), event_id="first", replaces="a.csv:1")])
    with pytest.raises(LedgerError, match=message):
        store.append([replace(buy(1, "1020", file=None), event_id="second", **change)])  # type: ignore[arg-type]
    assert len(store.events()) == 2


def test_a_file_may_correct_itself(store: LedgerStore, buy: MakeBuy) -> None:
    """A correction may stand above the row it names, and follows it when the row turns out to be known."""
    wrong, right = buy(2, "1000"), replace(buy(1, "1010"), lot_id="lot 2", replaces="a.csv:2")
    store.append([right, wrong])
    assert {name: lot.cost_basis for name, lot in store.history().book().open_lots.items()} == {"lot 2": 1010}
    other = in_file([wrong], "b.csv")[0]
    again = replace(right, event_id="b.csv:9", replaces=other.event_id, lot_id=other.lot_id, source=Source("b.csv", 9, "1" * 64))
    assert store.append([again, other]).is_empty


def test_the_lots_of_a_day_are_those_of_its_end(store: LedgerStore, buy: MakeBuy) -> None:
    """A plan made in March must not see April; a correction known today counts, whenever it was learnt."""
    april = replace(buy(2), date=date(2026, 4, 1))
    store.append([buy(1, "1000"), april])
    store.append([replace(buy(1, "1010", file=None), event_id="c", replaces="a.csv:1")])
    store.append([replace(buy(9, file=None), event_id="mistake")])
    store.append([Void(date=date(2026, 5, 1), account_id="joint", event_id="v", replaces="mistake")])
    before = open_lots_on(store, date(2026, 1, 4))
    on_march = open_lots_on(store, date(2026, 3, 31))
    assert {name: lot.cost_basis for name, lot in before.items()} == {}
    assert {name: lot.cost_basis for name, lot in on_march.items()} == {"lot 1": 1010}
    assert set(open_lots_on(store, date(2026, 4, 1))) == {"lot 1", "lot 2"}


def test_the_last_word_on_an_account_holds(store: LedgerStore) -> None:
    """Declarations are never overwritten; saying the same again writes nothing."""
    roth = Account("ira", AccountKind.ROTH_IRA)
    store.append(accounts=[Account("ira", AccountKind.TRADITIONAL_IRA)])
    store.append(accounts=[roth])
    writes = store.writes()
    store.append(accounts=[roth])
    assert store.accounts() == (Account("joint", AccountKind.TAXABLE), roth)
    assert store.writes() == writes


@pytest.mark.parametrize("table", ["events", "writes", "sources", "declarations"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET write_id = 7"])
def test_the_database_itself_refuses_to_forget(store: LedgerStore, buy: MakeBuy, table: str, statement: str) -> None:
    """Append-only is a promise to an auditor, so it does not rest on our own code behaving."""
    store.append([buy(1)])
    engine = sa.create_engine(store.place.url)
    with pytest.raises(sa.exc.DBAPIError, match="a ledger only grows"), engine.begin() as connection:
        connection.execute(sa.text(statement.format(table)))


def test_a_write_says_who_made_it(where: str, joint: Account) -> None:
    """In a household two people import."""
    store = open_store(where, create=True, command="bandwise import")
    store.append(accounts=[joint])
    assert store.writes()[0].writer.startswith("bandwise import, process ")


def test_only_the_owner_may_read_the_file(tmp_path: Path, joint: Account) -> None:
    """It holds what a family owns."""
    open_store(tmp_path, create=True).append(accounts=[joint])
    assert (tmp_path / "ledger.db").stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == ["ledger.db"]


def test_a_ledger_that_is_not_there_is_not_made_by_reading(tmp_path: Path) -> None:
    """A mistyped folder must not become an empty household."""
    with pytest.raises(StoreError, match=r"there is no ledger yet; `bandwise import"):
        open_store(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("mysql://ann:secret@host/db", r"ann:\*\*\*@host.*neither an SQLite file nor a PostgreSQL"),
        ("nowhere/at/all/ledger.db", "nowhere/at/all: there is no such folder; make it with"),
        ("nowhere", "nowhere: there is no such folder"),
        ("postgresql://ann:secret@host:many/db", "not a URL"),
        ("postgresql://ann:secret@localhost:1/db", r"ann:\*\*\*@localhost:1/db: the database says: "),
    ],
)
def test_a_place_that_cannot_be_is_refused_without_its_password(where: str, message: str) -> None:
    """The message is read over a shoulder or pasted into a report."""
    if "localhost" in where:
        pytest.importorskip("psycopg", reason="psycopg is not installed; pip install 'bandwise[postgres]'")
    with pytest.raises(StoreError, match=message) as refusal:
        open_store(where, create=True)
    assert "secret" not in str(refusal.value)


def test_a_folder_may_name_a_database_as_its_ledger(postgres: str, tmp_path: Path, buy: MakeBuy, joint: Account) -> None:
    """Every command then takes the folder, and the URL is written down once."""
    (tmp_path / "ledger.url").write_text(postgres + "\n")
    open_store(tmp_path, create=True).append([buy(1)], [joint])
    assert len(open_store(postgres).events()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["ledger.url"]


@pytest.mark.parametrize(
    ("url", "has_file", "message"),
    [("postgresql://h/d", True, "both ledger.db and ledger.url"), ("", False, "expected one line"), ("a b", False, "one line")],
)
def test_a_folder_that_names_no_ledger_or_two_is_refused(tmp_path: Path, url: str, has_file: bool, message: str) -> None:
    """Guessing would split a history in two."""
    (tmp_path / "ledger.url").write_text(url)
    if has_file:
        (tmp_path / "ledger.db").touch()
    with pytest.raises(StoreError, match=message):
        open_store(tmp_path, create=True)


def test_something_else_is_left_alone(tmp_path: Path) -> None:
    """A file that is no database, and a database of another program, are told apart and not touched."""
    letter = tmp_path / "letter.db"
    letter.write_text("Dear Ann, " * 200)
    with pytest.raises(StoreError, match="not a ledger"):
        open_store(letter, create=True)
    assert letter.read_text() == "Dear Ann, " * 200
    engine = sa.create_engine(f"sqlite:///{tmp_path}/photos.db")
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE photos (name TEXT)"))
    with pytest.raises(StoreError, match=r"a database of something else .its tables are photos"):
        open_store(tmp_path / "photos.db", create=True)
