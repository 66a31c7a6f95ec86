"""A gift of at most an amount goes as far as it saves enough, and every gift only in the ways allowed."""

from decimal import Decimal
from typing import Any

import pytest

from lots.law import load_law
from optimizer.check import faults_of
from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.rebalance import rebalance
from optimizer.report.returns import return_rows
from tests.wish_households import household, lot

TARGETS = {"red": 0.5, "blue": 0.5}


def plan(problem: Problem) -> Plan:
    """The plan without the comparison."""
    return rebalance(problem, compare=False)


def given(answer: Plan) -> Decimal:
    """Dollars given, in shares and in cash."""
    return sum((row.value for row in answer.gifts), Decimal(0)) + sum(
        (row.amount for row in answer.flows if row.kind == "cash gift"), Decimal(0)
    )


def overweight(deduction: float, gift: dict[str, Any]) -> Problem:
    """600 of red, all of it gain, where 52 per cent of 1,000 is the most."""
    rates = {"ordinary": 0.4, "long_term": 0.2, "deduction": deduction}
    lots = [lot("red", "RED", 600, 0), lot("blue", "BLUE", 400, 400)]
    taxpayer = {"year": 2026, "filing_status": "single", "rates": rates}
    return household(lots, TARGETS, taxpayer=taxpayer, donations=[{"sources": ["joint"]} | gift])


def filer(income: dict[str, Any], gift: dict[str, Any]) -> Problem:
    """A household at its targets, with much cash set aside from the bands, that states its income."""
    lots = [lot("red", "RED", 500_000, 500_000), lot("blue", "BLUE", 500_000, 500_000)]
    taxpayer = {"year": 2026, "filing_status": "single", "income": income}
    accounts = [{"id": "joint", "kind": "taxable", "cash": 300_000}]
    return household(lots, TARGETS, taxpayer=taxpayer, accounts=accounts, donations=[{"sources": ["joint"]} | gift])


def test_a_deduction_at_forty_per_cent_takes_all_and_none_takes_nothing() -> None:
    """The amount binds where each dollar saves 40 cents; where shares at a loss of nothing save nothing, nothing goes."""
    assert given(plan(overweight(0.4, {"amount": 100, "up_to": True}))) == pytest.approx(Decimal(100), abs=Decimal("0.01"))
    answer = plan(overweight(0, {"amount": 100, "up_to": True}))
    assert given(answer) == 0
    assert any(note.startswith("Nothing of the 100.00 that may be given") for note in answer.notes)


def test_a_gift_that_spares_a_sale_goes_as_far_as_the_sale() -> None:
    """A dollar of red given lets 48 cents stay unsold, which saves 9.6 cents of tax until nothing has to be sold: 80 / 0.48."""
    answer = plan(overweight(0, {"amount": 500, "up_to": True, "least_saving": 0.09}))
    assert given(answer) == pytest.approx(Decimal("166.67"), abs=Decimal("0.01"))
    assert answer.sales == ()
    assert any("one more dollar would save less than 9 cents" in note for note in answer.notes)
    assert given(plan(overweight(0, {"amount": 500, "up_to": True, "least_saving": 0.1}))) == 0


def test_who_does_not_itemise_gives_what_the_law_lets_a_non_itemiser_deduct() -> None:
    """In 2026 a single filer deducts 1,000 in cash beside the standard deduction (IRC 170(p)); the next dollar saves nothing."""
    most = load_law(2026).by_status("charity.non_itemiser", filer({}, {"amount": 1}).taxpayer.filing_status)
    answer = plan(filer({"wages": 60_000}, {"amount": 5_000, "up_to": True}))
    assert given(answer) == most
    assert abs(answer.tax.difference) <= 1
    assert answer.certificate.status == "optimal"


def test_gifts_in_cash_end_at_sixty_per_cent_of_income_and_the_rest_of_a_promise_is_carried() -> None:
    """Of 200,000 of AGI 120,000 in cash is deductible, at 22 per cent and more (IRC 170(b)(1)(G)); of 150,000 the rest is
    carried, and with it the floor of 1,000.
    """
    income = {"wages": 200_000, "state_taxes": 10_000, "mortgage_interest": 12_000}
    some = plan(filer(income, {"amount": 200_000, "up_to": True, "ways": ["cash"]}))
    assert given(some) == pytest.approx(Decimal(120_000), abs=1)
    whole = plan(filer(income, {"amount": 150_000, "ways": ["cash"]}))
    assert whole.tax.with_plan.gift_carryforward == 30_000 + 1_000
    assert any("may be deducted until 2031" in note for note in whole.notes)


