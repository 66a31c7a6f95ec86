"""Every figure on file moves some result: a figure that changes nothing is either dead or used nowhere it should be.

Each number of each law file is nudged in turn, and a battery of returns, edges, limits, withdrawals and distributions is computed
until one of them moves. What the numbers themselves should be is checked elsewhere, against engines and printed amounts.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from random import Random

import pytest

from lots.accounts import AccountKind
from lots.errors import LotsError
from lots.law import FilingStatus, Law, law_years, load_law
from lots.law.states import StateLaw, load_state, state_codes
from lots.law.table import Figure
from lots.tax.contributions import (
    HsaCoverage,
    PlanCover,
    Saver,
    contribution_limit,
    deductible_ira,
    is_catch_up_roth_only,
    plan_total_limit,
)
from lots.tax.deductions import standard_way
from lots.tax.filer import Filer, GiftCarryover, GiftKind, TaxMethod
from lots.tax.income import income_of
from lots.tax.liability import compute_return
from lots.tax.margins import MarketplaceCover, next_edges
from lots.tax.retirement import rule_under
from lots.tax.rmd import required_distribution
from lots.tax.sheet import Sheet
from lots.tax.state import tax_under
from tests.lots.tax.random_filers import random_filer, with_special_gains

STATUSES = list(FilingStatus)
WORDS = "aca catch_up_ages college early hsa ira irmaa medicare phaseout rmd roth separate workplace"
NOT_ON_THE_RETURN = tuple(WORDS.split())
"""Where a figure's path begins that most likely moves something else than a return; it is only tried there first."""
Probe = Callable[[Law], object]


def D(amount: int | str) -> Decimal:  # noqa: N802 - reads like a literal
    return Decimal(amount)


@pytest.mark.parametrize("year", law_years())
def test_every_federal_figure_moves_a_result(year: int) -> None:
    """Else the file could say anything there."""
    law = load_law(year)
    returns, others = ([(probe, _outcome(probe, law)) for probe in probes] for probes in _probes(year))
    still = []
    for place, nudged in _nudged(law):
        before = others + returns if place.startswith(NOT_ON_THE_RETURN) else returns + others
        if all(_outcome(probe, nudged) == was for probe, was in before):
            still.append(place)
    assert still == [], still


@pytest.mark.parametrize("year", law_years())
def test_every_state_figure_moves_a_result(year: int) -> None:
    """The same for each state of the year."""
    still = []
    for code in state_codes(year):
        state = load_state(code, year)
        filers = _state_filers()
        before = [_state_tax(state, filer, year) for filer in filers]
        for place, nudged in _nudged(state.figures):
            changed = replace(state, figures=nudged)
            if all(_state_tax(changed, filer, year) == was for filer, was in zip(filers, before, strict=True)):
                still.append(f"{code} {place}")
    assert still == [], still


def test_a_dead_figure_would_be_found() -> None:
    """The guard itself: a figure nobody reads must show up."""
    law = load_law(2026)
    dead = replace(law, figures={**law.figures, "dead.figure": D(1)})
    nudged = dict(_nudged(dead))
    probes = _probes(2026)[1][:5]
    assert all(_outcome(probe, nudged["dead.figure"]) == _outcome(probe, law) for probe in probes)


def _nudged(law: Law) -> Iterator[tuple[str, Law]]:
    """The law with one number changed, for every number but the zero that a schedule starts from."""
    for path, figure in law.figures.items():
        if isinstance(figure, Decimal):
            yield path, _with(law, path, _nudge(figure))
            continue
        for i, row in enumerate(figure):
            for j, cell in enumerate(row):
                if i == 0 and j == 0 and cell == 0:
                    continue
                changed = (*row[:j], _nudge(cell), *row[j + 1 :])
                yield f"{path}[{i}][{j}]", _with(law, path, (*figure[:i], changed, *figure[i + 1 :]))


def _nudge(number: Decimal) -> Decimal:
    if number > 200:
        return number + number / 50
    return number + max(number / 2, D("0.01")) if number < 1 else number + 1


def _with(law: Law, path: str, figure: Figure) -> Law:
    return Law(law.year, law.jurisdiction, {**law.figures, path: figure}, law.sources, law.units)


