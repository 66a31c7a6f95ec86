"""What one more dollar costs at and around the edges, and the room that is left below them."""

from decimal import Decimal

import pytest

from lots.law import FilingStatus, load_law
from lots.tax.filer import Filer
from lots.tax.liability import compute_return
from lots.tax.margins import Edge, EdgeKind, MarketplaceCover, marginal_rates, next_edges

LAW = load_law(2026)
SINGLE, MFJ = FilingStatus.SINGLE, FilingStatus.MFJ


def _rates(filer: Filer) -> dict[str, Decimal]:
    return {rate.kind: rate.total for rate in marginal_rates(compute_return(filer, LAW), LAW)}


def _edge(filer: Filer, name: str, cover: MarketplaceCover | None = None) -> Edge:
    found = [edge for edge in next_edges(compute_return(filer, LAW), LAW, cover) if edge.name.startswith(name)]
    assert len(found) == 1, name
    return found[0]


def test_ordinary_income_pushes_gains_out_of_the_zero_bracket() -> None:
    """At the top of the 0 % rate one more dollar of wages costs 12 % and 15 % on the gain it pushes out: 27 %."""
    filer = Filer(SINGLE, wages=Decimal(46_100), long_gain=Decimal(40_000))
    rates = _rates(filer)
    assert (rates["wage"], rates["long gain"]) == (Decimal("0.27"), Decimal("0.15"))


def test_benefits_are_taxed_along_with_what_is_earned() -> None:
    """In the phase-in a dollar of wages brings 85 cents of benefits with it: 1.85 times the bracket."""
    filer = Filer(SINGLE, age=64, wages=Decimal(35_000), social_security=Decimal(24_000))
    assert _rates(filer)["wage"] == Decimal("0.12") * Decimal("1.85")


def test_a_gift_saves_nothing_until_it_beats_the_standard_deduction() -> None:
    """And at the top bracket it saves 35 % in 2026, not 37 %."""
    small = Filer(SINGLE, wages=Decimal(100_000), cash_gifts=Decimal(5_000))
    large = Filer(SINGLE, wages=Decimal(1_000_000), cash_gifts=Decimal(50_000))
    assert _rates(small)["gift"] == 0
    assert round(_rates(large)["gift"], 6) == Decimal("0.35")


def test_a_long_gain_against_a_carried_loss_costs_the_deduction_it_uses() -> None:
    """With more than 3,000 of loss left over, another dollar of gain is free."""
    assert _rates(Filer(SINGLE, wages=Decimal(90_000), long_carryover=Decimal(9_000)))["long gain"] == 0


@pytest.mark.parametrize(("extra", "room", "cost"), [(0, 1, "1148.40"), (1, 0, "1148.40"), (2, 27_999, "1736.40")])
def test_medicare_premium_tiers_are_cliffs_with_a_price(extra: int, room: int, cost: str) -> None:
    """2026 premiums: 81.20 and 14.50 a month above 109,000; the edge itself still belongs to the lower tier."""
    filer = Filer(SINGLE, age=70, pensions=Decimal(108_999 + extra))
    edge = _edge(filer, "Medicare premium tier")
    assert (edge.kind, edge.room, edge.cost) == (EdgeKind.CLIFF, room, Decimal(cost))


@pytest.mark.parametrize(("income", "is_ahead"), [(499_999, True), (500_000, False)])
def test_the_last_premium_tier_begins_at_its_amount(income: int, is_ahead: bool) -> None:
    """42 USC 1395r(i)(3)(C): the others begin above theirs."""
    filer = Filer(SINGLE, age=70, pensions=Decimal(income))
    names = [edge.name for edge in next_edges(compute_return(filer, LAW), LAW)]
    assert any(name.startswith("Medicare") for name in names) is is_ahead


def test_only_those_who_will_be_on_medicare_see_its_tiers() -> None:
    """Income at 63 sets the premium at 65."""
    names = [
        any(edge.name.startswith("Medicare") for edge in next_edges(compute_return(Filer(SINGLE, age=age), LAW), LAW))
        for age in (62, 63)
    ]
    assert names == [False, True]


@pytest.mark.parametrize(("year", "first", "mfs"), [(2024, 109_000, 109_000), (2025, 109_000, 109_000), (2026, 109_000, 109_000)])
def test_premiums_of_two_years_on_are_used_where_they_are_known(year: int, first: int, mfs: int) -> None:
    """Income of 2024 sets the premiums of 2026; until those of 2027 and 2028 are published, 2026's stand in and say so."""
    law = load_law(year)
    for status, expected in ((SINGLE, first), (FilingStatus.MFS, mfs)):
        edges = next_edges(compute_return(Filer(status, age=70), law), law)
        edge = next(edge for edge in edges if "premium tier" in edge.name)
        assert edge.edge == expected
        assert edge.name.startswith("Medicare premium tier of 2026")


def test_the_premium_credit_ends_at_four_times_the_poverty_line() -> None:
    """Two people: 4 times 21,150; the price is the premium less 9.96 % of income."""
    edge = _edge(Filer(MFJ, pensions=Decimal(80_000)), "end of the premium credit", MarketplaceCover(2, Decimal(20_000)))
    assert (edge.edge, edge.room, edge.cost) == (84_600, 4_600, Decimal("11573.84"))


def test_no_credit_cliff_before_2026() -> None:
    """The enhanced credit of 2021 to 2025 had no upper end."""
    law = load_law(2025)
    edges = next_edges(compute_return(Filer(SINGLE), law), law, MarketplaceCover(1))
    assert [edge.name for edge in edges if "premium credit" in edge.name] == []


@pytest.mark.parametrize(("wages", "room"), [(65_549, 1), (65_550, 0), (65_551, None)])
def test_the_room_in_the_zero_bracket_ends_with_its_last_dollar(wages: int, room: int | None) -> None:
    """Single, 2026: 49,450 of taxable income above a standard deduction of 16,100."""
    edges = next_edges(compute_return(Filer(SINGLE, wages=Decimal(wages)), LAW), LAW)
    found = [edge.room for edge in edges if edge.name == "0 % rate on gains"]
    assert found == ([] if room is None else [room])
