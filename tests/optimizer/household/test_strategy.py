"""`[bands]`, `[targets]` and `[watch]` of household.toml, down to the fractions of the problem."""

from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from optimizer.errors import InputFaults
from optimizer.household import read_household
from optimizer.problem import SegmentFacts
from optimizer.rebalance import rebalance

HEAD = """
as_of = 2026-03-31
taxpayer = { filing_status = "single", ordinary_pct = 24, long_term_pct = 15 }
accounts = { broker = { kind = "taxable", cash = 100 } }
"""
TAIL = """
[segments]
stocks = { target_pct = 60, band = "none" }
tech = { parent = "stocks" }
energy = { parent = "stocks" }
health = { parent = "stocks", target_pct = 10 }
bonds = { target_pct = 40 }
[securities]
T = { segment = "tech", volatility_pct = 30 }
E = { segment = "energy", volatility_pct = 20 }
H = { segment = "health", volatility_pct = 10 }
B = { segment = "bonds", volatility_pct = 5 }
"""


def household(folder: Path, words: str = "", tail: str = TAIL) -> Path:
    """A folder with a household, two years of months, and what is said of its strategy."""
    (folder / "household.toml").write_text(HEAD + words + tail, "utf-8")
    (folder / "lots.csv").write_text("account,symbol,acquired,quantity,cost_basis\nbroker,B,2025-01-02,10,900\n", "utf-8")
    (folder / "prices.csv").write_text("symbol,price\nT,10\nE,10\nH,10\nB,100\n", "utf-8")
    months = np.arange(np.datetime64("2024-04"), np.datetime64("2026-04"))
    rows = [
        f"{day},{100 * 1.02**k:.4f},{100 * 0.98**k:.4f},100" for k, day in enumerate((months + 1).astype("datetime64[D]") - 1)
    ]
    (folder / "history.csv").write_text("\n".join(["date,T,E,H", *rows]), "utf-8")
    return folder


def segments(folder: Path) -> dict[str, SegmentFacts]:
    """The problem's segments by name."""
    return {segment.id: segment for segment in read_household(folder).segments}


def faults(folder: Path) -> list[str]:
    """What a household is refused for."""
    with pytest.raises(InputFaults) as caught:
        read_household(folder)
    return [str(fault) for fault in caught.value.faults]


def test_a_policy_shares_out_what_its_class_leaves_and_the_class_stays(tmp_path: Path) -> None:
    """Stocks have 60, health its own 10; tech rises and energy falls, so the trend gives tech all but a tenth of the 50."""
    words = '[targets]\npolicy = "trend"\noptions = { months = 10, floor_pct = 10 }\nprices = "history.csv"\n'
    found = segments(household(tmp_path, words))
    assert found["tech"].target == Decimal("0.45")
    assert found["energy"].target == Decimal("0.05")
    assert (found["stocks"].target, found["health"].target, found["bonds"].target) == (
        Decimal("0.6"),
        Decimal("0.1"),
        Decimal("0.4"),
    )
    assert found["tech"].trigger.lower == Decimal("0.36")
    equal = segments(household(tmp_path, '[targets]\npolicy = "equal"\n'))
    assert (equal["tech"].target, equal["energy"].target) == (Decimal("0.25"), Decimal("0.25"))


def test_thirds_add_up_to_the_last_digit(tmp_path: Path) -> None:
    """Rounded shares of 60 among three leave nothing over."""
    tail = TAIL.replace(", target_pct = 10 }", " }").replace("target_pct = 60", "target_pct = 50").replace("= 40", "= 50")
    found = segments(household(tmp_path, '[targets]\npolicy = "equal"\n', tail))
    assert sum(found[name].target for name in ("tech", "energy", "health")) == Decimal("0.5")


def test_market_weights_of_one_day_are_carried_on_by_prices(tmp_path: Path) -> None:
    """Equal at the end of 2025; three months at +2 and -2 % a month later the market is 1.0612 to 0.9412."""
    folder = household(tmp_path, '[targets]\npolicy = "market"\nprices = "history.csv"\nmarket = "market.csv"\n')
    (folder / "market.csv").write_text("date,tech,energy\n2025-12-31,1,1\n", "utf-8")
    share = 1.02**3 / (1.02**3 + 0.98**3)
    assert float(segments(folder)["tech"].target) == pytest.approx(0.5 * share, abs=1e-5)


