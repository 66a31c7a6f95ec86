"""A benchmark from CSV files is the benchmark of the document, and what is wrong with a file is told at its line."""

import csv
from pathlib import Path

import numpy as np
import pytest

from optimizer.errors import InputFaults
from optimizer.household import read_household
from optimizer.market.active_risk import risk_of
from tests.index_files import covariance_of, index_file

FILE = index_file(6, 2, 3, factors=2)
FACTORS = ["market", "Tech"]
HOUSEHOLD = """
household = "direct index"
as_of = 2025-06-30

[taxpayer]
filing_status = "single"
ordinary_pct = 40.8
long_term_pct = 23.8

[accounts.taxable]
kind = "taxable"
cash = 5000

[segments]
index = { target_pct = 100, band_pct = "none" }

[benchmark]
constituents = "constituents.csv"
segment = "index"
loadings = "loadings.csv"
factor_covariance = "factors.csv"
max_tracking_error_pct = 0.8
name_band_pct = 50
"""


def written(folder: Path, covariance: bool = False) -> Path:
    """The file's problem as a household's folder."""
    text = HOUSEHOLD.replace('band_pct = "none"', 'band = "none"')
    names = [s["symbol"] for s in FILE["securities"]]
    if covariance:
        text = text.replace('loadings = "loadings.csv"\nfactor_covariance = "factors.csv"', 'covariance = "covariance.csv"')
        rows = [[n, *map(repr, row)] for n, row in zip(names, covariance_of(FILE).tolist(), strict=True)]
        put(folder / "covariance.csv", [["symbol", *names], *rows])
    (folder / "household.toml").write_text(text, "utf-8")
    put(
        folder / "constituents.csv",
        [["symbol", "weight_pct", "price", "half_spread_bps"]]
        + [[s["symbol"], f"{100 * s['target_weight']:.6f}", s["price"], 3] for s in FILE["securities"]],
    )
    risk = FILE["risk"]
    deviations = 100 * np.sqrt(risk["specific_var"])
    put(
        folder / "loadings.csv",
        [["symbol", "specific_volatility_pct", *FACTORS]]
        + [[n, f"{v:.9f}", *row] for n, v, row in zip(names, deviations, risk["loadings"], strict=True)],
    )
    put(folder / "factors.csv", [["factor", *FACTORS], *([f, *row] for f, row in zip(FACTORS, risk["factor_cov"], strict=True))])
    lots = [["account", "symbol", "acquired", "quantity", "cost_basis"]]
    for lot in FILE["lots"]:
        basis = f"{lot['shares'] * lot['basis_per_share']:.2f}"
        lots.append(["taxable", lot["symbol"], lot["acquired"], f"{lot['shares']:.4f}", basis])
    put(folder / "lots.csv", lots)
    put(folder / "prices.csv", [["symbol", "price"], [names[0], FILE["securities"][0]["price"]]])
    return folder


def put(path: Path, rows: list[list[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(rows)


@pytest.mark.parametrize("covariance", [False, True])
def test_a_folder_says_what_the_document_says(tmp_path: Path, covariance: bool) -> None:
    """Names without a table of their own are securities of the benchmark's segment."""
    problem = read_household(written(tmp_path, covariance))
    assert [s.symbol for s in problem.securities] == [s["symbol"] for s in FILE["securities"]]
    assert problem.benchmark is not None
    assert float(problem.benchmark.max_tracking_error or 0) == 0.008
    risk = risk_of(problem)
    assert risk is not None
    assert risk.factors == (() if covariance else tuple(FACTORS))
    assert (risk.root.T @ risk.root).todense() == pytest.approx(covariance_of(FILE), rel=1e-6, abs=1e-12)


def told(folder: Path) -> list[str]:
    with pytest.raises(InputFaults) as refusal:
        read_household(folder)
    return [f"{fault.place}: {fault.found}; {fault.expected}" for fault in refusal.value.faults]


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), "utf-8")


def test_what_is_wrong_is_told_at_its_line(tmp_path: Path) -> None:
    """All of it at once, in the words of the file."""
    folder = written(tmp_path)
    edit(folder / "constituents.csv", "N0002,", "N0002,about ")
    edit(folder / "loadings.csv", "N0003,", "N0003,-")
    edit(folder / "factors.csv", "Tech,0.0,", "Tech,0.0,x")
    found = told(folder)
    assert [line.split(":")[0] for line in found] == ["constituents.csv, line 4", "factors.csv, line 3", "loadings.csv, line 5"]


def test_a_file_that_is_missing_or_half_a_model_is_told(tmp_path: Path) -> None:
    """Nothing is planned on half a risk model."""
    folder = written(tmp_path)
    (folder / "factors.csv").unlink()
    assert any("no file factors.csv" in line for line in told(folder))
    edit(folder / "household.toml", 'factor_covariance = "factors.csv"\n', "")
    assert any("both loadings and factor_covariance" in line for line in told(folder))


def test_factors_that_differ_between_the_files_are_told(tmp_path: Path) -> None:
    """A column misspelt is no factor of its own."""
    folder = written(tmp_path)
    edit(folder / "loadings.csv", "market", "markets")
    assert told(folder)[-1].startswith("loadings.csv, line 2: the factors markets, tech; a column for each factor of factors.csv")
