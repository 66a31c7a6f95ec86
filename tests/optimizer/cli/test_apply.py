"""`bandwise apply`: what was executed goes into the ledger, and what differs from the plan is told."""

import csv
import json
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from lots.ledger.store import open_store
from optimizer.cli import Exit, main
from optimizer.household import write_template

Rows = list[dict[str, str]]
LOTS = """account,symbol,acquired,quantity,cost_basis
joint,VTI,2019-03-14,230,32890.00
joint,VTI,2026-02-03,40,12480.00
joint,VXUS,2021-09-20,400,26400.00
joint,VXUS,2026-01-12,60,4380.00
joint,BND,2020-08-05,300,26700.00
"""


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A household with a ledger, its plan as plan.json and its ticket as ticket.csv."""
    folder = tmp_path_factory.mktemp("planned")
    write_template(folder / "home")
    (folder / "home" / "lots.csv").unlink()
    (folder / "lots.csv").write_text(LOTS)
    assert main(["import", str(folder / "lots.csv"), "--into", str(folder / "home")]) == Exit.DONE
    words = ["--no-compare", "--json", str(folder / "plan.json"), "--trades", str(folder / "ticket.csv")]
    assert main(["plan", str(folder / "home"), *words]) == Exit.DONE
    return folder


@pytest.fixture
def home(planned: Path, tmp_path: Path) -> Path:
    """A copy that a test may trade in."""
    return Path(shutil.copytree(planned, tmp_path / "copy"))


def ticket(home: Path) -> Rows:
    """The ticket's rows, as fills at the estimated amounts."""
    with (home / "ticket.csv").open(newline="") as file:
        rows = [dict(row) for row in csv.DictReader(file)]
    for row in rows:
        row["amount"] = row.pop("est_amount")
        row["date"] = "2026-12-15"
    return rows


