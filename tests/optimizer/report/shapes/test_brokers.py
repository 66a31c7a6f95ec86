"""Order files: the same shares as the plan, sales first, in the columns that each broker takes."""

import csv
import io
import json
import re
from collections import Counter
from decimal import Decimal

import pytest

from optimizer.errors import InputFaults
from optimizer.plan import Plan
from optimizer.report.shapes.brokers import (
    BASKET,
    SHAPES,
    basket_csv,
    schwab_template,
    template_csv,
    ticket_json,
    wealthscape_csv,
)
from tests.optimizer.report.planned import hostile

Planned = Counter[tuple[str, str, str]]


def rows(text: str) -> list[list[str]]:
    """A CSV file read back."""
    return list(csv.reader(io.StringIO(text)))


def planned(plan: Plan) -> Planned:
    """Shares to trade by account, action and symbol."""
    found: Planned = Counter()
    for sale in plan.sales:
        found[sale.account, "SELL", sale.symbol] += sale.shares  # type: ignore[assignment]
    for buy in plan.buys:
        found[buy.account, "BUY", buy.symbol] += buy.shares  # type: ignore[assignment]
    return found


def test_a_basket_orders_what_the_plan_trades(plan: Plan) -> None:
    """Lots of one security go out as one order; nothing is lost on the way and nothing is ordered twice."""
    header, *orders = rows(basket_csv(plan))
    assert tuple(header) == BASKET
    found = [dict(zip(header, row, strict=True)) for row in orders]
    ordered = {(row["Account"], row["Action"], row["Symbol"]): Decimal(row["Quantity"]) for row in found}
    assert ordered == planned(plan)
    assert len(ordered) == len(orders)
    assert len({row["OrderRef"] for row in found}) == len(orders)


def test_sales_come_before_buys_in_every_account(plan: Plan) -> None:
    """A buy that is sent first would be refused or bought on margin."""
    actions: dict[str, list[str]] = {}
    for row in rows(basket_csv(plan))[1:]:
        actions.setdefault(row[10], []).append(row[0])
    assert all(each == sorted(each, reverse=True) for each in actions.values())
    assert set(actions["joint"]) == {"SELL", "BUY"}


def test_wealthscape_takes_eight_columns_without_a_header(plan: Plan) -> None:
    """Account, type, action, quantity with three decimals, symbol, price type, time in force, and no limit."""
    orders = rows(wealthscape_csv(plan))
    assert {len(row) for row in orders} == {8}
    assert all(re.fullmatch(r"[0-9]+\.[0-9]{3}", row[3]) for row in orders)
    assert {row[2] for row in orders} == {"B", "S"}
    assert {(row[1], row[5], row[6], row[7]) for row in orders} == {("1", "M", "D", "")}
    assert sum(Decimal(row[3]) for row in orders) == pytest.approx(sum(planned(plan).values()), abs=Decimal("0.01"))


def test_a_word_longer_than_its_field_is_refused(plan: Plan) -> None:
    """Cut short, the order would go to another account."""
    sale = plan.sales[0].model_copy(update={"account": "an account with a long name"})
    with pytest.raises(InputFaults) as refusal:
        wealthscape_csv(plan.model_copy(update={"sales": (sale,), "buys": ()}))
    assert "at most 20 characters" in str(refusal.value.faults[0].expected)


def test_a_template_names_columns_and_words(plan: Plan) -> None:
    """Where a broker's format changes, the user edits two lines instead of waiting for us."""
    header, first, *_ = rows(template_csv(plan, "What,How many\n{action} {symbol},{shares}\n", "mine.csv"))
    assert header == ["What", "How many"]
    assert first[0] == "SELL XLK"
    assert Decimal(first[1]) == planned(plan)["joint", "SELL", "XLK"]


def test_a_template_with_a_word_of_lots_has_a_row_for_every_lot(plan: Plan) -> None:
    """Basis and date are of a lot; an order of several lots has no single one."""
    lots = rows(template_csv(plan, "Lot,Shares\n{acquired},{shares}\n", "mine.csv"))[1:]
    assert len(lots) == len(plan.sales) + len(plan.buys)


@pytest.mark.parametrize(
    ("template", "expected"),
    [("A,B\n{shares}\n", "a header and one row"), ("A\n{quantity}\n", "one of account"), ("", "a header and one row")],
)
def test_a_faulty_template_is_told(plan: Plan, template: str, expected: str) -> None:
    """A misspelt word must not become an empty column."""
    with pytest.raises(InputFaults) as refusal:
        template_csv(plan, template, "mine.csv")
    assert expected in refusal.value.faults[0].expected


def test_our_template_for_schwab_can_be_copied(plan: Plan) -> None:
    """What the word schwab writes is what a copy of its template writes."""
    assert SHAPES["schwab"](plan) == template_csv(plan, schwab_template(), "copy.csv")


def test_the_ticket_as_json_has_numbers(plan: Plan) -> None:
    """A program that reads it need not parse dollars."""
    ticket = json.loads(ticket_json(plan))
    sold = [row["shares"] for row in ticket if row["action"] == "SELL"]
    assert sum(sold) == pytest.approx(float(sum(row.shares for row in plan.sales)))
    assert {type(row["est_gain"]) for row in ticket} == {float, type(None)}


@pytest.mark.parametrize("shape", ["own", "ibkr", "schwab"])
def test_no_text_of_a_file_is_a_formula(shape: str) -> None:
    """A ticket is opened in a spreadsheet before it is uploaded."""
    plan, _ = hostile()
    cells = [cell for row in rows(SHAPES[shape](plan)) for cell in row]
    assert any("onerror" in cell for cell in cells)
    texts = [cell for cell in cells if not re.fullmatch(r"-?[0-9.]+", cell)]
    assert [cell for cell in texts if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
