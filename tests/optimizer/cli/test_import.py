"""`bandwise import`: files in, one ledger, every fault at its row."""

import json
from pathlib import Path

import pytest

from lots.ledger.store import open_store
from optimizer.cli import Exit, main
from optimizer.household.history_document import EXAMPLE

TITLES = "account,symbol,acquired,quantity,cost_basis\n"
HOUSEHOLD = """
as_of = 2026-11-20
[taxpayer]
filing_status = "single"
ordinary_pct = 30
long_term_pct = 15
[accounts.joint]
kind = "taxable"
numbers = ["XXXX-4321"]
[accounts.roth]
kind = "roth_ira"
[segments.all]
target_pct = 100
[securities.VTI]
segment = "all"
identical_group = "total market"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A household that has declared two accounts and holds nothing yet."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "household.toml").write_text(HOUSEHOLD)
    return tmp_path / "home"


def write(path: Path, *rows: str) -> str:
    """A file of lots; returns its name."""
    path.write_text(TITLES + "".join(row + "\n" for row in rows))
    return str(path)


def events(path: Path, *entries: dict[str, object]) -> str:
    """Our own document of events in the joint account on 2026-06-10; returns its name."""
    day: dict[str, object] = {"date": "2026-06-10", "account_id": "joint"}
    path.write_text(json.dumps({"accounts": [], "events": [day | each for each in entries]}))
    return str(path)


def test_files_become_a_ledger_and_the_user_reads_what_was_understood(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The household's own names and kinds of accounts are used, also for what the broker calls XXXX-4321."""
    files = [
        write(tmp_path / "a.csv", "XXXX-4321,VTI,2020-03-16,10,1300.25"),
        write(tmp_path / "b.csv", "roth,VTI,2021-03-16,5,700"),
    ]
    assert main(["import", *files, "--into", str(folder), "--as-of", "2026-11-20"]) == Exit.DONE
    said = capsys.readouterr().out
    assert "a.csv: bandwise-lots, 1 lots as of 2026-11-20 in joint (2 rows)" in said
    assert f"{folder}/ledger.db: 4 new events, 0 known already, 4 in all." in said
    history = open_store(folder).history()
    assert {lot.account_id: str(lot.cost_basis) for lot in history.book().open_lots.values()} == {
        "joint": "1300.25",
        "roth": "700",
    }
    assert history.securities[0].identical_group == "total market"


