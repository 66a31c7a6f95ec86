"""A book is answered household by household: once each, whatever happens on the way."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from lots.errors import StoreError
from optimizer.batch import Engine, Options, open_book, open_book_store, plan_book, tables
from optimizer.batch.answer import Answer, answer_of, fault_of, limits, standing_of
from optimizer.batch.blocks import blocks_of
from optimizer.batch.store import BookStore
from optimizer.cli import main
from optimizer.errors import InputFaults
from optimizer.plan import Plan
from tests.random_books import book_household, write_book


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty place for a store, of each kind in turn."""
    return str(tmp_path / "book.db") if request.param == "sqlite" else str(request.getfixturevalue("postgres"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A book of six households, one of which cannot be read and one of which has nothing to do."""
    folder = tmp_path / "households"
    write_book(folder, 5)
    (folder / "broken.json").write_text('{"format": "bandwise.problem/1"}')
    calm = json.loads((folder / "000000.json").read_text())
    for segment in calm["segments"]:
        segment["trigger"] = {"lower": 0, "upper": 1}
    for account in calm["accounts"]:
        account["cash_floor"] = account["cash"]
    calm |= {"contributions": [], "withdrawals": []}
    (folder / "000000.json").write_text(json.dumps(calm))
    return folder


def answers(store: BookStore) -> dict[str, Answer]:
    return {answer.household: answer for answer in store.answers(store.run().run_id, with_plans=True)}


def test_each_household_has_one_row_and_a_fault_ends_nothing(folder: Path, place: str) -> None:
    """Three plans, two left alone, one fault in words; a second run takes everything over and a mended one is done anew."""
    store = open_book_store(place, create=True)
    report = plan_book(open_book(folder), store, workers=1)
    assert report.status.counts == {"planned": 3, "inside": 2, "fault": 1}
    first = answers(store)
    assert "segments: found nothing" in (first["broken"].fault or "")
    plan = Plan.from_json(first["000003"].plan or "")
    assert plan.problem == book_household(3).digest()
    assert first["000003"].tax_with_cents == plan.tax.with_plan.total * 100

    (folder / "broken.json").write_text(book_household(77).to_json())
    again = plan_book(open_book(folder), store, workers=1)
    assert again.status.counts == {"planned": 4, "inside": 2}
    assert (report.status.taken_over, again.status.taken_over) == (0, 5)
    second = answers(store)
    assert {name: answer.made_at for name, answer in first.items() if name != "broken"} == {
        name: answer.made_at for name, answer in second.items() if name != "broken"
    }


def test_all_plans_also_what_is_inside(folder: Path, tmp_path: Path) -> None:
    """Another option is another question, so it is answered beside the first."""
    store = open_book_store(tmp_path / "book.db", create=True)
    plan_book(open_book(folder), store, workers=1)
    report = plan_book(open_book(folder), store, Options(plan_all=True), workers=1)
    assert report.status.counts == {"planned": 5, "fault": 1}


def test_another_law_or_program_asks_everybody_again(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers of another program are kept and not taken over."""
    store = open_book_store(tmp_path / "book.db", create=True)
    plan_book(open_book(folder), store, workers=1)
    monkeypatch.setattr("optimizer.batch.versions.program_version", lambda: "another")
    plan_book(open_book(folder), store, workers=1)
    assert len({answer.made_at for answer in answers(store).values()}) >= 1
    with store._engine.connect() as connection:  # two answers for each household
        assert connection.execute(sa.select(sa.func.count()).select_from(tables.results)).scalar() == 12


def test_ray_and_this_machine_give_the_same_plans(folder: Path, tmp_path: Path) -> None:
    """The same code path: only the pool differs."""
    pytest.importorskip("ray", reason="Ray is not installed; pip install 'bandwise[cluster]'")
    here, there = (open_book_store(tmp_path / name, create=True) for name in ("here.db", "there.db"))
    plan_book(open_book(folder), here, workers=2)
    plan_book(open_book(folder), there, workers=2, engine=Engine.RAY)
    mine, theirs = answers(here), answers(there)
    assert mine.keys() == theirs.keys()
    for name, answer in mine.items():
        assert (answer.status, answer.key, answer.plan, answer.fault) == (
            theirs[name].status,
            theirs[name].key,
            theirs[name].plan,
            theirs[name].fault,
        )


def test_the_tables_are_what_the_migrations_make(place: str) -> None:
    """The tables in Python and those that the numbered steps make have the same columns, and the version is the last step's."""
    store = open_book_store(place, create=True)
    found = sa.inspect(store._engine)
    for table in tables.metadata.sorted_tables:
        assert {column["name"] for column in found.get_columns(table.name)} == set(table.c.keys())
        assert set(found.get_pk_constraint(table.name)["constrained_columns"]) == {c.name for c in table.primary_key}
    with store._engine.connect() as connection:
        assert connection.execute(sa.text(f"SELECT version_num FROM {tables.VERSION_TABLE}")).scalar() == tables.SCHEMA_VERSION


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    """Nobody writes over tables that a later program has made."""
    store = open_book_store(tmp_path / "book.db", create=True)
    with store._engine.begin() as connection:
        connection.execute(sa.text(f"UPDATE {tables.VERSION_TABLE} SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer version"):
        open_book_store(tmp_path / "book.db")


def test_a_book_kept_in_the_store_needs_no_files(folder: Path, place: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Loaded once, planned from the database alone; what cannot be read is told and the others are kept."""
    assert main(["batch", "load", str(folder), "--store", place]) == 2
    told = capsys.readouterr()
    assert "Kept 5 households in" in told.out
    assert "Not kept, because they cannot be read: 1.\n\nbroken\n  as_of: found nothing" in told.err
    assert main(["batch", place, "--workers", "1", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["counts"] == {"planned": 3, "inside": 2}


def test_a_store_that_keeps_no_household_is_told(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty run would look as if all were well."""
    open_book_store(place, create=True)
    assert main(["batch", place]) == 2
    assert "bandwise batch load DIR --store" in capsys.readouterr().err


def test_block_trades_sum_the_plans_and_allocate_them_back(folder: Path, tmp_path: Path) -> None:
    """Every sale and purchase of every plan is in exactly one block."""
    store = open_book_store(tmp_path / "book.db", create=True)
    plan_book(open_book(folder), store, workers=1)
    found = answers(store)
    blocks = blocks_of(found.values())
    plans = [Plan.from_json(answer.plan) for answer in found.values() if answer.plan]
    assert sum(len(block.allocations) for block in blocks) == sum(len(plan.sales) + len(plan.buys) for plan in plans)
    for block in blocks:
        assert block.shares == sum(part.shares for part in block.allocations)
    sold = sum(sale.shares for plan in plans for sale in plan.sales if sale.symbol == "VTI")
    assert sum(block.shares for block in blocks if (block.side, block.symbol) == ("SELL", "VTI")) == sold


def test_time_and_memory_of_one_household_are_limited() -> None:
    """Each limit ends the household's own work and is lifted afterwards."""

    def forever() -> None:
        while True:
            pass

    with pytest.raises(TimeoutError), limits(0.05, None):
        forever()

    def wrapped() -> None:
        try:
            forever()
        except TimeoutError as error:
            raise RuntimeError("a library's own words") from error

    with pytest.raises(TimeoutError), limits(0.05, None):
        wrapped()
    with pytest.raises(MemoryError), limits(None, 64):
        bytearray(256 * 2**20)
    assert len(bytearray(256 * 2**20)) == 256 * 2**20
    assert "time allowed" in fault_of(TimeoutError())


def test_a_household_that_takes_too_long_is_a_row(folder: Path, tmp_path: Path) -> None:
    """The others are planned all the same."""
    store = open_book_store(tmp_path / "book.db", create=True)
    report = plan_book(open_book(folder), store, Options(seconds=0.001), workers=1)
    assert report.status.done == 6
    faults = [answer.fault or "" for answer in answers(store).values() if answer.status == "fault"]
    assert len([fault for fault in faults if "time allowed" in fault]) >= 4


def test_what_a_household_needs_is_seen_before_any_plan() -> None:
    """Cash to place, dollars outside and losses, worked out by hand for one household."""
    problem = book_household(3)
    standing = standing_of(problem)
    price = {s.symbol: s.price for s in problem.securities}
    assert standing.value == sum(lot.shares * price[lot.symbol] for lot in problem.lots) + sum(a.cash for a in problem.accounts)
    taxable = {a.id for a in problem.accounts if a.kind.is_taxable}
    losses = [(lot.cost_basis or 0) - lot.shares * price[lot.symbol] for lot in problem.lots if lot.account in taxable]
    assert standing.harvestable == sum(loss for loss in losses if loss > 0)
    answer = answer_of(problem, "three", "key", plan_all=True, compare=False, seconds=None)
    assert answer.gap_cents == 0
    assert answer.outside_cents == round(standing.outside * 100)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["batch", "nowhere"], "a folder of households"),
        (["batch", "status", "nowhere.db"], "no book was planned here yet"),
        (["batch", str(Path(__file__).parent), "--engine", "moon"], "local or ray"),
        (["batch", ".", "--address", "auto"], "--engine ray"),
        (["batch", "mysql://u@h/d"], "PostgreSQL"),
    ],
)
def test_bad_words_are_told(words: list[str], expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2, what was found and what was expected."""
    assert main(words) == 2
    assert expected in capsys.readouterr().err


def test_the_pages_say_what_became_of_the_book(folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Run, status, results and blocks, as pages, as JSON and as CSV."""
    assert main(["batch", str(folder), "--workers", "1"]) == 0
    page = capsys.readouterr().out
    assert "3  planned" in page
    assert "segments: found nothing" in page
    assert main(["batch", "results", str(folder), "--sort", "tax", "--csv", str(tmp_path / "r.csv")]) == 0
    assert len((tmp_path / "r.csv").read_text().splitlines()) == 7
    assert main(["batch", "results", str(folder), "--sort", "moon"]) == 2
    assert main(["batch", "blocks", str(folder), "--json"]) == 0
    assert main(["batch", "plan", str(folder), "000003"]) == 0
    assert main(["batch", "plan", str(folder), "broken"]) == 2


def test_two_households_of_one_name_are_refused(folder: Path) -> None:
    """A folder and a document of the same name would have one row."""
    (folder / "000001").mkdir()
    (folder / "000001" / "household.toml").write_text("")
    with pytest.raises(InputFaults):
        open_book(folder)


def test_bytes_that_are_no_text_and_a_lost_household_file_are_rows(folder: Path, tmp_path: Path) -> None:
    """A document that is not UTF-8 is an input fault like any other, and a folder with lots alone is not passed over."""
    (folder / "broken.json").write_bytes(b"\xff\xfe{")
    (folder / "lost").mkdir()
    (folder / "lost" / "lots.csv").write_text("account,symbol,acquired,quantity,cost_basis\n")
    store = open_book_store(str(tmp_path / "book.db"), create=True)
    counts = plan_book(open_book(folder), store, workers=1).status.counts
    assert counts["fault"] == 2
    told = answers(store)
    assert "not UTF-8" in (told["broken"].fault or "")
    assert "household.toml" in (told["lost"].fault or "")
    assert main(["batch", "load", str(folder), "--store", str(tmp_path / "kept.db")]) == 2
    assert len(open_book("", open_book_store(str(tmp_path / "kept.db"))).entries) == 5
