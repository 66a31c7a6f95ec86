"""State income tax: each kind of rule by hand, and the shipped states against a second engine."""

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest

from lots.errors import InputError, LawError
from lots.law import FilingStatus, Schedule, load_law
from lots.law.states import load_state, state_codes
from lots.tax.filer import Filer, StateResidence, TaxMethod
from lots.tax.liability import Return, compute_return
from lots.tax.state import recapture
from tests.lots.tax.random_filers import dollars

SINGLE, MFJ = FilingStatus.SINGLE, FilingStatus.MFJ


def _return(year: int, code: str, status: FilingStatus = SINGLE, **facts: Decimal | int) -> Return:
    amounts = {name: Decimal(value) for name, value in facts.items()}
    return compute_return(Filer(status, residence=StateResidence(code), **amounts), load_law(year))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("year", "code", "facts", "expected"),
    [
        (2026, "TX", {"wages": 300_000, "long_gain": 900_000}, "0.00"),
        (2026, "PA", {"wages": 50_000, "long_gain": -9_000}, "1535.00"),
        (2026, "PA", {"wages": 50_000, "long_gain": 1_000, "long_carryover": 5_000}, "1565.70"),
        (2026, "PA", {"wages": 50_000, "pensions": 20_000}, "1535.00"),
        (2026, "NC", {"wages": 50_000, "long_gain": -9_000}, "1366.58"),
        (2025, "CA", {"wages": 1_105_706}, "116983.61"),
        (2025, "AZ", {"wages": 50_000, "long_gain": 8_000}, "1006.25"),
        (2025, "WA", {"wages": 500_000, "long_gain": 1_378_000}, "79900.00"),
        (2025, "WA", {"wages": 500_000, "long_gain": 278_000}, "0.00"),
        (2025, "MA", {"wages": 54_400, "short_gain": 10_000}, "3350.00"),
        (2025, "UT", {"wages": 18_213}, "0.00"),
        (2025, "UT", {"wages": 68_213}, "2774.59"),
        (2026, "IN", {"wages": 51_000, "interest": 9_000, "treasury_interest": 5_000}, "1593.00"),
        (2026, "GA", {"wages": 65_000, "social_security": 20_000}, "2495.00"),
    ],
)
def test_each_rule_by_hand(year: int, code: str, facts: dict[str, int], expected: str) -> None:
    """No tax, losses within the year or federal, a gain left out, gains only, a short-term extra, a credit, exempt income."""
    assert _return(year, code, **facts).state_tax == Decimal(expected)


def test_a_high_income_in_new_york_pays_the_top_rate_on_all_of_it() -> None:
    """N.Y. Tax Law 601(d): with income 50,000 past the edge, 6.85 % of every dollar; below 107,650 nothing is recaptured."""
    rich = _return(2025, "NY", wages=500_000)
    assert rich.state_tax == round(Decimal("0.0685") * 492_000, 2)
    modest = _return(2025, "NY", wages=107_650)
    schedule = load_state("NY", 2025).figures.schedule("brackets", SINGLE)
    assert modest.state_tax == round(schedule.tax(Decimal(99_650)), 2)


@pytest.mark.parametrize(
    ("status", "edge", "kept"), [(MFJ, 161_550, 333), (MFJ, 323_200, 1_140), (MFJ, 2_155_350, 3_887), (SINGLE, 215_400, 568)]
)
def test_recapture_bases_are_those_the_worksheets_print(status: FilingStatus, edge: int, kept: int) -> None:
    """Form IT-201 (2025) prints them in whole dollars; here they follow from the brackets alone."""
    schedule = load_state("NY", 2025).figures.schedule("brackets", status)
    found = recapture(schedule, Decimal(edge) + Decimal("0.01"), Decimal(edge), Decimal(107_650), Decimal(50_000))
    assert abs(found - kept) < Decimal("1.5")


def test_recapture_of_one_rate_is_nothing() -> None:
    """Where there is but one bracket no lower one benefits anybody."""
    flat = Schedule.of(((Decimal(0), Decimal("0.05")),))
    assert recapture(flat, Decimal(10**6), Decimal(10**6), Decimal(107_650), Decimal(50_000)) == 0


def test_a_state_without_a_file_names_the_ways_out() -> None:
    """Own rate, another year's law, or a new file."""
    with pytest.raises(LawError, match=r"no income tax of CA for 2026.*State your own rate.*law_year.*states/ca/2026\.toml"):
        _return(2026, "CA", wages=50_000)
    with pytest.raises(InputError, match="long_rate needs the ordinary rate"):
        compute_return(Filer(SINGLE, residence=StateResidence("OR", long_rate=Decimal("0.05"))), load_law(2026))


def test_another_years_state_law_is_stamped() -> None:
    """It is used only when asked for, and the return says so."""
    asked = Filer(SINGLE, wages=Decimal(90_000), residence=StateResidence("CA", law_year=2025))
    found = compute_return(asked, load_law(2026))
    assert found.stamp == "The income tax of CA for 2026 is computed on its law of 2025."
    assert found.state_tax == _return(2025, "CA", wages=90_000).state_tax


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_every_state_file_loads_and_says_what_it_leaves_out(year: int) -> None:
    """A state with a tax and nothing left out would be a claim nobody has checked."""
    for code in state_codes(year):
        law = load_state(code, year)
        assert law.name
        assert law.start == "no_tax" or law.leaves_out
        compute_return(Filer(SINGLE, wages=Decimal(90_000), residence=StateResidence(code)), load_law(year))


@pytest.mark.parametrize("year", [2024, 2025])
@pytest.mark.parametrize("code", ["CO", "GA", "ID", "IN", "IA", "KY", "LA", "MS", "NC", "NJ", "VA", "CA"])
def test_states_agree_with_tenforty(code: str, year: int) -> None:
    """To a dollar, on filers who take the standard deduction; the graph engine computes without tables.

    Below 30,000 of income, where states forgive tax, and in California above 240,000 in 2024, where a credit of 149 a person
    phases out, the engines differ by what the files say they leave out. Not compared: Illinois, Michigan and Massachusetts,
    where it leaves out exemptions or the short-term rate; Arizona and Pennsylvania, where it leaves out the exclusion or the tax
    of gains; Utah, where it leaves out the phase-out of the credit; New York, where it leaves out the recapture.
    """
    tenforty = pytest.importorskip("tenforty", reason="tenforty is not installed; pip install 'bandwise[test]'")
    if code not in state_codes(year):
        pytest.skip(f"no {year} file of {code}")
    rng, law = Random(year), load_law(year)
    names = {SINGLE: "Single", MFJ: "Married/Joint", FilingStatus.MFS: "Married/Sep", FilingStatus.HOH: "Head_of_House"}
    for k in range(60):
        status = list(names)[k % 4]
        wages = 30_000 + dollars(rng, 100_000, 1).quantize(Decimal(1))
        gain = dollars(rng, 90_000, 0.5).quantize(Decimal(1))
        filer = Filer(status, wages=wages, long_gain=gain, residence=StateResidence(code), method=TaxMethod.TABLE)
        theirs = tenforty.evaluate_return(
            year=year,
            state=code,
            filing_status=names[status],
            w2_income=float(wages),
            long_term_capital_gains=float(gain),
            backend="graph",
        )
        ours = compute_return(replace(filer), law).state_tax
        assert abs(float(ours) - theirs.state_total_tax) <= 1, filer
