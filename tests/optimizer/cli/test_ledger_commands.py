"""The ledger's commands as a stranger uses them: on a document of events and on a folder that keeps a ledger."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lots.ledger.document import read
from lots.ledger.store import open_store
from optimizer.cli import Exit, main

EVENTS = {
    "accounts": [{"account_id": "joint", "kind": "taxable"}, {"account_id": "roth", "kind": "roth_ira"}],
    "securities": [{"symbol": "X", "identical_group": "g"}, {"symbol": "Y", "identical_group": "g"}],
    "events": [
        {"event": "open_cash", "date": "2025-01-02", "account_id": "joint", "amount": 5000},
        {
            "event": "buy",
            "date": "2025-01-06",
            "account_id": "joint",
            "symbol": "X",
            "shares": 100,
            "cost": 1000.1,
            "lot_id": "a",
        },
        {"event": "sell", "date": "2026-06-05", "account_id": "joint", "symbol": "X", "shares": "100", "proceeds": 750},
        {"event": "buy", "date": "2026-06-20", "account_id": "joint", "symbol": "Y", "shares": 40, "cost": 320, "lot_id": "b"},
        {"event": "buy", "date": "2026-06-22", "account_id": "roth", "symbol": "Y", "shares": 10, "cost": 80, "lot_id": "r"},
    ],
}


@pytest.fixture(params=["document", "folder"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The same history as a document and as a kept ledger."""
    text = json.dumps(EVENTS)
    if request.param == "document":
        path = tmp_path / "events.json"
        path.write_text(text, encoding="utf-8")
        return path
    told = read(text)
    open_store(tmp_path, create=True).append(told.events, told.accounts, told.securities)
    return tmp_path


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal in which no cell is folded."""
    monkeypatch.setenv("COLUMNS", "120")


def asked(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    assert main([str(word) for word in words]) == Exit.DONE
    return capsys.readouterr().out


def test_replay_states_basis_holding_start_and_disallowed_losses(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An outsider checks the ledger case by case with these fields."""
    found = json.loads(asked(capsys, "replay", place, "--json"))
    assert [(lot["lot_id"], lot["cost_basis"], lot["holding_start"]) for lot in found["open_lots"]] == [
        ("b", "420.04", "2025-01-21"),
        ("r", "80", "2026-06-22"),
    ]
    [sale] = found["disposals"]
    assert (sale["disallowed_loss"], sale["lost_loss"], sale["gain"], sale["term"]) == ("125.05", "25.01", "-125.05", "long")
    assert found["cash"] == {"joint": "4429.9", "roth": "-80"}


