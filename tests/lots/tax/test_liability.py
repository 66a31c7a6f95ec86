"""The whole return: official worked examples, the law's own printed amounts, and what must hold for every filer."""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from lots.errors import InputError
from lots.law import FilingStatus, load_law
from lots.tax.filer import Filer, GiftCarryover, GiftKind, StateResidence, TaxMethod
from lots.tax.liability import Return, compute_return
from tests.lots.tax.random_filers import random_filer

CASES = Path(__file__).parents[2] / "cases" / "tax"
SINGLE, MFJ, MFS, HOH = FilingStatus.SINGLE, FilingStatus.MFJ, FilingStatus.MFS, FilingStatus.HOH


def D(amount: int | str) -> Decimal:  # noqa: N802 - reads like a literal
    return Decimal(amount)


def _cases() -> Iterator[object]:
    for path in sorted(CASES.glob("*.toml")):
        for case in tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)["case"]:
            yield pytest.param(case, id=case["name"])


def _filer(stated: dict[str, object]) -> Filer:
    facts = {name: Decimal(value) if not isinstance(value, str | bool) else value for name, value in stated.items()}
    for name in ("age", "spouse_age"):
        if name in stated:
            facts[name] = stated[name]
    facts["status"] = FilingStatus(str(stated["status"]))
    if "method" in facts:
        facts["method"] = TaxMethod(str(stated["method"]))
    return Filer(**facts)  # type: ignore[arg-type]


@pytest.mark.parametrize("case", list(_cases()))
def test_the_case_comes_out_as_its_source_says(case: dict) -> None:
    """Every case names its source and how strong the evidence is."""
    assert case["evidence"] in {"gold", "silver"}
    assert case["source"]
    result = compute_return(_filer(case["filer"]), load_law(case["year"]))
    found = {name: _line(result, name) for name in case["expected"]}
    assert found == {name: Decimal(value) for name, value in case["expected"].items()}


def _line(result: Return, name: str) -> Decimal:
    if ":" not in name:
        return Decimal(getattr(result, name))
    form, number = name.split(":")
    return next(line.amount for line in result.lines if line.form == form and line.number == number)


def test_gifts_of_land_and_cash_follow_the_worked_example_of_publication_526() -> None:
    """Income of 50,000: 2,000 in cash and land worth 28,000 to a church, 5,000 to a private foundation."""
    filer = Filer(SINGLE, wages=D(50_000), cash_gifts=D(2_000), long_property_gifts=D(28_000), private_cash_gifts=D(5_000))
    result = compute_return(filer, load_law(2025))
    assert _line(result, "Schedule A:14") == 17_000
    assert result.gift_carryovers == (
        GiftCarryover(2025, GiftKind.LONG_PROPERTY, D(13_000)),
        GiftCarryover(2025, GiftKind.PRIVATE_CASH, D(5_000)),
    )


def test_carried_gifts_are_used_oldest_first_and_lapse_after_five_years() -> None:
    """A gift of 2019 could last be deducted in 2024."""
    old = tuple(GiftCarryover(year, GiftKind.CASH, D(10_000)) for year in (2022, 2020, 2019))
    filer = Filer(SINGLE, wages=D(30_000), gift_carryovers=old)
    result = compute_return(filer, load_law(2025))
    assert _line(result, "Schedule A:14") == 18_000
    assert result.gift_carryovers == (GiftCarryover(2022, GiftKind.CASH, D(2_000)),)


def test_the_floor_eats_property_before_cash_and_is_carried_only_beside_an_excess() -> None:
    """IRC 170(b)(1)(I) and 170(d)(1)(C): 200,000 of income has a floor of 1,000 in 2026."""
    law = load_law(2026)
    within = Filer(SINGLE, wages=D(200_000), cash_gifts=D(20_000), long_property_gifts=D(10_000))
    beyond = replace(within, long_property_gifts=D(70_000))
    assert _line(compute_return(within, law), "Schedule A:14") == 29_000
    assert compute_return(within, law).gift_carryovers == ()
    assert _line(compute_return(beyond, law), "Schedule A:14") == 79_000
    assert compute_return(beyond, law).gift_carryovers == (GiftCarryover(2026, GiftKind.LONG_PROPERTY, D(11_000)),)