def test_a_second_import_of_the_same_files_changes_nothing(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says so, and the file is the same to the last byte of its events."""
    file = write(tmp_path / "a.csv", "joint,VTI,2020-03-16,10,1300.25")
    assert main(["import", file, "--into", str(folder)]) == Exit.DONE
    writes = open_store(folder).writes()
    assert main(["import", file, "--into", str(folder)]) == Exit.DONE
    assert "nothing new; 1 event as before" in capsys.readouterr().out
    assert open_store(folder).writes() == writes


def test_one_bad_file_keeps_all_of_them_out(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every fault of every file is told at its row in one go, and nothing is left behind, not even a ledger."""
    good = write(tmp_path / "good.csv", "joint,VTI,2020-03-16,10,1300.25")
    bad = write(tmp_path / "bad.csv", "joint,VTI,2020-03-16,ten,1300.25", "joint,VTI,soon,10,1300.25")
    assert main(["import", good, bad, "--into", str(folder)]) == Exit.INPUT
    said = capsys.readouterr().err
    assert "2 faults" in said
    assert "bad.csv, row 2" in said
    assert "bad.csv, row 3" in said
    assert [path.name for path in folder.iterdir()] == ["household.toml"]


def test_a_refused_first_import_leaves_no_ledger(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty ledger would change what `bandwise plan` reads from then on."""
    document = events(tmp_path / "e.json", {"event": "sell", "symbol": "VTI", "shares": 5, "proceeds": 500})
    assert main(["import", document, "--into", str(folder)]) == Exit.INPUT
    said = capsys.readouterr().err
    assert "only 0 shares are open" in said
    assert EXAMPLE in said, "the way to tell the ledger what is missing"
    assert [path.name for path in folder.iterdir()] == ["household.toml"]


def test_an_account_nobody_declared_is_asked_for_once(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its kind decides the tax and is not in the file; told once, the ledger remembers it."""
    file = write(tmp_path / "a.csv", "X99,VTI,2020-03-16,10,1300.25")
    assert main(["import", file, "--into", str(folder)]) == Exit.INPUT
    said = capsys.readouterr().err
    assert "the account 'X99'" in said
    assert "one of joint, roth" in said
    assert "--kind 'X99=taxable'" in said
    assert main(["import", file, "--into", str(folder), "--kind", "X99=hsa"]) == Exit.DONE
    more = write(tmp_path / "b.csv", "X99,VTI,2021-03-16,1,100")
    assert main(["import", more, "--into", str(folder), "--account", "X1=joint"]) == Exit.INPUT, "other lots of no stated day"
    assert {each.account_id: each.kind.value for each in open_store(folder).accounts()} == {
        "joint": "taxable",
        "roth": "roth_ira",
        "X99": "hsa",
    }


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--kind", "joint"], "--kind"),
        (["--kind", "joint=piggy bank"], "one of taxable"),
        (["--as-of", "yesterday"], "a day such as 2026-11-20"),
        (["--account", "joint", "--account", "roth"], "one account for files that name none"),
    ],
)
def test_an_option_that_says_nothing_is_refused(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], message: str
) -> None:
    """A wrong word is named with what would be right."""
    file = write(tmp_path / "a.csv", "joint,VTI,2020-03-16,10,1300.25")
    assert main(["import", file, "--into", str(folder), *words]) == Exit.INPUT
    assert message in capsys.readouterr().err


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A typing error must not start a second household."""
    file = write(tmp_path / "a.csv", "joint,VTI,2020-03-16,10,1300.25")
    assert main(["import", file, "--into", str(tmp_path / "hoem"), "--kind", "joint=taxable"]) == Exit.INPUT
    assert "there is no such folder; make it with" in capsys.readouterr().err


def test_a_fault_in_household_toml_is_told_at_its_line(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same words as `bandwise plan` would use."""
    (folder / "household.toml").write_text(HOUSEHOLD.replace('"roth_ira"\n', '"roth_ira"\nnumbers = ["XXXX-4321"]\n'))
    file = write(tmp_path / "a.csv", "joint,VTI,2020-03-16,10,1300.25")
    assert main(["import", file, "--into", str(folder)]) == Exit.INPUT
    assert "household.toml, line 12" in capsys.readouterr().err


