"""The shapes of order files: Wealthscape, Interactive Brokers, and whatever a template of columns describes."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from importlib.resources import files

from optimizer.errors import Fault, InputFaults
from optimizer.plan import Plan
from optimizer.report.figures import CENT
from optimizer.report.shapes.orders import Order, orders_of
from optimizer.report.table import harmless
from optimizer.report.tickets import COLUMNS, Cell, ticket_csv, ticket_rows

WEALTHSCAPE_FIELDS = (("account", 20), ("quantity", 10), ("symbol", 30))
"""Fields that hold words of the household, with the most characters that Wealthscape's order import takes."""
WEALTHSCAPE_STEP = Decimal("0.001")
CASH_ACCOUNT, MARKET, TODAY = "1", "M", "D"

BASKET = (
    *("Action", "Quantity", "Symbol", "SecType", "Exchange", "Currency", "TimeInForce", "OrderType", "LmtPrice"),
    *("BasketTag", "Account", "OrderRef"),
)
"""The header of an Interactive Brokers basket."""

LOT_WORDS = frozenset({"lot", "acquired", "basis", "term", "est_gain", "est_disallowed_loss", "method", "reason"})
"""Words of a template that only a lot can fill; with one of them every lot gets a row of its own."""

_WORD = re.compile(r"\{([a-z_]*)\}")


def wealthscape_csv(plan: Plan) -> str:
    """Orders for the order import of Fidelity's Wealthscape, which takes no header.

    Account number, account type (cash), action, quantity to three decimals, symbol, price type, time in force, no limit.
    The account is the household's own word for it, since a plan knows no account numbers.

    Raises
    ------
    InputFaults
        If a word is longer than its field.
    """
    orders, rows, faults = orders_of(plan), [], []
    for order in orders:
        quantity = f"{order.shares.quantize(WEALTHSCAPE_STEP, ROUND_DOWN):f}"
        for (name, most), word in zip(WEALTHSCAPE_FIELDS, (order.account, quantity, order.symbol), strict=True):
            if len(word) > most:
                faults.append(Fault((), repr(word), f"at most {most} characters", where=f"Wealthscape order, {name}"))
        rows.append((order.account, CASH_ACCOUNT, order.action[0], quantity, order.symbol, MARKET, TODAY, ""))
    if faults:
        raise InputFaults(faults)
    return _csv(rows)


def basket_csv(plan: Plan) -> str:
    """Orders as a basket for Interactive Brokers' Trader Workstation: stocks and funds, routed smartly, at the market."""
    rows = (
        (
            *(order.action, f"{order.shares:f}", order.symbol, "STK", "SMART", "USD", "DAY", "MKT", ""),
            *(f"bandwise {plan.as_of}", order.account, f"bandwise-{number}"),
        )
        for number, order in enumerate(orders_of(plan), start=1)
    )
    return _csv([BASKET, *rows])


def template_csv(plan: Plan, template: str, name: str) -> str:
    """Orders in the columns of a template: a CSV file of a header and one row of words in braces.

    Parameters
    ----------
    plan : the answer.
    template : the text of the template; words are those of our own ticket's header.
    name : what the template is called in a fault.

    Raises
    ------
    InputFaults
        If the template has not two rows of the same length, or a word nobody knows.
    """
    lines = [line for line in csv.reader(io.StringIO(template)) if line]
    if len(lines) != 2 or len(lines[0]) != len(lines[1]):
        found = f"{len(lines)} rows of {', '.join(str(len(line)) for line in lines) or 'no'} columns"
        raise InputFaults([Fault((), found, "a header and one row of words in braces, of as many columns", where=name)])
    header, pattern = lines
    words = {word for cell in pattern for word in _WORD.findall(cell)}
    strange = sorted(words - set(COLUMNS))
    if strange:
        faults = [Fault((), f"{{{word}}}", f"one of {', '.join(COLUMNS)}", where=f"{name}, row 2") for word in strange]
        raise InputFaults(faults)
    rows = _lots(plan) if words & LOT_WORDS else [_words(order) for order in orders_of(plan)]
    return _csv([header, *([_filled(cell, row) for cell in pattern] for row in rows)])


def schwab_csv(plan: Plan) -> str:
    """Orders in the columns of our template for Schwab, whose import lets the user name the columns."""
    return template_csv(plan, schwab_template(), "schwab.csv")


def schwab_template() -> str:
    """The template to copy and edit."""
    return files("optimizer.report.shapes").joinpath("schwab.csv").read_text(encoding="utf-8")


def ticket_json(plan: Plan) -> str:
    """Our own ticket as JSON: a list of objects, numbers as numbers, what does not apply as null."""
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in ticket_rows(plan)]
    return json.dumps(rows, indent=2, ensure_ascii=False, default=float) + "\n"


SHAPES: dict[str, Callable[[Plan], str]] = {
    "own": ticket_csv,
    "json": ticket_json,
    "wealthscape": wealthscape_csv,
    "ibkr": basket_csv,
    "schwab": schwab_csv,
}
"""Shapes by the word that asks for them."""


def _lots(plan: Plan) -> list[dict[str, str]]:
    """Sales and buys of our own ticket, lot by lot."""
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in ticket_rows(plan)]
    orders = [row for row in rows if row["action"] in ("SELL", "BUY")]
    return [{word: _word(cell) for word, cell in row.items()} for row in orders]


def _word(cell: Cell) -> str:
    return "" if cell is None else f"{cell:f}" if isinstance(cell, Decimal) else cell


def _words(order: Order) -> dict[str, str]:
    return {
        "account": order.account,
        "action": order.action,
        "symbol": order.symbol,
        "shares": f"{order.shares:f}",
        "est_amount": f"{order.amount.quantize(CENT, ROUND_HALF_UP):f}",
    }


def _filled(cell: str, row: dict[str, str]) -> str:
    return _WORD.sub(lambda found: row[found.group(1)], cell)


def _csv(rows: Iterable[Sequence[str]]) -> str:
    """Rows as CSV, every cell that is no number kept from being a formula."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([_safe(cell) for cell in row] for row in rows)
    return text.getvalue()


def _safe(cell: str) -> str:
    return cell if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", cell) else harmless(cell)