def test_a_gift_without_itemising_counts_up_to_its_cap_and_not_from_a_fund() -> None:
    """IRC 170(p): cash to a charity, not to a donor-advised fund, and not before 2026."""
    given = Filer(SINGLE, wages=D(60_000), cash_gifts=D(1_500))
    fund = Filer(SINGLE, wages=D(60_000), fund_gifts=D(1_500))
    taxable = [compute_return(f, load_law(y)).taxable_income for f, y in ((given, 2026), (fund, 2026), (given, 2025))]
    assert taxable == [42_900, 43_900, 44_250]


def test_a_qualified_distribution_leaves_income_and_its_excess_is_a_gift() -> None:
    """The limit is per person: 111,000 in 2026, from 70½ on."""
    filer = Filer(MFJ, age=75, spouse_age=75, ira_withdrawals=D(150_000), qualified_charitable_distributions=D(120_000))
    result = compute_return(filer, load_law(2026))
    assert (result.agi, _line(result, "Form 1040:4b")) == (39_000, 39_000)
    assert _line(result, "Form 1040:4a") == 150_000
    with pytest.raises(InputError, match=r"needs its owner to be 70\.5; found age 69"):
        compute_return(replace(filer, age=69), load_law(2026))
    with pytest.raises(InputError, match=r"needs its owner to be 70\.5; found age None"):
        compute_return(replace(filer, age=None), load_law(2026))


@pytest.mark.parametrize(("age", "expected"), [(64, 0), (65, 12_000)])
def test_seniors_lose_their_deduction_person_by_person(age: int, expected: int) -> None:
    """6 % of income above 150,000 from each of two: 6,000 less 3,600 left at 210,000, none at 250,000."""
    law = load_law(2026)
    taxes = [
        compute_return(Filer(MFJ, age=age, spouse_age=age, pensions=D(amount)), law).deductions
        for amount in (150_000, 210_000, 250_000)
    ]
    standard = compute_return(Filer(MFJ, age=age, spouse_age=age, pensions=D(300_000)), law).deductions
    assert [deduction - standard for deduction in taxes] == [expected, expected * 2 // 5, 0]


def test_a_year_below_zero_uses_up_less_of_its_loss() -> None:
    """The whole 3,000 stands on the return, but only what income it met is used up."""
    filer = Filer(SINGLE, wages=D(17_000), short_gain=D(-1_000), long_gain=D(-9_000))
    result = compute_return(filer, load_law(2026))
    assert result.agi == 14_000
    assert (result.short_carryover, result.long_carryover) == (D(100), D(9_000))
    assert (result.short_carryover + result.long_carryover) == 10_000 - (3_000 - (16_100 - 14_000))


@pytest.mark.parametrize(
    ("status", "gain_from", "gain_to", "low", "high"),
    [(MFJ, 818_000, 1_030_000, "0.367", "0.379"), (MFJ, 500_000, 800_000, "0.237", "0.239")],
)
def test_the_exemption_burns_off_at_thirty_seven_per_cent(
    status: FilingStatus, gain_from: int, gain_to: int, low: str, high: str
) -> None:
    """2026, 250,000 of wages: a long-term gain costs 23.8 % until the exemption starts to go, then 36.8 to 37.8 %."""
    law = load_law(2026)
    for gain in range(gain_from + 5_000, gain_to - 5_000, 20_000):
        ends = [compute_return(Filer(status, wages=D(250_000), long_gain=D(g)), law).exact_federal for g in (gain, gain + 100)]
        assert D(low) < (ends[1] - ends[0]) / 100 < D(high)


def test_penalties_are_the_early_part_times_their_rates() -> None:
    """10 % of early plan money and 529 earnings, 20 % of health savings not spent on health."""
    filer = Filer(
        SINGLE,
        ira_withdrawals=D(10_000),
        early_withdrawals=D(4_000),
        hsa_withdrawals=D(3_000),
        early_hsa_withdrawals=D(2_000),
        college_earnings=D(1_000),
    )
    result = compute_return(filer, load_law(2025))
    assert (result.agi, result.penalties) == (14_000, 400 + 400 + 100)


def test_an_own_rate_stands_in_for_a_state_without_a_file() -> None:
    """5 % of ordinary and 3 % of preferential taxable income."""
    filer = Filer(SINGLE, wages=D(66_100), long_gain=D(10_000), residence=StateResidence("GU", D("0.05"), D("0.03")))
    assert compute_return(filer, load_law(2026)).state_tax == D("2800.00")


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"qualified_dividends": D(5)}, "part of ordinary_dividends, which is only 0"),
        ({"wages": D(-1)}, "wages is -1; it is stated as a number of zero or more"),
        ({"long_gain": D("-1e15")}, r"long_gain is -1\.000e\+15; expected dollars below 1e\+15"),
        ({"wages": D("1e400")}, r"wages is 1\.000e\+400"),
        ({"wages": D("Infinity")}, "wages is Infinity"),
        ({"spouse_age": 70}, "A single return has one person on it"),
        ({"age": 131}, "expected completed years between 0 and 130"),
        ({"is_living_apart": True}, "belong to status mfs; found single"),
        ({"early_withdrawals": D(1)}, "part of ira_withdrawals"),
    ],
)
def test_facts_that_contradict_each_other_are_refused_by_name(facts: dict, message: str) -> None:
    """A wrong input must not become a plausible tax."""
    with pytest.raises(InputError, match=message):
        Filer(SINGLE, **facts)


