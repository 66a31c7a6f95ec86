"""`--time-limit` as a person meets it: a plan with its gap, or a plain word that there is none."""

import json
from pathlib import Path

import pytest

from optimizer.cli import Exit, main
from tests.large_households import large_household

EXAMPLE = Path(__file__).parents[3] / "examples" / "year_end"


@pytest.mark.parametrize("command", ["plan", "year-end"])
def test_no_plan_in_time_is_said_plainly(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is neither a fault of the program nor a contradiction, so it has an exit code of its own, and nothing is written."""
    target = tmp_path / "plan.json"
    assert main([command, str(EXAMPLE), "--time-limit", "0.000001", "--json", str(target)]) == Exit.TIME
    assert "no plan was found within the 1e-06 seconds allowed, and nothing was written" in capsys.readouterr().err
    assert not target.exists()


@pytest.mark.parametrize("word", ["0", "-1", "nan", "inf"])
def test_a_limit_that_is_no_time_is_refused(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A limit of nothing would find nothing."""
    assert main(["plan", str(EXAMPLE), "--time-limit", word]) == Exit.INPUT
    assert "seconds above zero" in capsys.readouterr().err


def test_a_limit_beside_an_explanation_or_a_finished_plan_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Prices of wishes are true of a proven plan alone, and a plan that is made is not searched for."""
    assert main(["plan", str(EXAMPLE), "--time-limit", "5", "--explain"]) == Exit.INPUT
    made = tmp_path / "plan.json"
    assert main(["plan", str(EXAMPLE), "--no-compare", "--json", str(made)]) == Exit.DONE
    capsys.readouterr()
    assert main(["report", str(made), "-o", str(tmp_path / "page.html"), "--time-limit", "5"]) == Exit.INPUT
    assert "a plan that is made already" in capsys.readouterr().err


def test_a_search_cut_short_states_its_gap_in_document_and_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever reads the page learns that time was up and how much a better plan could save at most."""
    question, answer, page = tmp_path / "question.json", tmp_path / "plan.json", tmp_path / "page.html"
    question.write_text(large_household(600).to_json())
    assert main(["solve", str(question), "-o", str(answer), "--time-limit", "0.1"]) == Exit.DONE
    proof = json.loads(answer.read_text())["certificate"]
    assert (proof["status"], proof["ended_by"], float(proof["time_limit"])) == ("gap", "time", 0.1)
    assert float(proof["gap"]) > 1
    assert json.loads(answer.read_text())["comparison"] is None
    assert main(["report", str(answer), "--problem", str(question), "-o", str(page), "--no-charts"]) == Exit.DONE
    text = page.read_text()
    assert "The search was stopped when its time of 0.1 s was up" in text
    assert f"another plan could save at most ${float(proof['gap']):,.2f} more" in text
    assert "What each lever saved is left out" in text
    assert "is proven" not in text
    capsys.readouterr()
