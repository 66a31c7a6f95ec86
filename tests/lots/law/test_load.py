"""The law files: complete, sourced, and refused when they are not there."""

import re
from decimal import Decimal

import pytest

from lots.errors import LawError
from lots.law import FilingStatus, extrapolate_law, lasting_law, law_years, load_law
from lots.law.load import read_figures


def test_a_missing_year_is_refused_and_says_how_to_add_it() -> None:
    """A guessed year would price every plan on brackets that were never enacted."""
    with pytest.raises(LawError, match=r"no law for tax year 2019.*copy lots/law/federal/2026\.toml to 2019\.toml"):
        load_law(2019)


def test_a_missing_year_names_the_key_by_which_an_older_one_stands_in() -> None:
    """Who plans in January needs the word to write, not the name of a function."""
    with pytest.raises(LawError, match=r"no law for tax year 2027.*state extrapolate_from = 2026"):
        load_law(2027)


def test_thresholds_raised_by_three_per_cent_leave_rates_and_fixed_amounts_alone() -> None:
    """Brackets are indexed (IRC 1(f)); the limit on losses and the threshold of the investment income tax never were."""
    known, raised = load_law(2026), extrapolate_law(2027, 2026, Decimal("0.03"))
    single = FilingStatus.SINGLE
    before, after = known.schedule("ordinary_brackets", single), raised.schedule("ordinary_brackets", single)
    assert after.edges == tuple(edge * Decimal("1.03") for edge in before.edges)
    assert after.rates == before.rates
    assert raised.by_status("standard_deduction", single) == known.by_status("standard_deduction", single) * Decimal("1.03")
    assert raised.figure("amt.phaseout.rate") == known.figure("amt.phaseout.rate")
    assert raised.capital_loss_limit(single) == known.capital_loss_limit(single)
    assert raised.by_status("niit.threshold", single) == known.by_status("niit.threshold", single)
    assert raised.stamp == (
        "Tax year 2027 is computed on the figures of 2026, brackets and thresholds raised by 3.0%; its own are not on file."
    )


def test_an_extrapolated_year_carries_a_stamp_and_respects_sunsets() -> None:
    """Whoever asks for 2029 on 2026 figures must see it on the page, and the senior deduction has ended by then."""
    law = extrapolate_law(2029)
    assert law.stamp == "Tax year 2029 is computed on the figures of 2026; its own are not on file."
    assert (load_law(2026).has("senior_deduction"), law.has("senior_deduction")) == (True, False)
    assert load_law(2026).stamp == ""


def test_the_cap_on_state_taxes_falls_back_after_2029() -> None:
    """Whoever extrapolates past the raised cap gets the ten thousand dollars the statute goes back to, and no phase-down."""
    single = FilingStatus.SINGLE
    raised, fallen = extrapolate_law(2029), extrapolate_law(2030)
    assert raised.by_status("salt.cap", single) == load_law(2026).by_status("salt.cap", single)
    assert fallen.by_status("salt.cap", single) == 10_000
    assert fallen.by_status("salt.cap", FilingStatus.MFS) == 5_000
    assert (raised.has("salt.phase_down_start"), fallen.has("salt.phase_down_start")) == (True, False)


def test_a_covered_year_cannot_be_extrapolated() -> None:
    """Otherwise an old year's figures could pass for enacted ones."""
    with pytest.raises(LawError, match="has its own law file"):
        extrapolate_law(2025)


@pytest.mark.parametrize("year", law_years())
def test_every_figure_has_a_unit_and_a_source(year: int) -> None:
    """A figure that nobody can look up cannot be checked."""
    law = load_law(year)
    assert all(law.units[path] and law.sources[path] for path in law.figures)
    cited = re.compile(r"IRC|USC|Rev\. Proc\.|Notice|Form|Pub\.|Reg\.")
    assert [path for path in law.figures if not cited.search(law.sources[path])] == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[x]\nunit = "USD"\na = 1\n', "figure x.a has no source"),
        ('[x]\nsource = "IRC 1"\na = 1\n', "figure x.a has no unit"),
        ('[x]\nsource = "IRC 1"\nunit = "USD"\na = "one"\n', "must be a number; found 'one'"),
    ],
)
def test_a_figure_without_unit_source_or_number_is_refused(text: str, message: str) -> None:
    """The loader itself is the guard, so no file can slip past the tests."""
    with pytest.raises(LawError, match=message):
        read_figures(text, "trial.toml", 2026)


@pytest.mark.parametrize("year", law_years())
def test_schedules_rise_and_start_at_zero(year: int) -> None:
    """A transposed digit shows as an edge or a rate out of order."""
    law = load_law(year)
    for status in FilingStatus:
        schedule = law.schedule("ordinary_brackets", status)
        assert schedule.edges[0] == 0
        assert list(schedule.edges) == sorted(set(schedule.edges))
        assert list(schedule.rates) == sorted(set(schedule.rates))


def test_the_loss_limit_is_halved_for_the_married_who_file_apart() -> None:
    """IRC 1211(b)(1)."""
    law = load_law(2026)
    limits = [law.capital_loss_limit(status) for status in FilingStatus]
    assert limits == [Decimal(3000), Decimal(3000), Decimal(1500), Decimal(3000), Decimal(3000)]


def test_lasting_figures_serve_any_year() -> None:
    """A simulation of 2040 still knows the age of penalty-free withdrawals, though no brackets."""
    law = lasting_law(2040)
    assert law.figure("early_withdrawal.age.age") == Decimal("59.5")
    with pytest.raises(LawError, match=r"has no figure 'ira\.limit'"):
        law.figure("ira.limit")