def _outcome(probe: Probe, law: Law) -> object:
    try:
        return probe(law)
    except (LotsError, ArithmeticError) as error:
        return repr(error)


@cache
def _probes(year: int) -> tuple[tuple[Probe, ...], tuple[Probe, ...]]:
    """Those that compute returns, and the others."""
    return tuple(_returns(year)), (*_savings(), *_withdrawals(year), *_edges(year))


def _returns(year: int) -> Iterator[Probe]:
    rng = Random(year)
    for k in range(100):
        filer = with_special_gains(rng, random_filer(rng, STATUSES[k % len(STATUSES)]))
        yield _tax_of(replace(filer, is_living_apart=False))
    for k in range(100):
        status = STATUSES[k % len(STATUSES)]
        wages, gain = D(k * 6_000), D((k * 7_919) % 1_500_000)
        yield _tax_of(
            Filer(status, age=35 + k % 40, wages=wages, long_gain=gain, state_taxes=D(70_000), mortgage_interest=wages / 9)
        )
        yield _tax_of(Filer(status, age=70, wages=wages / 3, social_security=D(20_000), cash_gifts=D(1_900)))
        yield _tax_of(Filer(status, wages=wages, medical_expenses=D(40_000), cash_gifts=D(50_000), private_cash_gifts=D(30_000)))
    yield from (_tax_of(replace(filer, status=status)) for filer in _special_filers(year) for status in STATUSES)
    yield from (_tax_of(filer) for filer in _table_filers())


def _special_filers(year: int) -> Iterator[Filer]:
    single = FilingStatus.SINGLE
    giver = Filer(single, wages=D(60_000))
    for name in ("cash_gifts", "short_property_gifts", "long_property_gifts", "private_cash_gifts", "private_property_gifts"):
        yield replace(giver, **{name: D(50_000)})
    for age in (4, 5, 6):
        yield replace(giver, gift_carryovers=(GiftCarryover(year - age, GiftKind.CASH, D(90_000)),))
    withdrawn = Filer(single, age=70, ira_withdrawals=D(200_000))
    yield replace(withdrawn, early_withdrawals=D(10_000), hsa_withdrawals=D(500), early_hsa_withdrawals=D(500))
    yield replace(withdrawn, qualified_charitable_distributions=D(150_000), college_earnings=D(900))
    for given in (106_000, 109_000, 112_000):
        yield Filer(single, age=75, ira_withdrawals=D(170_000), qualified_charitable_distributions=D(given))
    yield Filer(single, wages=D(15_000), social_security=D(60_000))
    yield Filer(single, age=70, ira_withdrawals=D(9_000), qualified_charitable_distributions=D(9_000))
    yield Filer(single, wages=D(80_000), long_gain=D(-50_000))
    yield Filer(single, wages=D(400_000), long_gain=D(3_000_000))
    yield Filer(single, wages=D(250_000), long_gain=D(90_000), unrecaptured_1250_gain=D(60_000), collectibles_gain=D(9_000))
    yield Filer(single, wages=D(190_000), long_gain=D(90_000), unrecaptured_1250_gain=D(60_000), collectibles_gain=D(9_000))


def _table_filers() -> Iterator[Filer]:
    for taxable in (2, 5, 7, 12, 15, 20, 25, 30, 40, 1_990, 2_990, 3_020, 3_030, 60_010, 99_980, 100_020):
        for standard in (14_600, 15_750, 16_100):
            yield Filer(FilingStatus.SINGLE, wages=D(taxable + standard), method=TaxMethod.TABLE)


def _tax_of(filer: Filer) -> Probe:
    def probe(law: Law) -> object:
        result = compute_return(filer, law)
        return result.exact_federal, result.short_carryover, result.long_carryover, result.gift_carryovers

    return probe


def _edges(year: int) -> Iterator[Probe]:
    def at(status: FilingStatus, age: int, income: int) -> Probe:
        def probe(law: Law) -> object:
            result = compute_return(Filer(status, age=age, pensions=D(income)), load_law(year))
            return [(edge.edge, edge.cost) for edge in next_edges(result, law, MarketplaceCover(2, D(30_000)), law)]

        return probe

    for status in STATUSES:
        yield from (at(status, 70, income) for income in range(20_000, 800_000, 15_000))
    yield from (at(FilingStatus.SINGLE, age, 100_000) for age in (62, 63, 64))


