"""The ticket: one row a trade, exact to the cent, in an order that can be traded, and harmless in a spreadsheet."""

import csv
import io
from decimal import Decimal

import pytest

from optimizer.plan import Plan
from optimizer.report.tickets import COLUMNS, ticket_csv


def rows(plan: Plan) -> list[dict[str, str]]:
    """The ticket read back."""
    return list(csv.DictReader(io.StringIO(ticket_csv(plan))))


def test_every_trade_is_on_the_ticket_to_the_cent(plan: Plan) -> None:
    """What is entered at the broker must be what was planned, no more and no less."""
    ticket = rows(plan)
    assert tuple(ticket[0]) == COLUMNS
    for action, trades in (("SELL", plan.sales), ("GIVE", plan.gifts), ("BUY", plan.buys)):
        planned = [row.shares for account in plan.cash for row in trades if row.account == account.account]
        assert [Decimal(row["shares"]) for row in ticket if row["action"] == action] == planned
    sold = sum((row.proceeds.quantize(Decimal("0.01")) for row in plan.sales), Decimal(0))
    assert sum((Decimal(row["est_amount"]) for row in ticket if row["action"] == "SELL"), Decimal(0)) == sold


def test_a_taxed_sale_and_a_gift_name_their_lot_and_an_untaxed_sale_does_not(plan: Plan) -> None:
    """Specific identification has to be asked for, and where no tax looks it would only be trouble."""
    methods = {(row["action"], row["account"]): row["method"] for row in rows(plan)}
    assert methods["SELL", "joint"] == "SPECIFIC_LOT"
    assert methods["GIVE", "joint"] == "SPECIFIC_LOT"
    assert methods["SELL", "roth"] == ""
    assert methods["BUY", "joint"] == ""
    assert all("before the trade settles" in row["reason"] for row in rows(plan) if row["method"])


def test_a_reason_ends_before_the_next_sentence_begins(plan: Plan) -> None:
    """Reasons come with and without a full stop; the ticket has exactly one before what to do."""
    bare = plan.sales[0].model_copy(update={"reason": "a loss that saves 26.4% of itself"})
    ticket = rows(plan.model_copy(update={"sales": (bare, plan.sales[1])}))
    first, second = (row["reason"] for row in ticket if row["action"] == "SELL")
    assert first == "a loss that saves 26.4% of itself. Name this lot to the broker before the trade settles."
    assert ".." not in second


def test_the_order_within_an_account_can_be_traded(plan: Plan) -> None:
    """Buys before sales would ask the broker for credit."""
    order = ["CONTRIBUTE", "SELL", "GIVE", "BUY", "GIVE CASH", "WITHDRAW"]
    for account in {row["account"] for row in rows(plan)}:
        steps = [order.index(row["action"]) for row in rows(plan) if row["account"] == account]
        assert steps == sorted(steps)


def test_losses_stay_numbers(plan: Plan) -> None:
    """A minus sign before a number is no formula; quoted as text it could not be summed."""
    gains = [row["est_gain"] for row in rows(plan) if row["symbol"] == "XLE"]
    assert gains == ["-1860.00"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_a_text_that_looks_like_a_formula_is_kept_from_being_one(plan: Plan, start: str) -> None:
    """An account named by somebody else must not run a command in the reader's spreadsheet."""
    evil = f"{start}HYPERLINK(1)"
    sale = plan.sales[0].model_copy(update={"lot": evil, "reason": evil, "symbol": evil})
    ticket = rows(plan.model_copy(update={"sales": (sale,)}))
    cells = next([row[name] for name in ("lot", "reason", "symbol")] for row in ticket if row["action"] == "SELL")
    assert [cell[:1] for cell in cells] == ["'", "'", "'"]


def test_commas_quotes_and_lines_survive(plan: Plan) -> None:
    """A reason is prose; prose has commas."""
    sale = plan.sales[0].model_copy(update={"reason": 'first, "second"'})
    assert rows(plan.model_copy(update={"sales": (sale,)}))[0]["reason"].startswith('first, "second"')
