"""The commands of narrower questions, as a person types them."""

import json
from pathlib import Path

import pytest

from optimizer.cli import Exit, main

FOLDER = Path(__file__).resolve().parents[3] / "examples" / "year_end"


def test_donate_answers_in_the_folder_itself(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder may be left out where one stands in it."""
    monkeypatch.chdir(FOLDER)
    assert main(["donate", "15000"]) == Exit.DONE
    page = " ".join(capsys.readouterr().out.split())
    assert "Give XLK bought 2017-03-14 ($15,000)." in page
    assert "donate, $1,077 over hold" in page


def test_donate_writes_the_answer_and_the_question(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The question that was really asked can be solved again to the same plan."""
    files = [tmp_path / name for name in ("answer.json", "trades.csv", "problem.json", "plan.json")]
    words = ["donate", "15000", str(FOLDER), "--json", str(files[0]), "--trades", str(files[1]), "--problem", str(files[2])]
    assert main(words) == Exit.DONE
    assert main(["solve", str(files[2]), "--no-compare", "-o", str(files[3])]) == Exit.DONE
    answer = json.loads(files[0].read_text())
    assert answer["plan"] == json.loads(files[3].read_text())
    assert "GIVE" in files[1].read_text()


def test_withdraw_says_what_is_left_after_tax(capsys: pytest.CaptureFixture[str]) -> None:
    """The first lines answer: from where, what it adds to the tax, what is left, and the next best source."""
    assert main(["withdraw", "40000", str(FOLDER), "--net"]) == Exit.DONE
    page = capsys.readouterr().out
    assert "before tax is $40,000.0" in page
    assert ", from her-roth, it would cost" in page


def test_invest_answers_once_and_along_a_schedule(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One payment says what to buy; every month says after how many payments, as a page or as a document."""
    monkeypatch.chdir(FOLDER)
    assert main(["invest", "5000", "--into", "joint"]) == Exit.DONE
    assert "of VDE in joint." in " ".join(capsys.readouterr().out.split())
    words = ["invest", "5000", "--into", "joint", "--every", "month", "--for", "2"]
    assert main(words) == Exit.DONE
    assert "It would take 77 at least" in " ".join(capsys.readouterr().out.split())
    assert main([*words, "--json", str(tmp_path / "walk.json")]) == Exit.DONE
    assert len(json.loads((tmp_path / "walk.json").read_text())["pay_days"]) == 2


def test_explain_wants_the_question_behind_the_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With its folder a plan is explained, as a page and as a document; with another question it is refused."""
    plan, other, told = (tmp_path / name for name in ("plan.json", "other.json", "told.json"))
    assert main(["plan", str(FOLDER), "--no-compare", "--json", str(plan), "--only", "donate"]) == Exit.DONE
    assert main(["explain", str(plan), str(FOLDER), "--json", str(told)]) == Exit.DONE
    assert "Give XLK 2017-03-14" in " ".join(capsys.readouterr().out.split())
    assert json.loads(told.read_text())["gifts"][0]["runner_up"] == "XLK bought 2017-12-13 in joint"
    assert main(["donate", "100", str(FOLDER), "--problem", str(other)]) == Exit.DONE
    assert main(["explain", str(plan), str(other)]) == Exit.INPUT
    assert "the question that the plan answers" in capsys.readouterr().err


def test_frontier_is_drawn_and_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A plot and a table for the eye, rows and a document for a program."""
    files = [tmp_path / "curve.json", tmp_path / "curve.csv"]
    assert main(["frontier", str(FOLDER), "--points", "3", "--json", str(files[0]), "--csv", str(files[1])]) == Exit.DONE
    assert "3 of 3 points are proven" in " ".join(capsys.readouterr().out.split())
    assert len(json.loads(files[0].read_text())["points"]) == 3
    assert files[1].read_text().splitlines()[0].startswith("limit,drift,net_gain,added_tax,cost")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["donate", "15,000", str(FOLDER)], "dollars above zero"),
        (["donate", "nan", str(FOLDER)], "dollars above zero"),
        (["donate", "100", str(FOLDER), "--from", "savings"], "one of joint, his-ira"),
        (["withdraw", "100", str(FOLDER), "--from", "401k"], "an account that allows withdrawals"),
        (["invest", "100", str(FOLDER), "--every", "day"], "one of week, two-weeks, month, quarter"),
        (["frontier", str(FOLDER), "--against", "tax"], "drift or gains"),
        (["plan", str(FOLDER), "--only", "gifts"], "one of cash, harvest, donate"),
    ],
)
def test_what_cannot_be_asked_is_told(words: list[str], expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Found and expected, at the word that is wrong."""
    assert main(words) == Exit.INPUT
    assert expected in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "where", "found"),
    [
        (["invest", "5000", "--for", "6"], "--for", "6 payments without --every"),
        (["invest", "scheduled", "--for", "6"], "--for", "beside 'scheduled'"),
        (["invest", "-5000"], "AMOUNT", "'-5000'"),
        (["withdraw", "-3.50"], "AMOUNT", "'-3.50'"),
        (["donate", "0"], "AMOUNT", "'0'"),
        (["donate", "1e3"], "AMOUNT", "'1e3'"),
        (["donate", "1,000"], "AMOUNT", "'1,000'"),
        (["invest", "5000", "--every", "month", "--for", "0"], "--for", "0"),
        (["frontier", "--points", "1"], "--points", "1"),
        (["invest", "5000", "--into", "401k"], "--into", "'401k', a 401k account without contribution_room"),
        (["withdraw", "5000", "--from", "401k"], "--from", "'401k', a 401k account that lets no money leave"),
        (["donate", "5000", "--from", "401k"], "--from", "'401k', a 401k account"),
    ],
)
def test_what_is_wrong_on_the_command_line_is_named_as_it_was_typed(
    words: list[str], where: str, found: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody who typed `--into` knows what `contributions/0/into/0` is, and an option without effect misleads."""
    assert main([*words, str(FOLDER)]) == Exit.INPUT
    told = capsys.readouterr()
    assert told.out == ""
    assert f"  {where}\n    found:    {found}\n" in told.err