def _savings() -> Iterator[Probe]:
    roth, plan, hsa = AccountKind.ROTH_IRA, AccountKind.TRADITIONAL_401K, AccountKind.HSA
    plenty = D(10**6)
    for age in (40, 49, 50, 54, 55, 59, 60, 63, 64):
        saver = Saver(age, plenty)
        yield lambda law, s=saver: contribution_limit(law, AccountKind.TRADITIONAL_IRA, s)
        yield lambda law, s=saver: (contribution_limit(law, plan, s), plan_total_limit(law, s.age))
        for coverage in HsaCoverage:
            covered = replace(saver, coverage=coverage)
            yield lambda law, s=covered: contribution_limit(law, hsa, s)
    for status in STATUSES:
        for magi in range(1_000, 260_000, 4_500):
            saver = Saver(40, plenty, status, D(magi))
            yield lambda law, s=saver: (contribution_limit(law, roth, s), [deductible_ira(law, s, cover) for cover in PlanCover])
    for magi in range(152_000, 169_000, 13):
        saver = Saver(40, plenty, FilingStatus.SINGLE, D(magi))
        yield lambda law, s=saver: contribution_limit(law, roth, s)
    yield lambda law: [is_catch_up_roth_only(law, D(wages)) for wages in (150_000, 150_001)]


def _withdrawals(year: int) -> Iterator[Probe]:
    on = date(year, 7, 15)
    for kind in AccountKind:
        for birth in (date(year - 59, 1, 14), date(year - 60, 7, 14), date(year - 65, 7, 15), date(year - 66, 7, 14)):
            yield lambda law, k=kind, b=birth: rule_under(law, k, b, on)
    for age in range(72, 122):
        yield lambda law, a=age: required_distribution(law, date(year - a, 6, 1), D(100_000))
    for born in (1950, 1951, 1952, 1959, 1960, 1961):
        for at in (72, 73, 74, 75, 76):
            yield lambda law, b=born, a=at: _distribution_in(law, b, b + a)
    for gap in (9, 10, 11):
        spouse = date(year - 76 + gap, 1, 1)
        yield lambda law, s=spouse: required_distribution(law, date(year - 76, 1, 1), D(100_000), s)


def _distribution_in(law: Law, birth_year: int, year: int) -> object:
    there = Law(year, law.jurisdiction, law.figures, law.sources, law.units)
    return required_distribution(there, date(birth_year, 6, 1), D(100_000))


NEAR_EDGES = (180_000, 240_000, 290_000, 350_000, 1_100_000, 1_650_000, 2_190_000, 5_030_000, 25_030_000)
"""Where New York takes the benefit of a bracket back: within 50,000 above each edge."""


@cache
def _state_filers() -> tuple[Filer, ...]:
    filers = []
    for status in STATUSES:
        for wages in (15_000, 19_000, 30_000, 48_000, 62_000, 78_000, 95_000, 130_000, 200_000, 420_000, 700_000, 900_000):
            filers.append(Filer(status, wages=D(wages), long_gain=D(2_000), short_gain=D(1_000)))
        for wages in (980_000, 1_200_000, 1_500_000, 3_000_000, 9_000_000, 40_000_000):
            filers.append(Filer(status, wages=D(wages), long_gain=D(wages)))
        filers.append(Filer(status, wages=D(100_000), long_gain=D(400_000)))
        filers.append(Filer(status, wages=D(9_000), short_gain=D(9_000)))
        filers.extend(Filer(status, wages=D(wages)) for wages in (112_000, 140_000, *NEAR_EDGES))
    return tuple(filers)


def _state_tax(state: StateLaw, filer: Filer, year: int) -> object:
    law, sheet = load_law(year), Sheet()
    income = income_of(filer, law, sheet)
    return tax_under(state, filer, income, standard_way(filer, law, income.agi, sheet), sheet)
