"""Shares bought lately wash as many as are kept, share for share, and no more."""

import csv
import io
import sys
from decimal import Decimal

import pytest

from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.rebalance import rebalance
from optimizer.report.tables.trades import sales_table
from optimizer.report.terminal import page_console, show_plan
from optimizer.report.tickets import ticket_csv
from tests.wish_households import household, lot

TARGETS = {"red": 0.5, "blue": 0.5}


def plan(problem: Problem) -> Plan:
    """The plan without the comparison."""
    return rebalance(problem, compare=False)


def test_one_reinvested_share_washes_one_share_and_not_the_lot() -> None:
    """1,000 shares of basis 3 at a price of 1: 2,000 of loss; a share kept in a plan that is not traded costs its 2 dollars.

    1,998 of loss at 40 % save 799.20.
    """
    accounts = [{"id": "joint", "kind": "taxable"}, {"id": "work", "kind": "401k", "owner": "she", "traded": False}]
    lots = [
        lot("old", "RED", 1000, 3000),
        lot("new", "RED", 1, 1, "2026-11-10", account="work"),
        lot("blue", "BLUE", 1000, 500),
    ]
    answer = plan(household(lots, TARGETS, accounts=accounts))
    assert [(row.lot, row.shares, row.gain) for row in answer.sales] == [("old", 1000, Decimal("-1998.00"))]
    assert answer.tax.with_plan.total == Decimal("-799.20")
    assert (answer.certificate.status, answer.tax.difference) == ("optimal", 0)


def test_shares_bought_lately_at_a_gain_may_stay_where_selling_them_costs_more_than_they_wash() -> None:
    """100 shares bought lately stand at a short-term gain of 90, which costs 36; the 50 of loss they wash would save 20."""
    lots = [
        lot("old", "RED", 500, 750),
        lot("new", "RED", 100, 10, "2026-11-10"),
        lot("blue", "BLUE", 600, 500),
    ]
    answer = plan(household(lots, TARGETS, taxpayer=_with_short_gain()))
    assert {row.lot for row in answer.sales} == {"old"}
    assert sum(row.gain for row in answer.sales if row.gain is not None) == Decimal("-200.00")
    assert answer.tax.difference == 0


def test_the_earliest_lots_are_washed_first_whichever_loses_more() -> None:
    """100 kept shares wash the 100 of 2015, whose 900 of loss is gone, so that the 400 of 2020 count whole: 400 of loss.

    With the lot of 2015 kept back they wash 100 of 2020, and 300 count.
    """
    accounts = [{"id": "joint", "kind": "taxable"}, {"id": "work", "kind": "401k", "owner": "she", "traded": False}]
    lots = [
        lot("dear", "RED", 100, 1000, "2015-01-02"),
        lot("cheap", "RED", 400, 800, "2020-01-02"),
        lot("new", "RED", 100, 100, "2026-11-10", account="work"),
        lot("blue", "BLUE", 600, 500),
    ]
    answer = plan(household(lots, TARGETS, accounts=accounts))
    assert {row.lot: row.gain for row in answer.sales} == {"dear": 0, "cheap": Decimal("-400.00")}
    kept = plan(household(lots, TARGETS, accounts=accounts, wishes={"keep_lots": ["dear"]}))
    assert {row.lot: row.gain for row in kept.sales} == {"cheap": Decimal("-300.00")}
    assert (answer.tax.difference, kept.tax.difference) == (0, 0)


@pytest.mark.parametrize(("account", "credit"), [("joint", True), ("work", False)])
def test_a_washed_loss_is_put_off_in_a_taxable_account_and_gone_in_a_retirement_account(account: str, credit: bool) -> None:
    """All of the loss is washed either way; where its basis moves to the kept shares it still saves tax one day."""
    accounts = [{"id": "joint", "kind": "taxable"}, {"id": "work", "kind": "401k", "owner": "she", "traded": False}]
    lots = [
        lot("old", "RED", 100, 200),
        lot("new", "RED", 300, 300, "2026-11-10", account=account),
        lot("blue", "BLUE", 400, 400),
    ]
    outlook = {"untaxed_probability": 0, "discount_rate": 0, "location_years": 0, "carryforward_value": 0}
    wishes = {"keep_lots": ["new", "blue"]}
    money = [{"amount": 100, "sources": ["joint"]}]
    answer = plan(household(lots, TARGETS, accounts=accounts, outlook=outlook, wishes=wishes, withdrawals=money))
    assert [row.gain for row in answer.sales] == [0]
    assert answer.cost.future_tax == (0 if credit else 20)


def test_a_disallowed_loss_is_stated_by_sale_and_by_where_it_goes(capsys: pytest.CaptureFixture[str]) -> None:
    """11 of 1,000 shares are replaced at 2 dollars of loss each: 10 in the joint account, 1 in a 401(k), where its 2 dollars end.

    The dollars stand in the plan, on its page, in its table with the formula that adds up, on the ticket and in the frames.
    """
    accounts = [{"id": "joint", "kind": "taxable"}, {"id": "work", "kind": "401k", "owner": "she", "traded": False}]
    lots = [
        lot("old", "RED", 1000, 3000),
        lot("mine", "RED", 10, 2, "2026-11-10"),
        lot("work", "RED", 1, 1, "2026-11-10", account="work"),
        lot("blue", "BLUE", 1000, 500),
    ]
    problem = household(lots, TARGETS, accounts=accounts, wishes={"keep_lots": ["mine"]})
    answer = plan(problem)
    (sale,) = answer.sales
    assert (sale.gain, sale.disallowed_loss) == (Decimal(-1978), 22)
    assert [(row.lot, row.shares, row.loss, row.is_lost) for row in sale.replaced_by] == [
        ("mine", 10, 20, False),
        ("work", 1, 2, True),
    ]
    show_plan(answer, page_console(sys.stdout), problem)
    page = " ".join(capsys.readouterr().out.split())
    assert "Washed Gain Term" in page
    assert "$22.00 -$1,978 long" in page
    assert "$20.00 of it is added to the basis of lot mine (RED, bought 2026-11-10, in joint)" in page
    assert "$2.00 of it is lost for ever, because it is replaced in a retirement account" in page
    ticket = next(csv.DictReader(io.StringIO(ticket_csv(answer))))
    assert (ticket["est_gain"], ticket["est_disallowed_loss"]) == ("-1978.00", "22.00")
    columns = [column.key for column in sales_table(answer, {}).columns]
    row = dict(zip(columns, sales_table(answer, {}).rows[0], strict=True))
    assert row["proceeds"] - row["basis"] + row["disallowed"] == row["gain"]  # type: ignore[operator]
    assert row["goes"] == "$20.00 to the basis of joint/mine; $2.00 lost for ever in work/work"
    assert list(answer.frames.lots["disallowed_loss"]) == [22.0]


def test_without_a_disallowed_loss_no_column_speaks_of_one(capsys: pytest.CaptureFixture[str]) -> None:
    """A column of blanks would only raise questions."""
    problem = household([lot("old", "RED", 1000, 3000), lot("blue", "BLUE", 1000, 500)], TARGETS)
    answer = plan(problem)
    assert [row.disallowed_loss for row in answer.sales] == [0]
    show_plan(answer, page_console(sys.stdout), problem)
    assert "Washed" not in capsys.readouterr().out
    assert {"disallowed", "goes"}.isdisjoint(column.key for column in sales_table(answer, {}).columns)


def _with_short_gain() -> dict[str, object]:
    return {
        "year": 2026,
        "filing_status": "single",
        "rates": {"ordinary": 0.4, "long_term": 0.2},
        "gains": {"short": 5000},
    }
