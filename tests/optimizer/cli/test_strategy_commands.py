"""`segments`, `targets` and `check` as somebody at a keyboard meets them."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest

from optimizer.cli import Exit, main
from tests.optimizer.targets.histories import invented


@pytest.fixture
def sliced(tmp_path: Path) -> Path:
    """The starter household."""
    assert main(["init", str(tmp_path / "h"), "--on", "2026-06-30"]) == Exit.DONE
    return tmp_path / "h"


@pytest.fixture
def prices(tmp_path: Path) -> Path:
    """Eleven years of months for the funds of the sectors and of the starter, up to June 2026."""
    funds = ["XLK", "XLF", "XLY", "XLV", "XLC", "XLI", "XLP", "XLE", "XLU", "XLRE", "XLB"]
    symbols = [*funds, "VGT", "VFH", "VCR", "VHT", "VOX", "VIS", "VDC", "VDE", "VPU", "VNQ", "VAW", "VTI", "VXUS", "BND"]
    months = np.arange(np.datetime64("2015-07"), np.datetime64("2026-07"))
    days = (months + 1).astype("datetime64[D]") - 1
    series = np.column_stack([invented(seed, 2, len(days)).adjusted[:, 0] for seed in range(len(symbols))])
    path = tmp_path / "history.csv"
    rows = [f"{day}," + ",".join(f"{price:.4f}" for price in row) for day, row in zip(days, series, strict=True)]
    path.write_text("\n".join([",".join(["date", *symbols]), *rows]), "utf-8")
    return path


def printed(capsys: pytest.CaptureFixture[str], *words: str, expected: int = 0) -> str:
    """What a command prints."""
    capsys.readouterr()
    assert main(list(words)) == expected
    return capsys.readouterr().out


def test_a_stranger_slices_scores_follows_and_checks(sliced: Path, prices: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The whole circle: a scheme into the starter, its score, its targets through time, a look, and a plan."""
    out = printed(capsys, "segments", "write", "us-sectors", str(sliced), "--under", "us", "--prices", str(prices))
    assert "us has 11 parts now" in out
    assert "VTI and ITOT" in out
    assert "still needs" not in out
    assert (sliced / "household.toml.before-us").is_file()

    score = json.loads(printed(capsys, "segments", "score", str(sliced), "--prices", str(prices), "--json"))
    assert {each["segment"] for each in score["segments"]} >= {"technology", "bonds", "international"}
    assert sum(each["weight"] for each in score["segments"]) == pytest.approx(1)

    text = printed(capsys, "targets", str(sliced), "--prices", str(prices), "--policy", "trend", "-o", "cap_pct=20", "--csv", "-")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[-1]["date"] == "2026-06-30"
    stocks = sum(float(value) for name, value in rows[-1].items() if name not in ("date", "bonds"))
    assert stocks == pytest.approx(0.7, abs=1e-6)

    look = json.loads(printed(capsys, "check", str(sliced), "--prices", str(prices), "--json", expected=Exit.OUTSIDE))
    assert look["outside"]
    assert all(each["since"] for each in look["segments"] if each["standing"] != "inside")
    assert look["next_look"] == "2026-06-30"
    page = printed(capsys, "check", str(sliced), expected=Exit.OUTSIDE)
    assert "outside: `bandwise plan` says what to do" in page
    assert "Since when is not known" in page
    printed(capsys, "plan", str(sliced), "--no-compare")