def test_no_fixed_amount_costs_less() -> None:
    """Every amount of a grid, promised, and priced at what a dollar has to save, is no better than the one chosen."""
    income = {"wages": 90_000, "state_taxes": 8_000, "mortgage_interest": 6_000}
    free = plan(filer(income, {"amount": 30_000, "up_to": True, "least_saving": 0.2}))
    for amount in (0, 500, 1_000, 1_001, 5_000, 12_000, 20_000, 30_000):
        fixed = plan(filer(income, {"amount": amount}))
        assert free.certificate.objective <= fixed.certificate.objective + Decimal("0.2") * amount + Decimal("0.01")
    same = plan(filer(income, {"amount": given(free)}))
    assert free.certificate.objective == pytest.approx(
        same.certificate.objective + Decimal("0.2") * given(free), abs=Decimal("0.02")
    )


def ways(*allowed: str, sources: tuple[str, ...] = ("joint", "ira"), **parts: Any) -> Problem:
    """A gift of 1,000 from an owner of 76 with gains in the joint account and an IRA."""
    lots = [lot("ira", "RED", 10_000, 10_000, account="ira"), lot("red", "BLUE", 10_000, 2_000)]
    return household(lots, TARGETS, donations=[{"amount": 1_000, "sources": sources, "ways": allowed}], **parts)


def test_a_gift_is_made_only_in_the_ways_allowed() -> None:
    """Shares alone, cash alone or the IRA alone, whatever would cost less."""
    shares = plan(ways("in_kind", sources=("joint",)))
    assert (sum(row.value for row in shares.gifts), [row for row in shares.flows if row.kind == "cash gift"]) == (1_000, [])
    cash = plan(ways("cash", sources=("joint",)))
    assert (cash.gifts, [(row.account, row.amount) for row in cash.flows]) == ((), [("joint", 1_000)])
    straight = plan(ways("qcd", sources=("ira",)))
    assert (straight.gifts, [(row.account, row.amount) for row in straight.flows]) == ((), [("ira", 1_000)])


def test_shares_alone_are_given_without_the_lever_too() -> None:
    """There is no other way to keep the promise."""
    blind = ways("in_kind", sources=("joint",), levers=["contributions"])
    assert sum(row.value for row in plan(blind).gifts) == 1_000
    assert rebalance(ways("in_kind", sources=("joint",))).comparison is not None


def test_ways_that_no_source_offers_are_faults() -> None:
    """An IRA gives straight or not at all; nothing else does."""
    assert [fault.path for fault in faults_of(ways("in_kind"))] == [("donations", 0, "sources", 1)]
    assert [fault.path for fault in faults_of(ways("qcd"))] == [("donations", 0, "sources", 0)]
    assert [fault.path for fault in faults_of(ways("cash", "cash", sources=("joint",)))] == [("donations", 0, "ways", 1)]


def test_a_gift_straight_from_an_ira_is_on_the_return_and_no_income() -> None:
    """Form 1040 has the distribution on line 4a and nothing of it on line 4b; income but for gains stays as it was."""
    income = {"age": 77, "pensions": 60_000}
    taxpayer = {"year": 2026, "filing_status": "single", "income": income}
    found = plan(ways("qcd", sources=("ira",), taxpayer=taxpayer))
    lines = {line.number: line.amount for line in found.tax.with_plan.lines if line.form == "Form 1040"}
    before = {line.number: line.amount for line in found.tax.without_plan.lines if line.form == "Form 1040"}
    assert (lines["4a"], lines["4b"]) == (1_000, 0)
    assert lines["11a"] - lines["7a"] == before["11a"] - before["7a"]
    assert "4a" not in before
    labels = [label for label, _, _ in return_rows(found.tax)]
    assert [label[:14] for label in labels if label.startswith("Form 1040, 4")] == ["Form 1040, 4a:", "Form 1040, 4b:"]


def test_of_a_couple_the_one_who_owns_the_ira_has_made_the_gift() -> None:
    """The law lets nobody under 70½ give so; the ages on the return say whose gift it is, and of nobody's it is left out."""
    taxpayer = {"year": 2026, "filing_status": "mfj", "income": {"age": 60, "spouse_age": 77, "pensions": 60_000}}
    found = plan(ways("qcd", sources=("ira",), taxpayer=taxpayer))
    assert "4a" in {line.number for line in found.tax.with_plan.lines}
    taxpayer["income"] = {"age": 60, "spouse_age": 58, "pensions": 60_000}
    found = plan(ways("qcd", sources=("ira",), taxpayer=taxpayer))
    assert "4a" not in {line.number for line in found.tax.with_plan.lines}


def test_a_deducted_contribution_beside_a_gift_from_the_ira_is_a_fault() -> None:
    """From 70½ on the law takes deducted contributions off what may go straight to charities."""
    accounts = [
        {"id": "joint", "kind": "taxable"},
        {"id": "ira", "kind": "traditional_ira", "owner": "she", "contribution_room": 8_600, "contribution_deductible": True},
    ]
    both = ways("qcd", sources=("ira",), accounts=accounts, contributions=[{"amount": 500, "into": ["joint", "ira"]}])
    assert [fault.path for fault in faults_of(both)] == [("donations", 0, "sources", 0)]
    assert faults_of(ways("qcd", sources=("ira",), accounts=accounts)) == []
