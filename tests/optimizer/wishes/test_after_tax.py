"""A withdrawal asked for after tax: what is left of it by the ledger is the amount, and nothing else changes."""

from decimal import Decimal
from typing import Any

import pytest

from optimizer.check import faults_of
from optimizer.errors import ContradictoryOrders
from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.questions.only import Only, narrowed
from optimizer.questions.withdraw import withdraw
from optimizer.rebalance import rebalance, settled
from tests.wish_households import household, lot

TARGETS = {"red": 0.5, "blue": 0.5}
CLOSE = Decimal("0.06")


def drawn(answer: Plan) -> Decimal:
    """Dollars that leave before tax."""
    return sum((row.amount for row in answer.flows if row.kind == "withdrawal"), Decimal(0))


def needs(amount: float, *sources: str, net: bool = True, **parts: Any) -> Problem:
    """Half the household in an IRA, half in a joint account whose shares doubled, all in one segment; owner of 76, no penalty."""
    lots = [lot("ira", "RED", 50_000, 50_000, account="ira"), lot("joint", "RED2", 50_000, 25_000)]
    return household(lots, {"red": 1}, withdrawals=[{"amount": amount, "sources": sources, "net": net}], **parts)


def test_of_a_dollar_from_the_ira_sixty_cents_are_left_at_forty_per_cent() -> None:
    """6,000 after tax are 10,000 before it, and the plan is named by the question as it was asked."""
    problem = needs(6_000, "ira")
    answer = rebalance(problem, compare=False)
    assert drawn(answer) == pytest.approx(Decimal(10_000), abs=Decimal("0.05"))
    assert answer.problem == problem.digest()
    assert any("10,000.0" in note and "6,000.00 are left" in note for note in answer.notes)
    assert (answer.certificate.status, abs(answer.tax.difference) <= Decimal("0.05")) == ("optimal", True)


@pytest.mark.parametrize("amount", [500, 9_000, 30_000])
def test_what_is_left_is_what_leaves_less_the_tax_that_only_the_withdrawal_adds(amount: int) -> None:
    """A household outside its bands owes tax without the withdrawal too; that is not the withdrawal's."""
    lots = [
        lot("ira", "RED", 20_000, 20_000, account="ira"),
        lot("red", "RED", 50_000, 20_000),
        lot("young", "RED", 5_000, 1_000, "2026-06-01"),
        lot("blue", "BLUE", 30_000, 34_000),
    ]
    order = {"amount": amount, "sources": ["joint", "ira"], "net": True}
    asked = household(lots, TARGETS, withdrawals=[order])
    answer = rebalance(asked, compare=False)
    without = rebalance(asked.model_copy(update={"withdrawals": ()}), compare=False)
    left = drawn(answer) - (answer.tax.with_plan.total - without.tax.with_plan.total)
    assert amount <= left < amount + CLOSE


def test_the_command_and_the_document_agree_on_what_leaves() -> None:
    """`withdraw --net` asks the same of the same search; a household at rest owes nothing else."""
    asked = needs(8_000, "ira", "joint", net=True)
    alone = withdraw(asked.model_copy(update={"withdrawals": ()}), Decimal(8_000), net=True, sources=("ira", "joint"))
    only = rebalance(narrowed(asked, Only.CASH), compare=False)
    assert abs(alone.before_tax - drawn(only)) < CLOSE


def test_more_than_is_left_of_everything_is_a_contradiction_in_the_words_of_the_order() -> None:
    """50,000 in the IRA leave 30,000 and no more; 29,999 can be had."""
    rest = rebalance(needs(29_999, "ira"), compare=False)
    assert drawn(rest) == pytest.approx(Decimal("49998.33"), abs=Decimal("0.06"))
    with pytest.raises(ContradictoryOrders) as refusal:
        rebalance(needs(30_100, "ira"), compare=False)
    assert any("30,100.00 after tax" in order for order in refusal.value.orders)


def test_a_question_settled_once_is_not_looked_for_again() -> None:
    """The amount before tax is no part of the document, so its name and its text stay."""
    problem = needs(6_000, "ira")
    known = settled(problem)
    assert settled(known) is known
    assert (known.digest(), known.to_json()) == (problem.digest(), problem.to_json())


def test_two_withdrawals_after_tax_are_a_fault() -> None:
    """Whose tax is whose is not to be told."""
    order = {"amount": 1_000, "sources": ["ira"], "net": True}
    problem = needs(1_000, "ira").model_copy()
    raw = problem.model_dump() | {"withdrawals": [order, order]}
    assert [fault.path for fault in faults_of(Problem.from_parts(raw))] == [("withdrawals", 1, "net")]