def apply(home: Path, rows: Rows, *words: str) -> int:
    """Write the rows as fills.csv and apply them."""
    with (home / "fills.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, dict.fromkeys(name for row in rows for name in row))
        writer.writeheader()
        writer.writerows(rows)
    into = ["--fills", str(home / "fills.csv"), "--into", str(home / "home")]
    return main(["apply", str(home / "plan.json"), *into, *words])


def outcome(home: Path, rows: Rows, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    """What applying the rows says as a document."""
    capsys.readouterr()
    assert apply(home, rows, "--json") == Exit.DONE
    said = json.loads(capsys.readouterr().out)
    assert isinstance(said, dict)
    return said


def first(rows: Rows, action: str) -> dict[str, str]:
    """The first row of an action."""
    return next(row for row in rows if row["action"] == action)


def test_a_plan_carried_out_as_it_stands_gives_the_gain_the_plan_said(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The circle closes: import, plan, trade, apply; the ledger and the plan come to the same cent."""
    rows = ticket(home)
    said = outcome(home, rows, capsys)
    assert said["differences"] == []
    assert said["posted"] == said["as_planned"] == len(rows)
    assert Decimal(str(said["gain_done"])) == Decimal(str(said["gain_planned"])) != 0
    before = open_store(home / "home").history().book(date(2026, 12, 14)).open_lots
    after = open_store(home / "home").history().book().open_lots
    sold = {row["lot"]: Decimal(row["shares"]) for row in rows if row["action"] == "SELL"}
    assert {name: before[name].shares - (after[name].shares if name in after else 0) for name in sold} == sold


def test_after_a_plan_carried_out_as_ticketed_the_ledger_adds_up(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The cash that paid for it stood in household.toml alone; planning again with that cash is refused, not believed."""
    assert apply(home, ticket(home)) == Exit.DONE
    assert "now starts from what the plan began with" in capsys.readouterr().out
    assert main(["audit", str(home / "home")]) == Exit.DONE
    cash = open_store(home / "home").history().book().cash
    plan = json.loads((home / "plan.json").read_text())
    for row in plan["cash"]:
        assert abs(cash.get(row["account"], Decimal(0)) - Decimal(row["after"])) < 5, "the plan takes the cost of trading off"
    assert main(["plan", str(home / "home"), "--no-compare"]) == Exit.INPUT
    assert "or later, for else what is done would be planned again" in capsys.readouterr().err


def test_a_missing_file_of_fills_is_named(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody who has a plan wants a new household."""
    into = ["--fills", str(home / "nothing.csv"), "--into", str(home / "home")]
    assert main(["apply", str(home / "plan.json"), *into]) == Exit.INPUT
    said = capsys.readouterr().err
    assert str(home / "nothing.csv") in said
    assert "init" not in said


def test_applying_the_same_fills_again_changes_nothing(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody remembers whether they pressed enter; the answer is the same the second time."""
    first_time = outcome(home, ticket(home), capsys)
    writes = open_store(home / "home").writes()
    second_time = outcome(home, ticket(home), capsys)
    assert (second_time["posted"], second_time["known"]) == (0, first_time["posted"])
    assert second_time["gain_done"] == first_time["gain_done"]
    assert open_store(home / "home").writes() == writes


def test_every_way_to_differ_from_the_plan_is_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An order left undone, another price, fewer shares, and a trade nobody planned."""
    rows = ticket(home)
    sales = [row for row in rows if row["action"] == "SELL"]
    undone, cheaper, fewer = sales[0], first(rows, "BUY"), sales[1]
    rows.remove(undone)
    cheaper["amount"] = str(Decimal(cheaper["amount"]) - 5)
    fewer["shares"] = str(Decimal(fewer["shares"]) - 1)
    rows.append({"account": "joint", "action": "WITHDRAW", "amount": "77.00", "date": "2026-12-16"})
    said = outcome(home, rows, capsys)
    found = said["differences"]
    assert isinstance(found, list)
    kinds = {(each["action"], each["lot"] or each["symbol"]): each["kind"] for each in found}
    assert kinds == {
        ("SELL", undone["lot"]): "not done",
        ("BUY", cheaper["symbol"]): "other price",
        ("SELL", fewer["lot"]): "other number",
        ("WITHDRAW", ""): "not planned",
    }
    assert apply(home, rows) == Exit.DONE
    text = capsys.readouterr().out
    assert "not done; the plan was" in text
    assert "WITHDRAW: not in the plan; done was $77.00." in text


def test_a_broker_s_one_fill_for_several_lots_takes_the_lots_of_the_plan(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The confirmation says `sold 300 BND`; which lots they were is what the plan told the broker."""
    rows = ticket(home)
    same = [row for row in rows if (row["action"], row["account"], row["symbol"]) == ("SELL", "joint", "VXUS")]
    assert len(same) == 2
    total = {name: str(sum(Decimal(row[name]) for row in same)) for name in ("shares", "amount")}
    others = [row for row in rows if row not in same]
    assert outcome(home, [*others, {**same[0], **total, "lot": ""}], capsys)["differences"] == []
    short = {**same[0], **total, "lot": "", "shares": str(Decimal(total["shares"]) / 2), "date": "2026-12-17"}
    assert apply(home, [short]) == Exit.INPUT
    assert "One row a lot" in capsys.readouterr().err


def test_fees_are_in_the_basis_and_out_of_the_proceeds(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The amount is what went through the account; the fee is in it."""
    rows = ticket(home)
    buy, sell = first(rows, "BUY"), first(rows, "SELL")
    outcome(home, [{**buy, "fees": "1.50"}, {**sell, "fees": "2.25"}], capsys)
    book = open_store(home / "home").history().book()
    bought = [lot for lot in book.open_lots.values() if lot.acquired == date(2026, 12, 15)]
    assert [lot.cost_basis for lot in bought] == [Decimal(buy["amount"])]
    assert [each.proceeds for each in book.disposals] == [Decimal(sell["amount"])]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"shares": "many"}, "shares 'many'"),
        ({"amount": ""}, "an empty amount"),
        ({"action": "SHORT"}, "one of SELL, GIVE, BUY"),
        ({"date": "2026-12-01"}, "the day of the plan, or later"),
        ({"date": ""}, "give --on"),
        ({"lot": "nothing"}, "names lot 'nothing', which was not open"),
        ({"shares": "99999"}, "look for a missing purchase or transfer before that date"),
        ({"account": "attic"}, "account 'attic' is not among"),
    ],
)
def test_a_fill_that_cannot_be_keeps_all_of_them_out(
    home: Path, capsys: pytest.CaptureFixture[str], change: dict[str, str], message: str
) -> None:
    """Half a day of trading in the ledger would be worse than none; the row is named."""
    rows = ticket(home)
    first(rows, "SELL").update(change)
    before = open_store(home / "home").events()
    assert apply(home, rows) == Exit.INPUT
    said = capsys.readouterr().err
    assert message in said
    assert "fills.csv, " in said
    assert open_store(home / "home").events() == before


def test_an_estimate_is_no_fill(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A ticket handed back as it was says what was hoped, not what happened."""
    into = ["--fills", str(home / "ticket.csv"), "--into", str(home / "home")]
    assert main(["apply", str(home / "plan.json"), *into]) == Exit.INPUT
    assert "a header without amount" in capsys.readouterr().err


def test_without_a_ledger_the_user_is_told_how_to_make_one(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The fills of a household that only has lots.csv have nowhere to go."""
    (tmp_path / "empty").mkdir()
    shutil.copy(home / "ticket.csv", home / "fills.csv")
    (home / "fills.csv").write_text((home / "fills.csv").read_text().replace("est_amount", "amount", 1))
    into = ["--fills", str(home / "fills.csv"), "--into", str(tmp_path / "empty"), "--on", "2026-12-15"]
    assert main(["apply", str(home / "plan.json"), *into]) == Exit.INPUT
    assert "`bandwise import FILES --into DIR` makes one" in capsys.readouterr().err
