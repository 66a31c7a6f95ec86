"""A book's store in the hands of several: two runs at once, schemas of one database, disks that are full, names people use."""

import json
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from lots.accounts import Account, AccountKind
from lots.errors import BusyError, StoreError
from lots.events import Buy
from lots.ledger.store import open_store
from optimizer.batch import Entry, open_book, open_book_store, plan_book, run, tables
from optimizer.batch.answer import INSIDE, Answer
from optimizer.batch.store import BookStore
from optimizer.cli import main
from tests.optimizer.batch.test_book_killed import ROOT, start
from tests.random_books import book_household, write_book


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty place for a store, of each kind in turn."""
    return str(tmp_path / "book.db") if request.param == "sqlite" else str(request.getfixturevalue("postgres"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A book of three households."""
    write_book(tmp_path / "book", 3)
    return tmp_path / "book"


def test_two_runs_at_once_give_each_household_one_answer(tmp_path: Path, place: str) -> None:
    """Both end well with every household, and what one has done the other takes over."""
    write_book(tmp_path / "book", 12)
    both = [start(tmp_path / "book", place) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    store = open_book_store(place)
    for each in store.runs():
        assert store.status(each.run_id).done == 12
    with store._engine.connect() as connection:
        assert sorted(connection.execute(sa.select(tables.results.c.household)).scalars()) == [f"{n:06d}" for n in range(12)]


def test_a_changed_household_is_planned_anew_and_its_older_answer_stays(folder: Path, tmp_path: Path) -> None:
    """The newest run has the new plan; the older one still tells what it told."""
    store = open_book_store(tmp_path / "book.db", create=True)
    plan_book(open_book(folder), store, workers=1)
    before = {each.household: each.key for each in store.answers(store.run().run_id)}
    (folder / "000001.json").write_text(book_household(50).to_json())
    report = plan_book(open_book(folder), store, workers=1)
    newest, oldest = store.runs()
    after = {each.household: each.key for each in store.answers(newest.run_id)}
    assert report.status.taken_over == 2
    assert {name for name in before if before[name] != after[name]} == {"000001"}
    assert {each.household: each.key for each in store.answers(oldest.run_id)} == before


def test_each_schema_of_a_database_is_a_book(folder: Path, postgres: str) -> None:
    """The workers open the schema, too, and another schema knows nothing of it."""
    mine, yours = f"{postgres}&schema=mine", f"{postgres}&schema=yours"
    report = plan_book(open_book(folder), open_book_store(mine, create=True), workers=1)
    assert report.status.done == 3
    assert "schema=mine" in open_book_store(mine).url
    assert open_book_store(yours, create=True).runs() == []


WRITER = """
import sys
from datetime import date
from decimal import Decimal
from lots.accounts import Account, AccountKind
from lots.events import Buy
from lots.ledger.store import open_store

def slow(step):
    if step == "writing":
        print("inside", flush=True)
        sys.stdin.readline()

facts = {"date": date(2026, 3, 2), "account_id": "joint", "symbol": "VTI", "shares": Decimal(1), "cost": Decimal(300)}
event = Buy(event_id="b1", lot_id="b1", **facts)
open_store(sys.argv[1], create=True).append([event], [Account("joint", AccountKind.TAXABLE)], on_step=slow)
"""


def test_another_process_that_writes_a_ledger_locks_neither_the_book_nor_other_households(folder: Path, postgres: str) -> None:
    """One database has the ledgers of two households and the book: only the ledger that is being written waits."""
    command = [sys.executable, "-c", WRITER, f"{postgres}&schema=smith"]
    writer = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "inside\n"
    try:
        with pytest.raises(BusyError, match="is writing to the ledger"):
            open_store(f"{postgres}&schema=smith", wait_seconds=1).append([bought()], [Account("joint", AccountKind.TAXABLE)])
        open_store(f"{postgres}&schema=jones", create=True).append([bought()], [Account("joint", AccountKind.TAXABLE)])
        assert plan_book(open_book(folder), open_book_store(postgres, create=True), workers=1).status.done == 3
    finally:
        writer.communicate("go on\n")
    assert writer.returncode == 0
    smith, jones = (open_store(f"{postgres}&schema={name}") for name in ("smith", "jones"))
    assert [len(each.events()) for each in (smith, jones)] == [1, 1]


def bought() -> Buy:
    """One purchase."""
    amounts = {"shares": Decimal(2), "cost": Decimal(600)}
    return Buy(date=date(2026, 3, 3), account_id="joint", event_id="b2", symbol="VTI", lot_id="b2", **amounts)


def test_a_full_disk_is_told_and_the_run_goes_on_later(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """SQLite's own refusal to grow: exit code 2, a sentence, no answer lost, and the next command ends the run."""
    real = run._ready

    def cramped(url: str) -> BookStore:
        store = real(url)
        sa.event.listen(store._engine, "connect", lambda connection, _: connection.execute("PRAGMA max_page_count = 1"))
        return store

    monkeypatch.setattr("optimizer.batch.run._ready", cramped)
    assert main(["batch", str(folder), "--workers", "1"]) == 2
    assert "database or disk is full" in capsys.readouterr().err
    monkeypatch.undo()
    run._ready.cache_clear()
    assert main(["batch", str(folder), "--workers", "1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["done"] == 3


def test_a_store_that_may_only_be_read_is_told_at_once(tmp_path: Path) -> None:
    """Nobody waits a minute for what waiting does not mend."""
    store = open_book_store(tmp_path / "book.db", create=True)
    sa.event.listen(store._engine, "connect", lambda connection, _: connection.execute("PRAGMA query_only = ON"))
    with pytest.raises(StoreError, match="readonly"):
        store.write(store.runs()[0].run_id if store.runs() else "none", [Answer("one", "key", INSIDE)])


def test_a_household_is_found_by_its_place_and_by_its_own_name(tmp_path: Path) -> None:
    """Folder, file or name; two of one name are told apart."""
    store = open_book_store(tmp_path / "book.db", create=True)
    begun = store.begin("book", "version", {}, 3)
    store.write(begun.run_id, [Answer("smith", "k1", INSIDE, "Anna Smith"), Answer("s2", "k2", INSIDE, "Twin")])
    store.write(begun.run_id, [Answer("s3", "k3", INSIDE, "Twin")])
    asked = ("smith", "book/smith/", "smith.json", "Anna Smith")
    assert {store.answer(begun.run_id, word).household for word in asked} == {"smith"}
    with pytest.raises(StoreError, match="'s2', 's3'"):
        store.answer(begun.run_id, "Twin")
    with pytest.raises(StoreError, match="no answer for 'jones'"):
        store.answer(begun.run_id, "jones")


def test_what_else_lies_in_a_book_ends_nothing(folder: Path, tmp_path: Path) -> None:
    """Folders without a household and other files are passed over; a document that is none and a dead link are rows."""
    (folder / "empty").mkdir()
    (folder / "x.json").mkdir()
    (folder / "notes.txt").write_text("call Anna")
    (folder / "settings.json").write_text("[]")
    (folder / "gone.json").symlink_to("nowhere")
    store = open_book_store(tmp_path / "book.db", create=True)
    plan_book(open_book(folder), store, workers=1)
    found = {each.household: each.fault for each in store.answers(store.run().run_id)}
    assert sorted(found) == ["000000", "000001", "000002", "gone", "settings"]
    assert found["gone"] == f"{folder / 'gone.json'}: No such file or directory"
    assert found["settings"]


def test_a_page_in_a_pipe_cuts_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Long names and large figures stand on one line each; a narrow terminal says what it leaves out."""
    store = open_book_store(tmp_path / "book.db", create=True)
    begun = store.begin("book", "version", {}, 1)
    name, figure = "The Long-Named Family Trust of 1987 and its Heirs", 123_456_789_00
    facts = {"value_cents": figure, "outside_cents": figure, "cash_to_place_cents": figure, "harvestable_cents": figure}
    store.write(begun.run_id, [Answer("a-folder", "key", INSIDE, name, **facts, tax_with_cents=figure, gap_cents=figure)])
    monkeypatch.delenv("COLUMNS", raising=False)
    assert main(["batch", "results", str(tmp_path)]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if name in line]
    assert line.count("$123,456,789") == 6
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["batch", "results", str(tmp_path)]) == 0
    page = capsys.readouterr().out
    assert "Not shown for want of room: Gap, Trades" in page
    assert all(len(line) <= 80 for line in page.splitlines())


def test_an_entry_of_a_store_is_read_from_it(tmp_path: Path) -> None:
    """What was kept is what is planned."""
    store = open_book_store(tmp_path / "book.db", create=True)
    store.keep_problems([("one", book_household(1).to_json())])
    assert Entry("one", "").read(store) == book_household(1)