def test_dated_weights_are_those_of_the_last_row_before_the_day(tmp_path: Path) -> None:
    """Somebody's own list of weights, valid from each row's day."""
    folder = household(tmp_path, '[targets]\npolicy = "dated"\nweights = "weights.csv"\n')
    (folder / "weights.csv").write_text("date,tech,energy\n2025-01-31,0,1\n2026-03-31,75,25\n2026-04-30,0.5,0.5\n", "utf-8")
    assert segments(folder)["tech"].target == Decimal("0.375")


@pytest.mark.parametrize(
    ("words", "lower", "upper"),
    [
        ('band = "5/25"', "0.075", "0.125"),
        ('band = "floored"\nband_pct = 10\nband_floor_pct = 2', "0.08", "0.12"),
        ('band = "relative"\nband_below_pct = 50\nband_above_pct = 10', "0.05", "0.11"),
        ('band = "relative"\nband_pct = 30\nband_above_pct = 10', "0.07", "0.11"),
        # Mean volatility 0.25·30 + 0.25·20 + 0.1·10 + 0.4·5 = 15.5; health has 10: 20 % of 10 % times 10/15.5.
        ('band = "volatility"\nband_pct = 20', "0.087096774194", "0.112903225806"),
    ],
)
def test_every_band_kind_can_be_said(tmp_path: Path, words: str, lower: str, upper: str) -> None:
    """Around the target of health, 10 %."""
    found = segments(household(tmp_path, f'[targets]\npolicy = "equal"\n[bands]\n{words}\n'))["health"]
    assert (found.trigger.lower, found.trigger.upper) == (Decimal(lower), Decimal(upper))
    half = segments(household(tmp_path, f'[targets]\npolicy = "equal"\n[bands]\n{words}\ndestination = "half-way"\n'))["health"]
    assert half.destination.upper == pytest.approx(Decimal("0.1") + (Decimal(upper) - Decimal("0.1")) / 2, abs=Decimal("1e-11"))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            '[targets]\npolicy = "trendy"\n',
            "household.toml, line 6: found the unknown policy 'trendy'; expected one of equal, custom,",
        ),
        (
            '[targets]\npolicy = "trend"\noptions = { floor = "x" }\nprices = "history.csv"\n',
            "household.toml, line 7: found floor = 'x'; expected a valid number",
        ),
        ('[targets]\npolicy = "trend"\n', "household.toml, line 6: found no prices for the policy trend; expected a line prices"),
        (
            '[targets]\npolicy = "trend"\nprices = "none.csv"\n',
            "household.toml, line 7: found no file none.csv in",
        ),
        (
            '[targets]\npolicy = "trend"\nprices = "history.csv"\noptions = { months = 36 }\n',
            "household.toml, line 7: found 23 months of prices for stocks; expected 35 at least of one segment, for Trend.",
        ),
        ('[watch]\nlook = "weekly"\n', 'household.toml, line 6: found look = "weekly"; expected one of day, month, quarter,'),
        (
            '[bands]\nband = "5/25"\nband_pct = 10\n',
            'household.toml, line 7: found band_pct beside band = "5/25", which has no use for it',
        ),
        ('[bands]\nband = "volatility"\n', "expected volatility_pct of a security that is all of it"),
    ],
)
def test_what_does_not_fit_is_told_at_its_line(tmp_path: Path, words: str, expected: str) -> None:
    """A strategy that cannot be followed is never followed half-way."""
    tail = TAIL.replace('"bonds", volatility_pct = 5', '"bonds"') if "volatility" in words else TAIL
    told = faults(household(tmp_path, words, tail))
    assert any(expected in each for each in told), told
    if "targets" in words:
        assert len(told) == 1


def test_a_policy_without_anything_to_share_out_is_told(tmp_path: Path) -> None:
    """Somebody believes a policy is at work and it is not."""
    tail = TAIL.replace('tech = { parent = "stocks" }', 'tech = { parent = "stocks", target_pct = 20 }').replace(
        'energy = { parent = "stocks" }', 'energy = { parent = "stocks", target_pct = 30 }'
    )
    (told,) = faults(household(tmp_path, '[targets]\npolicy = "equal"\n', tail))
    assert "a policy without work" in told


