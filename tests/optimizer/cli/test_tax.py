"""`bandwise tax` as a stranger uses it: a file in, lines, margins, edges and carryovers out, faults named by line."""

import json
from pathlib import Path

import pytest

from optimizer.cli import Exit, main

YEAR = """\
year = 2026
status = "single"
age = 66
wages = 60_000
ordinary_dividends = 1_000.25
qualified_dividends = 1_000
long_gain = -8_000
cash_gifts = 500
state = { code = "OR", rate = 0.0875 }
marketplace = { household_size = 1, benchmark_premium = 14_000 }
"""


@pytest.fixture
def year(tmp_path: Path) -> Path:
    path = tmp_path / "year.toml"
    path.write_text(YEAR, encoding="utf-8")
    return path


def test_the_page_shows_lines_margins_edges_and_carryovers(year: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever reads it must be able to follow each number to its line and see what a dollar more would do."""
    assert main(["tax", str(year)]) == Exit.DONE
    page = capsys.readouterr().out
    for words in ("Tax year 2026, single:", "11a", "58,000.25", "One more dollar", "wage costs", "Room to the next edge"):
        assert words in page
    assert "Carried to next year: 5,000.00 of long-term loss." in page
    assert "not tax advice" in page


def test_the_json_says_the_same_in_numbers(year: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """58,000.25 less 18,150, the gift and the senior deduction of 6,000; 10 and 12 % with a 0 % dividend."""
    assert main(["tax", str(year), "--json"]) == Exit.DONE
    found = json.loads(capsys.readouterr().out)
    assert (found["adjusted_gross_income"], found["taxable_income"]) == (58_000.25, 33_350.25)
    assert found["federal_tax"] == 1_240.0 + round(0.12 * (32_350.25 - 12_400), 2)
    assert found["state_tax"] == round(0.0875 * 33_350.25, 2)
    assert found["carryovers"] == {"short_loss": 0.0, "long_loss": 5_000.0, "gifts": []}
    rates = {rate["kind"]: rate["federal"] for rate in found["marginal_rates"]}
    assert rates == {
        "wage": 0.12,
        "short gain": 0.0,
        "long gain": 0.0,
        "qualified dividend": 0.0,
        "interest": 0.12,
        "IRA withdrawal": 0.12,
        "gift": 0.12,
    }
    credit = next(edge for edge in found["edges"] if edge["name"] == "end of the premium credit")
    assert (credit["edge"], credit["kind"], credit["cost"]) == (62_600.0, "cliff", 14_000 - 6_234.96)


def test_every_fault_is_told_at_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All of them at once, so the file is mended in one go."""
    path = tmp_path / "wrong.toml"
    path.write_text('year = 2026\nstatus = "married"\nwages = -5\nwagess = 4\n', encoding="utf-8")
    assert main(["tax", str(path)]) == Exit.INPUT
    told = capsys.readouterr().err
    assert all(words in told for words in ("3 faults", "line 2", "'married'", "line 3", "line 4", "the unknown name 'wagess'"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("year = 2019\nstatus = 'single'\n", "There is no law for tax year 2019"),
        ("year = 2026\nstatus = 'single'\nqualified_dividends = 5\n", "part of ordinary_dividends, which is only 0"),
        ("year = 2026\nstatus = 'single'\nstate = { code = 'GU' }\n", "There is no income tax of GU for 2026 on file"),
        ("year = \n", "TOML, such as wages = 85000"),
        ("year = 2026\nstatus = 'single'\nspouse_age = 3\n", "spouse_age only on a joint return"),
    ],
)
def test_what_cannot_be_computed_is_refused_with_the_next_step(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, words: str
) -> None:
    """A plausible number for a wrong file would be worse than none."""
    path = tmp_path / "year.toml"
    path.write_text(text, encoding="utf-8")
    assert main(["tax", str(path)]) == Exit.INPUT
    assert words in capsys.readouterr().err


def test_an_extrapolated_year_is_stamped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It has to be asked for, and the page says what it is."""
    path = tmp_path / "year.toml"
    path.write_text("year = 2028\nextrapolate_from = 2026\nstatus = 'single'\nwages = 5e4\n", encoding="utf-8")
    assert main(["tax", str(path)]) == Exit.DONE
    assert "EXTRAPOLATED. Tax year 2028 is computed on the figures of 2026" in capsys.readouterr().out


def test_the_schema_names_every_amount_with_its_unit(capsys: pytest.CaptureFixture[str]) -> None:
    """An outsider writes the file from the schema alone."""
    from lots.tax.filer import AMOUNTS

    assert main(["schema", "tax"]) == Exit.DONE
    fields = json.loads(capsys.readouterr().out)["properties"]
    assert [name for name in AMOUNTS if fields[name].get("unit") != "US dollars" or not fields[name]["description"]] == []


def test_a_state_that_does_not_exist_is_told_at_its_line(year: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With a rate stated for it, a slip of the keyboard would be taxed without a word."""
    year.write_text(YEAR.replace('code = "OR"', 'code = "XX"'), encoding="utf-8")
    assert main(["tax", str(year)]) == Exit.INPUT
    told = " ".join(capsys.readouterr().err.split())
    assert "year.toml, line 9" in told
    assert "the postal code of a state, such as CA, NY or DC" in told
