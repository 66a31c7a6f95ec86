"""Known questions: small runs of them, and what must come out whatever the market does."""

import json

import pytest

from optimizer.cli import main
from optimizer.simulate.document import PremiumRow
from optimizer.simulate.studies import inquiries, run_study
from optimizer.simulate.verdict import verdict_of

BY_NAME = {each.name: each for each in inquiries()}


def test_fixed_targets_pour_money_into_a_dying_segment_and_trends_stop() -> None:
    """Fixed targets end far behind doing nothing, and following the trend loses much less of it."""
    study = run_study(BY_NAME["dying-segment"], n_paths=24, seed=3)
    ahead = {row.name: row.before for row in study.rows}
    assert ahead["hold"] == 0
    assert ahead["yearly"] < -100
    assert ahead["trend/yearly"] > ahead["yearly"] + 50


def test_harvesting_adds_after_tax_and_not_before() -> None:
    """Losses taken early are worth something, and the wash-sale rule costs nothing where second choices move alike."""
    rows = {row.name: row for row in run_study(BY_NAME["harvest"], n_paths=12, seed=3).rows}
    kept, unwashed = rows["hold, harvested into second choices"], rows["hold, harvested as if there were no wash-sale rule"]
    assert kept.yearly > 0
    assert kept.before <= 0
    assert abs(kept.yearly - unwashed.yearly) < 3


def test_the_list_names_every_question_and_a_wrong_name_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Who does not know the names gets them."""
    assert main(["study", "list"]) == 0
    said = capsys.readouterr().out
    assert all(name in said for name in BY_NAME)
    assert main(["study", "moon"]) == 2
    assert "destination" in capsys.readouterr().err


def test_a_study_of_the_industries_is_a_document(capsys: pytest.CaptureFixture[str]) -> None:
    """The question that needs the extra, as JSON."""
    pytest.importorskip("linearmodels", reason="the twelve industries come with the extra `study`")
    assert main(["study", "destination", "--json", "-", "--processes", "1"]) == 0
    said = json.loads(capsys.readouterr().out)
    after = {row["name"]: row["after"] for row in said["rows"]}
    turnover = {row["name"]: row["turnover"] for row in said["rows"]}
    assert said["windows"] == 117
    assert after["bands-edge"] > after["bands-all"]
    assert turnover["bands-edge"] < turnover["bands-all"] / 2


@pytest.mark.parametrize(
    ("median", "sure_low", "windows", "words"),
    [(12, 3, 50, "It paid here"), (12, -3, 50, "not settled"), (-1, -9, 50, "It did not pay here"), (12, 3, 4, "Too few")],
)
def test_the_verdict_follows_the_numbers(median: int, sure_low: int, windows: int, words: str) -> None:
    """A verdict claims no more than the windows carry."""
    row = {"policy": "p", "against": "buy-and-hold", "years": 10, "windows": windows, "low": -50, "high": 60, "positive": 0.5}
    rows = [
        PremiumRow.from_parts({**row, "measure": measure, "median": median, "sure_low": sure_low, "sure_high": 20})
        for measure in ("before tax", "after tax and sale")
    ]
    assert words in verdict_of(rows, "p", is_taxed=True, are_drawn=False)[0]
