"""The example household is made by the script beside it, and it is the household its story promises."""

import csv
import subprocess
import sys
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "year_end"
AS_OF = date(2026, 11, 20)


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one of the household's tables."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


PRICES = {row["symbol"]: Decimal(row["price"]) for row in rows("prices.csv")}


def growth(lot: Mapping[str, str]) -> Decimal:
    """What the lot has gained, as a fraction of its cost."""
    return Decimal(lot["quantity"]) * PRICES[lot["symbol"]] / Decimal(lot["cost_basis"]) - 1


def joint_lots() -> list[dict[str, str]]:
    """Lots of the one account whose sales are taxed."""
    return [lot for lot in rows("lots.csv") if lot["account"] == "joint"]


@pytest.mark.parametrize("name", ["lots.csv", "prices.csv"])
def test_the_script_reproduces_its_files_byte_for_byte(name: str, tmp_path: Path) -> None:
    """Anyone can see where every number comes from, and nobody edited one by hand."""
    subprocess.run([sys.executable, FOLDER / "make.py", tmp_path], check=True, capture_output=True)
    assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes()


def test_about_150_lots_were_bought_over_nine_years() -> None:
    """A household that saved for years, not a toy."""
    days = [date.fromisoformat(lot["acquired"]) for lot in rows("lots.csv") if lot["acquired"]]
    assert 140 <= len(rows("lots.csv")) <= 160
    assert max(days) - min(days) > timedelta(days=9 * 365)
    assert max(days) <= AS_OF


def test_no_lot_was_bought_on_a_weekend() -> None:
    """A broker's statement has no Sunday purchases."""
    days = [date.fromisoformat(lot["acquired"]) for lot in rows("lots.csv") if lot["acquired"]]
    assert [day for day in days if day.weekday() > 4] == []


def test_some_gains_are_large_enough_to_give_away() -> None:
    """A gift of shares pays most where the gain is largest: technology that more than tripled."""
    assert len([lot for lot in joint_lots() if lot["symbol"] == "XLK" and growth(lot) > 2]) >= 3


def test_there_are_losses_worth_harvesting() -> None:
    """Losses large enough to matter against this year's short-term gains, small enough to be believed."""
    losses = [-growth(lot) * Decimal(lot["cost_basis"]) for lot in joint_lots() if growth(lot) < 0]
    assert 6_000 < sum(losses) < 15_000


def test_some_gains_turn_long_term_within_four_weeks() -> None:
    """Patience is worth something here: bought in mid-December, a year and a day is near."""
    soon = [lot for lot in joint_lots() if "2025-11-20" <= lot["acquired"] <= "2025-12-18"]
    assert len(soon) >= 4
    assert all(growth(lot) > 0 for lot in soon)


def test_november_dividends_make_a_wash_sale_possible() -> None:
    """A dividend reinvested within thirty days, in this account or in an IRA, washes a loss on as many shares."""
    recent = {lot["symbol"] for lot in rows("lots.csv") if lot["acquired"] >= "2026-10-21"}
    losing = {lot["symbol"] for lot in joint_lots() if growth(lot) < 0 and lot["acquired"] < "2026-10-21"}
    in_ira = {
        lot["symbol"] for lot in rows("lots.csv") if lot["acquired"] >= "2026-10-21" and lot["account"] != "joint"
    }
    assert {"BND", "TLT"} <= recent & losing & in_ira
