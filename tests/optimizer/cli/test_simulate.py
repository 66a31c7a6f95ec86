"""`bandwise simulate` on small questions: what it prints, writes and refuses."""

import csv
import io
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from optimizer.cli import Exit, main
from optimizer.simulate.document import Simulation
from optimizer.simulate.history import windows_of
from optimizer.simulate.markets import made_up_sectors

FOLDER = Path(__file__).resolve().parents[3] / "examples" / "year_end"
SMALL = ["simulate", "--paths", "12", "--years", "6", "--policy", "yearly", "--policy", "bands-edge", "--processes", "1"]


def write_prices(folder: Path, holes: bool = False) -> Path:
    """Ten years of month ends of three funds, the third of them younger by two years."""
    paths = made_up_sectors(9, 3).paths(0, 1, 120)
    level = 50 * np.cumprod(1 + paths.price[0], axis=0)
    lines = ["date,AAA,BBB,CCC"]
    for t, day in enumerate(paths.clock.days[1:]):
        cells = [f"{price:.4f}" for price in level[t]]
        cells[2] = "" if t < 24 or (holes and t == 50) else cells[2]
        lines.append(",".join([day.isoformat(), *cells]))
    target = folder / "prices.csv"
    target.write_text("\n".join(lines) + "\n")
    return target


def test_the_page_opens_with_a_verdict_and_says_the_market_is_made_up(capsys: pytest.CaptureFixture[str]) -> None:
    """Somebody who reads three lines knows whether it paid, and that nobody's market was seen."""
    assert main(SMALL) == 0
    page = " ".join(capsys.readouterr().out.split())
    assert "It did not pay here" in page or "It paid here" in page or "not settled" in page
    assert "a made-up market" in page
    assert "rebalancing return" in page
    assert "diversification return" in page


def test_the_document_and_the_table_say_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The table is for spreadsheets; every number of it is in the document, which reads back."""
    document, table = tmp_path / "a.json", tmp_path / "a.csv"
    assert main([*SMALL, "--json", str(document), "--csv", str(table)]) == 0
    simulation = Simulation.from_json(document.read_text())
    rows = list(csv.DictReader(io.StringIO(table.read_text())))
    assert [float(row["median"]) for row in rows] == [float(row.median) for row in simulation.premiums]
    assert [row.policy for row in simulation.policies] == ["hold", "yearly", "bands-edge"]
    assert main([*SMALL, "--json", str(tmp_path / "b.json"), "--processes", "2"]) == 0
    assert (tmp_path / "b.json").read_text() == document.read_text()
    capsys.readouterr()


def test_own_prices_begin_where_all_funds_have_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What a policy would have earned before a fund existed is never shown."""
    prices = write_prices(tmp_path)
    assert main(["simulate", "--prices", str(prices), "--policy", "bands-edge", "--json", "-"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["first_day"] == "2029-01-31"
    assert said["last_day"] == "2036-12-31"
    assert {row["years"] for row in said["premiums"]} == {1, 5}


def test_a_hole_in_the_prices_is_told_and_never_filled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A month without a price is a fault with its month and its fund."""
    assert main(["simulate", "--prices", str(write_prices(tmp_path, holes=True))]) == 2
    told = capsys.readouterr().err
    assert "CCC" in told
    assert "2031-03" in told


def test_every_option_that_cannot_be_is_told_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    """Three wrong words, three faults, nothing run."""
    assert main(["simulate", "--market", "moon", "--lever", "luck", "--long-term-pct", "50"]) == 2
    told = capsys.readouterr().err
    assert all(word in told for word in ("'moon'", "'luck'", "--long-term-pct"))
    assert main(["simulate", "--policy", "sometimes", "--policy", "bands-edge:0"]) == 2
    told = capsys.readouterr().err
    assert all(word in told for word in ("'sometimes'", "'bands-edge:0'"))


def test_windows_of_different_years_run_together_as_they_would_alone() -> None:
    """A window is the stretch of the history it names, and its first day is the end of the month asked for."""
    paths = made_up_sectors(2, 3).paths(0, 1, 60)
    windows = windows_of(paths, 24, 12)
    assert windows is not None
    assert windows.n_paths == 4
    assert np.array_equal(windows.price[2], paths.price[0, 24:48])
    assert windows_of(paths, 61, 12) is None


@pytest.mark.parametrize("option", ["--paths", "--years"])
def test_options_of_drawn_paths_are_refused_beside_a_history(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever asks for 500 paths of a history and gets its one would take the figures for another question's."""
    prices = tmp_path / "prices.csv"
    prices.write_text("date,A,B\n2020-01-31,1,1\n")
    for market in (["--prices", str(prices)], [str(FOLDER), "--prices", str(prices)]):
        assert main(["simulate", *market, option, "5"]) == Exit.INPUT
        told = capsys.readouterr().err
        assert option in told
        assert "beside a history that is taken as it is" in told


def test_ctrl_c_before_anything_is_finished_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Silence would leave open whether something was written."""

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sys.modules["optimizer.cli.simulate"], "account_found", stopped)
    assert main(["simulate"]) != Exit.DONE
    assert "Stopped before anything was finished; nothing was written." in capsys.readouterr().err
