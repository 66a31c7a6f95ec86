"""`bandwise report`: files by their ending, the plan's question checked, nothing half-written."""

import json
from pathlib import Path

import pytest

from optimizer.cli import main
from tests.optimizer.report.planned import EXAMPLE, example


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The example's plan and question as files."""
    folder = tmp_path_factory.mktemp("documents")
    plan, problem = example()
    (folder / "plan.json").write_text(plan.to_json(), encoding="utf-8")
    (folder / "problem.json").write_text(problem.to_json(), encoding="utf-8")
    return folder / "plan.json", folder / "problem.json"


def test_a_plan_and_its_question_make_every_file(documents: tuple[Path, Path], tmp_path: Path) -> None:
    """One call writes what the evening needs."""
    plan, problem = documents
    files = {name: tmp_path / name for name in ("plan.html", "plan.xlsx", "trades.csv", "gift.txt")}
    code = main(
        [
            *("report", str(plan), "--problem", str(problem), "-o", str(files["plan.html"]), "-o", str(files["plan.xlsx"])),
            *("--trades", str(files["trades.csv"]), "--shape", "ibkr", "--letter", str(files["gift.txt"])),
        ]
    )
    assert code == 0
    assert "Lot map" in files["plan.html"].read_text(encoding="utf-8")
    assert files["plan.xlsx"].read_bytes().startswith(b"PK")
    assert files["trades.csv"].read_text(encoding="utf-8").startswith("Action,Quantity,Symbol")
    assert "Deliver exactly these lots" in files["gift.txt"].read_text(encoding="utf-8")


def test_a_report_can_explain_where_it_makes_the_plan(
    documents: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A finished plan without its explanation is refused with the way to get one."""
    page = tmp_path / "plan.html"
    assert main(["report", str(documents[0]), "--explain", "-o", str(page)]) == 2
    assert "one that was" in " ".join(capsys.readouterr().err.split())
    assert main(["report", str(EXAMPLE.parent / "sell_or_donate"), "--explain", "--no-charts", "-o", str(page)]) == 0
    assert "the next best one" in page.read_text(encoding="utf-8")


def test_the_folder_is_the_question_too(documents: tuple[Path, Path], tmp_path: Path) -> None:
    """Who kept no problem file still has the household's folder."""
    page = tmp_path / "plan.html"
    assert main(["report", str(documents[0]), "--problem", str(EXAMPLE), "--no-charts", "-o", str(page)]) == 0
    assert "Lot map" in page.read_text(encoding="utf-8")


def test_another_question_is_refused(documents: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Lots of one day beside trades of another would look right and be wrong."""
    other = json.loads(documents[1].read_text(encoding="utf-8"))
    other["household"] = "Somebody else"
    (tmp_path / "other.json").write_text(json.dumps(other), encoding="utf-8")
    page = tmp_path / "plan.html"
    assert main(["report", str(documents[0]), "--problem", str(tmp_path / "other.json"), "-o", str(page)]) == 2
    assert "the question that the plan answers" in capsys.readouterr().err
    assert not page.exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["-o", "plan.pdf"], "ends in .html or .xlsx"),
        ([], "a file to write"),
        (["--trades", "t.csv", "--shape", "etrade"], "one of own, json, wealthscape, ibkr, schwab"),
        (["-o", "missing/plan.html"], "a file in a folder that exists"),
        (["-o", "a.html", "--letter", "a.html"], "a file of its own"),
    ],
)
def test_a_wrong_word_is_told_before_any_work(
    words: list[str],
    told: str,
    documents: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The place, what was found, what would be right."""
    monkeypatch.chdir(tmp_path)
    assert main(["report", str(documents[0]), *words]) == 2
    assert told in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_plan_writes_the_page_at_once(tmp_path: Path) -> None:
    """The shortcut from the folder to the page."""
    page = tmp_path / "plan.html"
    assert main(["plan", str(EXAMPLE), "--no-compare", "--report", str(page)]) == 0
    assert "Where things are held" in page.read_text(encoding="utf-8")
