"""[taxpayer.income]: the year by name in the place of flat rates."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from optimizer.errors import InputFaults
from optimizer.explain.ages import age_notes
from optimizer.household import read_household, write_template
from optimizer.rebalance import rebalance

RATES = re.compile(r"^(ordinary|long_term|deduction)_pct = .*\n", re.MULTILINE)
INCOME = """
[taxpayer.income]
wages = 90_000
ordinary_dividends = 2_000
qualified_dividends = 1_500
state = { code = "CO", rate_pct = 4.4 }
"""


def household(folder: Path, income: str, keep_rates: bool = False) -> Path:
    """The starter with a table of income at its end."""
    write_template(folder)
    path = folder / "household.toml"
    text = path.read_text("utf-8")
    path.write_text((text if keep_rates else RATES.sub("", text)) + income, "utf-8")
    return folder


def faults(folder: Path) -> list[str]:
    """What reading the folder finds, as found, with the key at fault."""
    with pytest.raises(InputFaults) as refusal:
        read_household(folder)
    return [f"{fault.where}: {fault.found}" for fault in refusal.value.faults]


def test_the_year_by_name_is_planned_on_the_whole_return(tmp_path: Path) -> None:
    """A stranger writes the figures of last year's return and has a plan on this year's law."""
    problem = read_household(household(tmp_path / "h", INCOME))
    assert problem.taxpayer.rates is None
    assert problem.taxpayer.income is not None
    assert problem.taxpayer.income.state is not None
    assert problem.taxpayer.income.state.rate == Decimal("0.044")
    plan = rebalance(problem, compare=False)
    assert abs(plan.tax.difference) <= 1
    assert any(line.number == "24" for line in plan.tax.with_plan.lines)


def test_rates_and_income_together_are_a_fault_at_the_line_of_each_rate(tmp_path: Path) -> None:
    """A file that says two things must not be planned on one of them."""
    found = faults(household(tmp_path / "h", INCOME, keep_rates=True))
    assert all("beside [taxpayer.income]" in fault and fault.startswith("household.toml, line ") for fault in found)
    assert len(found) == 2


def test_neither_rates_nor_income_is_a_fault(tmp_path: Path) -> None:
    """The tax is never guessed."""
    found = faults(household(tmp_path / "h", ""))
    assert any("no ordinary_pct in [taxpayer]" in fault for fault in found)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("qualified_dividends = 5_000", "qualified_dividends of 5000"),
        ("wages = -1", "wages = -1"),
        ("salary = 5", "the unknown key 'salary'"),
        ('state = { code = "CA" }', "no rate for CA"),
        ('state = { code = "XX", rate_pct = 5 }', "'XX'"),
        ('state = { code = "CA", rate_pct = 9.3, long_rate_pct = 12 }', "12 %"),
    ],
)
def test_bad_facts_are_told_at_their_line(tmp_path: Path, line: str, expected: str) -> None:
    """What contradicts itself is named with its line, before anything is planned."""
    (fault,) = faults(household(tmp_path / "h", f"\n[taxpayer.income]\n{line}\n"))
    assert fault.startswith("household.toml, line ")
    assert expected in fault


def test_a_state_without_an_income_tax_needs_no_rate(tmp_path: Path) -> None:
    """Texas is on file as taxing nothing."""
    text = '\n[taxpayer.income]\nwages = 50_000\nstate = { code = "TX" }\n'
    assert read_household(household(tmp_path / "h", text)).taxpayer.income is not None


def test_next_year_is_this_year_but_for_what_is_stated(tmp_path: Path) -> None:
    """Who retires in spring writes one line, and dividends and the state stay as they are."""
    change = "\n[next_year]\nbands_by = 'january'\n\n[next_year.income]\nwages = 30_000\n"
    problem = read_household(household(tmp_path / "h", INCOME + change))
    assert problem.taxpayer.income is not None
    assert problem.taxpayer.income.age == 56
    assert problem.next_year.income == problem.taxpayer.income.model_copy(update={"wages": Decimal(30_000), "age": 57})
    assert problem.next_year.bands_by == "january"


def test_income_next_year_beside_rates_this_year_is_a_fault(tmp_path: Path) -> None:
    """The two years are compared with each other, so both have to be stated the same way."""
    found = faults(household(tmp_path / "h", "\n[next_year.income]\nwages = 30_000\n", keep_rates=True))
    assert [fault.split(": ")[1] for fault in found] == ["income for next year beside this year's rates"]


def test_an_older_law_stands_in_only_for_a_year_without_its_own(tmp_path: Path) -> None:
    """Figures that are on file must not give way to older ones."""
    folder = household(tmp_path / "h", INCOME)
    path = folder / "household.toml"
    path.write_text(path.read_text("utf-8").replace("[taxpayer]", "[taxpayer]\nextrapolate_from = 2025"), "utf-8")
    assert [fault.split(": ")[1] for fault in faults(folder)] == ["extrapolate_from 2025, though the law of 2026 is on file"]


@pytest.mark.parametrize("as_of", ["# nothing", "as_off = 2026-12-14", "as_of = 2031-12-14"])
def test_a_year_without_law_is_told_at_its_line_with_every_other_fault(tmp_path: Path, as_of: str) -> None:
    """Gifts from an IRA and the state ask the law of the year, which must not hide where the year is missing or wrong."""
    more = """
[[donations]]
amount = 100
from = "ira"
"""
    folder = household(tmp_path / "h", INCOME + more)
    path = folder / "household.toml"
    path.write_text(path.read_text("utf-8").replace("as_of = 2026-12-14", as_of).replace('"mfj"', '"married"'), "utf-8")
    with pytest.raises(InputFaults) as refusal:
        read_household(folder)
    told = [f"{fault.where}: {fault.found}; {fault.step}" for fault in refusal.value.faults]
    assert all(line.startswith("household.toml, line ") for line in told)
    assert any("married" in line for line in told)
    if "2031" in as_of:
        assert any("the tax year 2031" in line and "extrapolate_from = 2026 under [taxpayer]" in line for line in told)
    else:
        assert any("no as_of" in line for line in told)


@pytest.mark.parametrize(
    ("status", "more", "expected"),
    [
        ("mfj", "", (76, None)),
        ("mfj", "\n[owners.sam]\nbirth_date = 1962-01-01\n", (76, 65)),
        ("mfj", "\n[owners.sam]\n\n[owners.kim]\nbirth_date = 2010-01-01\n", (None, None)),
        ("single", "\n[owners.sam]\nbirth_date = 1962-01-01\n", (None, None)),
    ],
)
def test_ages_come_from_birth_dates_where_these_say_who_files(
    tmp_path: Path, status: str, more: str, expected: tuple[int | None, int | None]
) -> None:
    """A couple of 74 and 66 pays on the deductions of their age; an age is reached the day before the birthday (Pub. 501)."""
    folder = household(tmp_path / "h", INCOME + more)
    path = folder / "household.toml"
    path.write_text(path.read_text("utf-8").replace("1970-05-02", "1950-05-02").replace('"mfj"', f'"{status}"'), "utf-8")
    problem = read_household(folder)
    income = problem.taxpayer.income
    assert income is not None
    assert (income.age, income.spouse_age) == expected
    notes = list(age_notes(problem))
    assert ("nobody's age" in notes[0]) == (expected == (None, None))
    required = [note for note in notes if "required minimum distribution" in note]
    assert len(required) == 1
    assert "alex turns 76" in required[0]
    assert "divided by 23.7 " in required[0]