def test_check_ends_with_0_inside_and_with_10_outside(smallest: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What a scheduled job asks; the second household has its bond band moved past today's weight."""
    toml = (smallest / "household.toml").read_text("utf-8")
    wide = toml.replace("band_pct = 10", "band_pct = 60").replace("long_term_pct = 15", "long_term_pct = 15")
    (smallest / "household.toml").write_text(wide + '\n[watch]\nlook = "quarter"\n', "utf-8")
    page = " ".join(printed(capsys, "check", str(smallest)).split())
    assert "All 2 segments with a band are inside it." in page
    assert "Next date worth looking: 31 December 2026 (look every quarter, act when outside)." in page
    narrow = wide.replace("band_pct = 60", "band_pct = 0.001")
    (smallest / "household.toml").write_text(narrow, "utf-8")
    printed(capsys, "check", str(smallest), expected=Exit.OUTSIDE)
    always = wide + '\n[watch]\nlook = [2026-11-20]\nact = "always"\n'
    (smallest / "household.toml").write_text(always, "utf-8")
    assert "the calendar alone calls for trades" in printed(capsys, "check", str(smallest), expected=Exit.OUTSIDE)


def test_a_policy_of_ones_own_is_a_class_in_a_file(
    sliced: Path, prices: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ten lines, named on the command line and nowhere else."""
    own = tmp_path / "loudest.py"
    own.write_text(
        "from dataclasses import dataclass\nimport numpy as np\nfrom optimizer.targets.policy import Policy\n\n"
        "@dataclass(frozen=True)\nclass Loudest(Policy):\n    months: int = 12\n\n"
        "    @property\n    def months_needed(self):\n        return self.months\n\n"
        "    def weights(self, known, previous):\n"
        "        rise = known.prices[-1] / known.prices[-1 - self.months]\n"
        "        return (rise == np.nanmax(rise)).astype(float)\n",
        "utf-8",
    )
    words = ("targets", str(sliced), "--prices", str(prices), "--policy", f"{own}:Loudest", "-o", "months=6", "--json")
    (stocks,) = json.loads(printed(capsys, *words))["classes"]
    assert stocks["segments"] == ["us", "international"]
    assert all(sorted(row) == [0, pytest.approx(0.7)] for row in stocks["weights"])


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("return np.full(len(known.segments), 2.0)", "that are below zero or do not add up to one"),
        (
            "return known.no_such_thing",
            "with AttributeError: 'Known' object has no attribute 'no_such_thing' (broken.py, line 7)",
        ),
    ],
)
def test_a_broken_policy_of_ones_own_is_the_users_to_mend(
    sliced: Path, prices: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], body: str, told: str
) -> None:
    """No fault of the program: file, class and day are named."""
    own = tmp_path / "broken.py"
    own.write_text(
        "import numpy as np\nfrom optimizer.targets.policy import Policy\n\n\nclass Broken(Policy):\n"
        f"    def weights(self, known, previous):\n        {body}\n",
        "utf-8",
    )
    capsys.readouterr()
    assert main(["targets", str(sliced), "--prices", str(prices), "--policy", f"{own}:Broken"]) == Exit.INPUT
    error = capsys.readouterr().err
    assert str(own) in error
    assert "Broken" in error
    assert "on 2015-07-31" in error
    assert told in error


def test_old_prices_do_not_go_into_a_household(sliced: Path, prices: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is traded at prices two months old; the household stays what it was."""
    before = (sliced / "prices.csv").read_text("utf-8")
    lines = prices.read_text("utf-8").split("\n")
    prices.write_text("\n".join(lines[:-2]), "utf-8")
    capsys.readouterr()
    words = ["segments", "write", "us-sectors", str(sliced), "--under", "us", "--prices", str(prices)]
    assert main(words) == Exit.INPUT
    assert "of 2026-04-30, 61 days old" in capsys.readouterr().err
    assert (sliced / "prices.csv").read_text("utf-8") == before


def test_every_policy_is_listed_with_its_options(capsys: pytest.CaptureFixture[str]) -> None:
    """As they are written, with what they are when left out."""
    page = printed(capsys, "targets", "--policies")
    assert "trend: months = 10 (months, 2 to 1200); floor_pct = 0 (% of the class); cap_pct = 100 (% of the class)" in page


def test_schemes_are_listed_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """Before anything of one's own is written."""
    schemes = json.loads(printed(capsys, "segments", "list", "--json"))["schemes"]
    assert {"us-sectors", "world-regions", "countries", "style-size", "value-growth"} <= {each["scheme"] for each in schemes}
    page = printed(capsys, "segments", "show", "bond-maturity")
    assert "VGLT" in page
    assert "As of 2025-03" in page


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("segments", "show", "sectors"), "no scheme 'sectors'"),
        (("segments", "write", "us-sectors", "{h}", "--under", "stocks"), "a segment of household.toml that states its target"),
        (("segments", "write", "bond-maturity", "{h}", "--under", "bonds"), "BND, which is all of bonds"),
        (("targets", "{h}"), "no policy"),
        (("targets", "{h}", "--prices", "{p}", "--policy", "trend", "-o", "cap_pct=5"), "cap_pct = 5"),
        (("targets", "{h}", "--prices", "{p}", "--policy", "trend", "-o", "caps=5"), "one of months, floor_pct, cap_pct"),
        (("targets", "{h}", "--policy", "equal"), "no prices through time"),
        (("targets", "{h}", "--policy", "equal", "--prices", "{p}", "--every", "week"), "'week'"),
        (("targets", "{h}", "--policy", "equal", "--prices", "{p}", "-o", "months"), "'months'"),
        (("targets", "{h}", "--policy", "slow-market", "--prices", "{p}"), "no market weights"),
        (("check", "{h}", "--prices", "{h}/lots.csv"), "a header with the column date first"),
    ],
)
def test_what_cannot_be_done_is_told_and_nothing_is_written(
    sliced: Path, prices: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], told: str
) -> None:
    """Exit code 2, the reason, and the household as it was."""
    before = (sliced / "household.toml").read_text("utf-8")
    assert main([word.format(h=sliced, p=prices) for word in words]) == Exit.INPUT
    assert told in capsys.readouterr().err
    assert (sliced / "household.toml").read_text("utf-8") == before