def test_replay_has_a_page_for_people(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Not everybody reads JSON."""
    page = asked(capsys, "replay", place)
    assert "420.04" in page
    assert "-125.05" in page


def test_wash_says_what_not_to_buy_until_when_and_why(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The loss left over is at risk to the thirtieth day, in every account and for the whole group."""
    page = asked(capsys, "wash", place, "--on", "2026-07-05")
    assert "2026-07-05" in page
    assert "X, Y" in page
    assert "at risk until 2026-07-05" in page
    free = json.loads(asked(capsys, "wash", place, "--on", "2026-07-06", "--json"))
    assert free["do_not_buy"] == []
    assert [each["state"] for each in free["losses"]] == ["partly washed"]


def test_wash_names_the_lots_that_would_replace_others(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Selling older shares of the group at a loss would be undone by the young ones; used-up ones no longer count."""
    found = json.loads(asked(capsys, "wash", place, "--on", "2026-07-05", "--json"))
    lots = [each["lot"]["lot_id"] for each in found["do_not_sell_others_at_a_loss"]["g"]]
    assert lots == ["r"]


def test_lots_are_those_of_the_day_asked_about(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A question about last December must not be answered with this year's trades."""
    before = json.loads(asked(capsys, "lots", place, "--on", "2026-06-01", "--json"))["lots"]
    assert [(each["lot"]["lot_id"], each["days_to_long_term"]) for each in before] == [("a", 0)]
    after = asked(capsys, "lots", place, "--on", "2026-06-22", "--by", "age")
    assert after.index(" r ") < after.index(" b "), "the replacement is long-term already by the time tacked on"


def test_lots_have_gains_with_prices_and_leave_as_our_csv(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What leaves here can be imported anywhere our CSV is read."""
    (tmp_path / "p.csv").write_text("symbol,price\nY,11\n", encoding="utf-8")
    options = ("--on", "2026-06-22", "--prices", tmp_path / "p.csv", "--by", "gain")
    found = json.loads(asked(capsys, "lots", place, *options, "--json"))["lots"]
    assert [each["unrealised_gain"] for each in found] == ["19.96", "30.00"]
    rows = list(csv.DictReader(io.StringIO(asked(capsys, "lots", place, "--on", "2026-06-22", "--csv", "-"))))
    assert [(row["symbol"], row["quantity"], row["cost_basis"]) for row in rows] == [("Y", "40", "420.04"), ("Y", "10", "80")]


@pytest.mark.parametrize(
    ("content", "said"),
    [("symbol,price\nY,cheap\n", "line 2"), ("ticker,last\nY,1\n", "the columns symbol and price"), ("symbol,price\nX,1\n", "Y")],
)
def test_bad_prices_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, said: str) -> None:
    """A gain figured with a price that was misread is worse than none."""
    (tmp_path / "events.json").write_text(json.dumps(EVENTS), encoding="utf-8")
    (tmp_path / "p.csv").write_text(content, encoding="utf-8")
    words = ["lots", str(tmp_path / "events.json"), "--on", "2026-06-22", "--prices", str(tmp_path / "p.csv")]
    assert main(words) == Exit.INPUT
    assert said in capsys.readouterr().err


def test_form_8949_writes_both_forms_and_warns_while_a_loss_is_open(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Filing from a history that ends inside the window would miss the purchase of tomorrow."""
    rows, lines = tmp_path / "f.csv", tmp_path / "d.csv"
    assert main(["form8949", str(place), "--year", "2026", "--csv", str(rows), "--schedule-d", str(lines)]) == Exit.DONE
    captured = capsys.readouterr()
    assert "can still wash the loss" in captured.err
    [row] = list(csv.DictReader(rows.open(encoding="utf-8")))
    assert (row["Box"], row["Adjustment Code"], row["Adjustment Amount"], row["Gain"]) == ("D", "W", "125.05", "-125.05")
    assert list(csv.DictReader(lines.open(encoding="utf-8")))[-1]["Gain or Loss"] == "-125.05"


OUTPUTS = [
    (("lots",), "--csv"),
    (("form8949", "--year", "2026"), "--csv"),
    (("form8949", "--year", "2026"), "--schedule-d"),
]


@pytest.mark.parametrize(("words", "option"), OUTPUTS)
@pytest.mark.parametrize("name", ["ledger.db", "household.toml", "lots.csv", "prices.csv", "link.csv"])
def test_no_answer_is_written_over_the_household_it_is_about(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], option: str, name: str
) -> None:
    """One slip of a file name would cost the whole history of a household; a link to the ledger is the ledger."""
    told = read(json.dumps(EVENTS))
    open_store(tmp_path, create=True).append(told.events, told.accounts, told.securities)
    for each in ("household.toml", "lots.csv", "prices.csv"):
        (tmp_path / each).write_text("symbol,price\n")
    (tmp_path / "link.csv").symlink_to(tmp_path / "ledger.db")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert main([words[0], str(tmp_path), *words[1:], option, str(tmp_path / name)]) == Exit.INPUT
    assert option in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize(("words", "option"), OUTPUTS)
def test_no_answer_is_written_over_a_document_or_another_ledger(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], option: str
) -> None:
    """The document asked about is an input, and the ledger of the neighbours is nobody's to replace."""
    document, other = tmp_path / "events.json", tmp_path / "other.db"
    document.write_text(json.dumps(EVENTS))
    open_store(other, create=True)
    for target, said in ((document, "an input of this command"), (other, "a ledger")):
        before = target.read_bytes()
        assert main([words[0], str(document), *words[1:], option, str(target)]) == Exit.INPUT
        assert said in capsys.readouterr().err
        assert target.read_bytes() == before
    prices = tmp_path / "prices.csv"
    prices.write_text("symbol,price\nX,10\nY,10\n")
    assert main(["lots", str(document), "--prices", str(prices), "--csv", str(prices)]) == Exit.INPUT


def test_audit_is_clean_or_says_what_is_wrong_and_ends_with_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A script that runs the audit every night looks at the exit code."""
    path = tmp_path / "events.json"
    path.write_text(json.dumps(EVENTS), encoding="utf-8")
    assert "every statement holds" in asked(capsys, "audit", path)
    wrong = {"event": "stated_shares", "date": "2026-07-01", "account_id": "joint", "symbol": "Y", "shares": 41}
    path.write_text(json.dumps({**EVENTS, "events": [*EVENTS["events"], wrong]}), encoding="utf-8")
    assert main(["audit", str(path), "--json"]) == Exit.INPUT
    found = json.loads(capsys.readouterr().out)
    assert not found["is_clean"]
    assert "says 41 for Y shares" in found["findings"][0]["message"]


@pytest.mark.parametrize("command", ["replay", "wash", "lots", "audit"])
def test_a_place_with_nothing_in_it_is_a_fault_of_the_input(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each message names the place and what would be right."""
    for place in (tmp_path, tmp_path / "missing", tmp_path / "missing.json"):
        assert main([command, str(place)]) == Exit.INPUT
        assert str(place) in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "line 1"),
        ("[]", "document"),
        ('{"accounts": [], "events": [{"event": "fly"}]}', "fly"),
        ('{"accounts": [], "events": [{"event": "open_cash", "date": "2026-01-01", "account_id": "x", "amount": NaN}]}', "nan"),
        (
            '{"accounts": [], "events": [{"event": "open_cash", "date": "2026-01-01", "account_id": "x", "amount": 1e99}]}',
            "1E+99",
        ),
        ("[" * 100_000, "nested"),
    ],
)
def test_a_document_that_is_none_is_refused_in_words(
    text: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An outsider's generator makes every mistake there is."""
    path = tmp_path / "bad.json"
    path.write_text(text, encoding="utf-8")
    assert main(["replay", str(path), "--json"]) == Exit.INPUT
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("words", [["replay"], ["form8949", "--year", "2026"], ["form8949", "--year", "2026", "--csv", "-"]])
def test_a_reader_who_has_seen_enough_is_no_fault(tmp_path: Path, words: list[str]) -> None:
    """`| head -1` closes the pipe; the command ends as if all had been read."""
    document = tmp_path / "events.json"
    document.write_text(json.dumps(EVENTS))
    reading, writing = os.pipe()
    os.close(reading)
    call = f"import sys; from optimizer.cli import main; sys.exit(main({[words[0], str(document), *words[1:]]!r}))"
    ended = subprocess.run([sys.executable, "-c", call], stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (Exit.DONE, b"")
