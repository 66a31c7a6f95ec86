"""`bandwise plan` and `bandwise solve` on the README's smallest household: page, documents, ticket, levers, exit codes."""

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from optimizer.cli import Exit, main
from optimizer.plan import Plan
from optimizer.problem import Lever, Problem

BANDWISE = "import sys; from optimizer.cli import main; sys.exit(main())"


def add(folder: Path, text: str) -> None:
    """Write more into the household."""
    path = folder / "household.toml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{text}\n", encoding="utf-8")


def test_the_readmes_household_gets_a_page_without_colours(smallest: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The page's smallest household is what a reader tries after the example; into a pipe it comes as plain text."""
    assert main(["plan", str(smallest)]) == Exit.DONE
    shown = capsys.readouterr()
    assert "the plan brings all of them back" in shown.out
    assert "Certificate" in shown.out
    assert "not tax advice" in shown.out
    assert "\x1b" not in shown.out
    assert shown.err == ""


def test_the_documents_of_one_run_belong_together(smallest: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The plan names the question it answers, and the ticket holds the plan's trades."""
    files = {name: tmp_path / name for name in ("plan.json", "trades.csv", "problem.json")}
    words = ["--json", str(files["plan.json"]), "--trades", str(files["trades.csv"]), "--problem", str(files["problem.json"])]
    assert main(["plan", str(smallest), "--no-compare", *words]) == Exit.DONE
    plan = Plan.from_json(files["plan.json"].read_text(encoding="utf-8"))
    problem = Problem.from_json(files["problem.json"].read_text(encoding="utf-8"))
    ticket = list(csv.DictReader(io.StringIO(files["trades.csv"].read_text(encoding="utf-8"))))
    assert plan.problem == problem.digest()
    assert plan.comparison is None
    assert len(ticket) == len(plan.sales) + len(plan.gifts) + len(plan.buys) > 0
    said = capsys.readouterr().out
    assert [path for path in files.values() if f"Wrote {path}." not in said] == []


def test_solve_gives_the_plan_that_plan_gives(smallest: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The bare documents are the whole interface: a folder adds nothing that the problem does not hold."""
    question, whole, bare = (tmp_path / name for name in ("problem.json", "whole.json", "bare.json"))
    assert main(["plan", str(smallest), "--no-compare", "--problem", str(question), "--json", str(whole)]) == Exit.DONE
    assert main(["solve", str(question), "-o", str(bare), "--no-compare"]) == Exit.DONE
    assert bare.read_text(encoding="utf-8") == whole.read_text(encoding="utf-8")
    capsys.readouterr()
    assert main(["solve", str(question), "--no-compare"]) == Exit.DONE
    assert capsys.readouterr().out == whole.read_text(encoding="utf-8")


def test_a_dash_prints_the_plan_alone(smallest: Path) -> None:
    """A program that reads our output must find the document and nothing else."""
    words = [sys.executable, "-c", BANDWISE, "plan", str(smallest), "--no-compare", "--json", "-"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (Exit.DONE, "")
    assert json.loads(done.stdout)["format"] == "bandwise.plan/1"


def test_a_lever_switched_off_is_off(smallest: Path, tmp_path: Path) -> None:
    """What the plan could not use must not be in it, nor in its ladder."""
    answer = tmp_path / "plan.json"
    words = ["--without", "location", "--without", "harvesting", "--json", str(answer)]
    assert main(["plan", str(smallest), *words]) == Exit.DONE
    plan = Plan.from_json(answer.read_text(encoding="utf-8"))
    left = tuple(lever for lever in Lever if lever not in (Lever.LOCATION, Lever.HARVESTING))
    assert plan.levers == left
    assert plan.comparison is not None
    assert tuple(row.lever for row in plan.comparison.ladder) == (None, *left)


def test_faults_in_the_household_end_with_two_and_write_nothing(
    smallest: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two mistakes in two files are told together, each at its line, and no old plan is replaced."""
    answer = tmp_path / "plan.json"
    answer.write_text("old", encoding="utf-8")
    (smallest / "prices.csv").write_text("symbol,price\nVTI,338.14\n", encoding="utf-8")
    add(smallest, "[accounts.spare]\nkind = 'piggy bank'")
    assert main(["plan", str(smallest), "--json", str(answer)]) == Exit.INPUT
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "BND" in shown.err
    assert "piggy bank" in shown.err
    assert "Traceback" not in shown.err
    assert answer.read_text(encoding="utf-8") == "old"


def test_orders_that_contradict_each_other_end_with_three(smallest: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """More money out than there is has no plan; the user learns which order to change."""
    add(smallest, '[[withdrawals]]\namount = 5_000_000\nfrom = ["broker"]')
    assert main(["plan", str(smallest)]) == Exit.CONTRADICTION
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "5,000,000" in shown.err
    assert "Traceback" not in shown.err


def test_a_household_begun_with_init_can_be_planned(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The template is the first thing a user edits; it has to work before they do."""
    folder = tmp_path / "mine"
    assert main(["init", str(folder), "--on", "2026-11-22"]) == Exit.DONE
    assert "as of 2026-11-22." in capsys.readouterr().out
    assert main(["init", str(folder), "--on", "2026-11-22"]) == Exit.INPUT
    assert main(["plan", str(folder), "--no-compare"]) == Exit.DONE
    assert "Certificate" in capsys.readouterr().out


def test_init_says_when_the_law_of_today_is_not_on_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Otherwise the reader wonders where the date comes from."""
    assert main(["init", str(tmp_path / "mine"), "--on", "2199-05-06"]) == Exit.DONE
    assert re.search(r"as of \d{4}-12-31, the last day before 2199-05-06 whose tax law is on file", capsys.readouterr().out)


def test_a_kind_of_trade_without_its_lever_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """Harvesting cannot be the only thing asked for and switched off."""
    assert main(["plan", "examples/year_end", "--only", "harvest", "--without", "harvesting"]) == Exit.INPUT
    assert "--without harvesting beside --only harvest" in capsys.readouterr().err