def priced(folder: Path, column: int, factors: dict[int, str], more: str = "") -> Path:
    """The household with a trend, and some cells of a column of history.csv written anew: a factor, or "" for none."""
    words = f'[targets]\npolicy = "trend"\nprices = "history.csv"\n{more}'
    household(folder, words)
    header, *rows = (folder / "history.csv").read_text("utf-8").split("\n")
    for at, factor in factors.items():
        cells = rows[at].split(",")
        cells[column] = f"{float(cells[column]) * float(factor):.4f}" if factor else ""
        rows[at] = ",".join(cells)
    (folder / "history.csv").write_text("\n".join([header, *rows]), "utf-8")
    return folder


def test_a_split_not_adjusted_for_stops_everything_at_its_line(tmp_path: Path) -> None:
    """Two for one, six months before the end: a plan would sell what never fell. Whoever knows it was no split may say so."""
    halved = dict.fromkeys(range(18, 24), "0.5")
    (told,) = faults(priced(tmp_path, 1, halved))
    assert told.startswith("history.csv, line 20: found T moved by -49.0 %")
    assert "name the symbol in true_jumps" in told
    assert segments(priced(tmp_path, 1, halved, 'true_jumps = "T"\n'))["tech"].target == Decimal("0.25")


def test_a_series_that_ends_stops_everything_or_gives_way_to_another_fund(tmp_path: Path) -> None:
    """Tech is not gone because its file is: with no other fund it is refused, with one that one stands for it."""
    ended = dict.fromkeys(range(15, 24), "")
    (told,) = faults(priced(tmp_path, 1, ended))
    assert "found prices of T, which stands for tech, that end on 2025-06-30; expected prices up to 2026-03-31" in told
    priced(tmp_path, 1, ended)
    toml = (tmp_path / "household.toml").read_text("utf-8") + 'T2 = { segment = "tech" }\n'
    (tmp_path / "household.toml").write_text(toml, "utf-8")
    (tmp_path / "prices.csv").write_text("symbol,price\nT,10\nT2,10\nE,10\nH,10\nB,100\n", "utf-8")
    lines = (tmp_path / "history.csv").read_text("utf-8").split("\n")
    grown = [lines[0] + ",T2", *(f"{line},{100 * 1.01**k:.4f}" for k, line in enumerate(lines[1:]))]
    (tmp_path / "history.csv").write_text("\n".join(grown), "utf-8")
    found = segments(tmp_path)
    assert (found["tech"].target, found["energy"].target) == (Decimal("0.5"), Decimal(0))


def test_a_gap_is_worked_with_and_told_in_the_question(tmp_path: Path) -> None:
    """A plan repeats what its prices left in doubt."""
    problem = read_household(priced(tmp_path, 2, {3: ""}))
    assert problem.remarks == (
        "Targets rest on prices in doubt: history.csv, line 5: 1 price is missing of E on 2024-07-31, and nothing was put in "
        "their place.",
    )
    assert problem.remarks[0] in rebalance(problem, compare=False).notes


def test_dated_weights_that_are_not_whole_are_refused_at_their_line(tmp_path: Path) -> None:
    """Somebody meant 60 and 40 and wrote 120 and 40; a tenth lost to rounding is none of it."""
    folder = household(tmp_path, '[targets]\npolicy = "dated"\nweights = "weights.csv"\n')
    (folder / "weights.csv").write_text("date,tech,energy\n2025-01-31,33.3,66.6\n2026-03-31,120,40\n", "utf-8")
    (told,) = faults(folder)
    assert told.startswith("weights.csv, line 3: found weights that add up to 160; expected weights that add up to 100")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("floor_pct = 60", "found floor_pct = 60; expected 50 at most, for 2 segments"),
        ("cap_pct = 40", "found cap_pct = 40; expected 50 at least, for 2 segments"),
        ("floor_pct = 30, cap_pct = 20", "found floor_pct = 30; expected no more than cap_pct = 20"),
    ],
)
def test_floors_and_caps_that_no_class_can_keep_are_refused(tmp_path: Path, options: str, told: str) -> None:
    """Dropping them without a word would be another policy than the one asked for."""
    words = f'[targets]\npolicy = "trend"\nprices = "history.csv"\noptions = {{ {options} }}\n'
    assert any(told in each and "line 8" in each for each in faults(household(tmp_path, words)))