def test_the_outcome_is_a_document_too(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Another program reads the same facts."""
    file = write(tmp_path / "a.csv", "joint,VTI,2020-03-16,10,1300.25")
    assert main(["import", file, "--into", str(folder), "--json"]) == Exit.DONE
    said = json.loads(capsys.readouterr().out)
    assert (said["new"], said["known"], said["events"]) == (1, 0, 1)
    assert said["files"][0]["understood"] == {"lots": 1}


def test_our_own_events_complete_and_correct_the_ledger(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A split no file tells, a purchase mistyped and a statement that was wrong all have a way in, and none is told twice."""
    file = write(tmp_path / "a.csv", "joint,VTI,2020-03-16,10,1300.25")
    assert main(["import", file, "--into", str(folder), "--as-of", "2026-01-02"]) == Exit.DONE
    buy: dict[str, object] = {"event": "buy", "symbol": "BND", "shares": 7, "cost": 700, "lot_id": "b", "event_id": "typo"}
    wrong: dict[str, object] = {"event": "stated_shares", "symbol": "VTI", "shares": 3, "event_id": "wrong"}
    split: dict[str, object] = {"event": "split", "symbol": "VTI", "new_shares": 2, "old_shares": 1}
    first = events(tmp_path / "first.json", buy, split, wrong)
    assert main(["import", first, "--into", str(folder)]) == Exit.DONE
    assert "first.json: our own document, 3 events" in capsys.readouterr().out
    assert main(["audit", str(folder)]) == Exit.INPUT
    second = events(
        tmp_path / "second.json",
        {**buy, "shares": 8, "event_id": "mended", "replaces": "typo"},
        {"event": "void", "replaces": "wrong"},
    )
    for _ in range(2):
        assert main(["import", second, "--into", str(folder)]) == Exit.DONE
    assert main(["audit", str(folder)]) == Exit.DONE
    history = open_store(folder).history()
    assert {lot.symbol: int(lot.shares) for lot in history.book().open_lots.values()} == {"VTI": 20, "BND": 8}
    assert main(["import", first, second, "--into", str(folder)]) == Exit.DONE
    assert open_store(folder).events() == history.events


def test_the_example_in_messages_is_a_document(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever copies the line out of a message gets what it promises."""
    file = write(tmp_path / "a.csv", "joint,VTI,2020-03-16,10,1300.25")
    assert main(["import", file, "--into", str(folder)]) == Exit.DONE
    (tmp_path / "events.json").write_text(EXAMPLE)
    assert main(["import", str(tmp_path / "events.json"), "--into", str(folder)]) == Exit.DONE
    assert [int(lot.shares) for lot in open_store(folder).history().book().open_lots.values()] == [20]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"accounts": [], "events": [{"event": "splitt"}]}', 'found:    "splitt"'),
        ('{"accounts": [],', "line 1: not JSON"),
        ('{"accounts": [{"account_id": "joint", "kind": "hsa"}], "events": []}', "the account 'joint' as hsa"),
        (
            '{"accounts": [], "events": [{"event": "fee", "date": "2026-01-02", "account_id": "attic", "amount": 1}]}',
            "an event of the account 'attic'",
        ),
    ],
)
def test_a_document_that_cannot_be_taken_is_refused_in_words(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    """It is written by hand, so it will be wrong now and then."""
    (tmp_path / "events.json").write_text(text)
    assert main(["import", str(tmp_path / "events.json"), "--into", str(folder)]) == Exit.INPUT
    told = capsys.readouterr().err
    assert said in told
    assert "events.json" in told
    assert [path.name for path in folder.iterdir()] == ["household.toml"]


def test_an_account_does_not_change_its_kind_by_the_way(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One word on the command line would untax every sale of the account, those of past years too."""
    file = write(tmp_path / "a.csv", "joint,VTI,2020-03-16,10,1300.25", "X9,VTI,2021-03-16,1,100")
    import_ = ["import", file, "--into", str(folder)]
    assert main([*import_, "--kind", "joint=roth_ira"]) == Exit.INPUT
    said = capsys.readouterr().err
    assert "the account 'joint' as roth_ira" in said
    assert "taxable, as in household.toml" in said
    assert main([*import_, "--kind", "X9=taxable"]) == Exit.DONE
    assert main([*import_, "--kind", "X9=hsa"]) == Exit.INPUT
    assert f"taxable, as in {folder}" in capsys.readouterr().err
    (folder / "household.toml").write_text(HOUSEHOLD.replace('"roth_ira"', '"traditional_ira"'))
    assert main(import_) == Exit.INPUT
    assert "roth_ira, as in" in capsys.readouterr().err
    assert {each.account_id: each.kind.value for each in open_store(folder).accounts()} == {
        "joint": "taxable",
        "roth": "roth_ira",
        "X9": "taxable",
    }
    assert main([*import_, "--kind", "roth=traditional_ira"]) == Exit.DONE, "said in both places it is meant"


def test_a_file_named_twice_is_imported_once(folder: Path, tmp_path: Path) -> None:
    """A pattern of the shell and a name beside it often hit the same file."""
    file = write(tmp_path / "a.csv", "joint,VTI,2020-03-16,10,1300.25")
    document = events(tmp_path / "e.json", {"event": "fee", "amount": 1})
    assert main(["import", file, document, file, document, "--into", str(folder)]) == Exit.DONE
    assert len(open_store(folder).events()) == 2


def test_the_lots_of_a_household_begun_with_init_are_imported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Blank cells are fine where no sale is taxed, and the file that is now told twice is named at once."""
    home = tmp_path / "q"
    assert main(["init", str(home)]) == Exit.DONE
    assert main(["import", str(home / "lots.csv"), "--into", str(home)]) == Exit.DONE
    said = capsys.readouterr().out
    assert f"{home / 'lots.csv'} is in the ledger now; remove it" in said
    assert "The ledger keeps the day 1900-01-01 and a basis of 0." in said
    assert len(open_store(home).history().book().open_lots) == 7
    assert main(["plan", str(home), "--no-compare"]) == Exit.INPUT
    assert "Remove lots.csv; everything in it is in the ledger." in capsys.readouterr().err
    (home / "lots.csv").unlink()
    assert main(["plan", str(home), "--no-compare"]) == Exit.DONE


def test_a_taxable_lot_needs_its_basis(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A basis of nothing would be taxed as a gain of everything."""
    file = write(tmp_path / "a.csv", "joint,VTI,2020-03-16,10,")
    assert main(["import", file, "--into", str(folder)]) == Exit.INPUT
    assert "a.csv, row 2" in capsys.readouterr().err