def test_a_float_is_refused() -> None:
    """A binary float cannot hold a cent."""
    with pytest.raises(TypeError, match=r"wages must be a Decimal, found 1\.5"):
        Filer(SINGLE, wages=1.5)  # type: ignore[arg-type]


YEARS = (2024, 2025, 2026)


def _random_filers(year: int, count: int) -> Iterator[Filer]:
    rng, statuses = Random(7 * year), list(FilingStatus)
    for k in range(count):
        yield random_filer(rng, statuses[k % len(statuses)])


@pytest.mark.parametrize("year", YEARS)
def test_tax_never_falls_as_wages_rise(year: int) -> None:
    """Holds while nothing but wages changes; more income never buys a smaller tax, though deductions shrink or grow.

    Precondition: no gifts. A larger income raises the limits on gifts, and where it lets more of a gift through than
    it adds income, at 60 % of it at most, the tax still rises; but the choice of line 12e may then turn.
    """
    law = load_law(year)
    for filer in _random_filers(year, 150):
        plain = replace(filer, cash_gifts=D(0), long_property_gifts=D(0))
        taxes = [compute_return(replace(plain, wages=plain.wages + raise_), law).exact_federal for raise_ in (0, 1, 100, 10_000)]
        assert taxes == sorted(taxes)


@pytest.mark.parametrize("year", YEARS)
def test_the_federal_tax_has_no_jumps(year: int) -> None:
    """A cent more of wages or gain costs at most two cents: every edge is a kink, none a cliff."""
    law = load_law(year)
    for filer in _random_filers(year, 150):
        base = compute_return(filer, law).exact_federal
        for name in ("wages", "short_gain", "long_gain"):
            more = compute_return(replace(filer, **{name: getattr(filer, name) + D("0.01")}), law).exact_federal
            assert abs(more - base) <= D("0.02"), (name, filer)


@pytest.mark.parametrize("year", YEARS)
def test_carried_losses_are_worth_the_same_next_year_as_losses_of_that_year(year: int) -> None:
    """What comes out of one return is what goes into the next, in its own character."""
    law = load_law(year)
    for filer in _random_filers(year, 60):
        first = compute_return(filer, law)
        carried = replace(filer, short_carryover=first.short_carryover, long_carryover=first.long_carryover)
        fresh = replace(
            filer,
            short_carryover=D(0),
            long_carryover=D(0),
            short_gain=filer.short_gain - first.short_carryover,
            long_gain=filer.long_gain - first.long_carryover,
        )
        assert compute_return(carried, law).exact_federal == compute_return(fresh, law).exact_federal


@pytest.mark.parametrize("year", YEARS)
def test_no_dollar_of_loss_is_lost_or_made(year: int) -> None:
    """Losses in are gains met, losses used and losses carried."""
    law = load_law(year)
    for filer in _random_filers(year, 60):
        result = compute_return(filer, law)
        net = filer.short_gain - filer.short_carryover + filer.long_gain - filer.long_carryover
        carried = result.short_carryover + result.long_carryover
        assert carried == 0 or D(0) <= -net - carried <= law.capital_loss_limit(filer.status)


@pytest.mark.parametrize("year", YEARS)
def test_the_chosen_way_owes_no_more_than_the_other(year: int) -> None:
    """Line 12e is a choice, so it is made for the filer."""
    from lots.tax.filer import Way

    law = load_law(year)
    for filer in _random_filers(year, 60):
        forced = [compute_return(replace(filer, way=way), law).exact_federal for way in Way]
        assert compute_return(filer, law).exact_federal == min(forced)
