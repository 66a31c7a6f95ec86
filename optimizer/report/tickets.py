"""The trades as a CSV ticket: what to enter at each broker, in the order in which the cash allows it."""

import csv
import io
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from optimizer.plan import BuyRow, FlowRow, GiftRow, Plan, SaleRow, refuse_disowned
from optimizer.report.figures import CENT, ended
from optimizer.report.lines import accounts_of
from optimizer.report.table import harmless

COLUMNS = (
    "account",
    "action",
    "symbol",
    "shares",
    "est_amount",
    "lot",
    "acquired",
    "basis",
    "term",
    "est_gain",
    "est_disallowed_loss",
    "method",
    "reason",
)

NAME_THE_LOT = "Name this lot to the broker before the trade settles."
"""Reg. 1.1012-1(c): a lot counts as identified only when it is named by then."""

_FLOWS = {"contribution": "CONTRIBUTE", "withdrawal": "WITHDRAW", "cash gift": "GIVE CASH"}

Cell = str | Decimal | None


def ticket_csv(plan: Plan) -> str:
    """Write the plan's trades as CSV, one row per lot sold or given, per security bought and per payment in or out.

    Within an account the rows stand in an order that can be traded: money in, sales, gifts, buys, money out. Numbers
    are bare numbers; a text that a spreadsheet would take for a formula is kept from being one by an apostrophe.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in ticket_rows(plan):
        writer.writerow([_written(cell) for cell in row])
    return text.getvalue()


def ticket_rows(plan: Plan) -> Iterator[tuple[Cell, ...]]:
    """The rows of the ticket, one cell for each of :data:`COLUMNS`; what does not apply is None.

    Raises
    ------
    LedgerDisagrees
        If the plan is one that must not be traded.
    """
    refuse_disowned(plan)
    for account in accounts_of(plan):
        yield from _rows(plan, account)


def _rows(plan: Plan, account: str) -> Iterator[tuple[Cell, ...]]:
    flows = [flow for flow in plan.flows if flow.account == account and flow.kind in _FLOWS]
    yield from (_flow(flow) for flow in flows if flow.kind == "contribution")
    yield from (_sale(sale) for sale in plan.sales if sale.account == account)
    yield from (_gift(gift) for gift in plan.gifts if gift.account == account)
    yield from (_buy(buy) for buy in plan.buys if buy.account == account)
    yield from (_flow(flow) for flow in flows if flow.kind != "contribution")


def _sale(row: SaleRow) -> tuple[Cell, ...]:
    by_lot = row.term is not None  # which lot is sold matters only where sales are taxed
    return (
        *(row.account, "SELL", row.symbol, row.shares, _cents(row.proceeds), row.lot),
        row.acquired.isoformat() if row.acquired else None,
        _cents(row.cost_basis),
        row.term,
        _cents(row.gain),
        _cents(row.disallowed_loss) if row.disallowed_loss else None,
        "SPECIFIC_LOT" if by_lot else None,
        _named(row.reason) if by_lot else row.reason,
    )


def _gift(row: GiftRow) -> tuple[Cell, ...]:
    return (
        *(row.account, "GIVE", row.symbol, row.shares, _cents(row.value), row.lot),
        row.acquired.isoformat() if row.acquired else None,
        _cents(row.cost_basis),
        row.term,
        None,
        None,
        "SPECIFIC_LOT",
        _named(row.reason),
    )


def _buy(row: BuyRow) -> tuple[Cell, ...]:
    return (row.account, "BUY", row.symbol, row.shares, _cents(row.cost), *[None] * 7, row.reason)


def _flow(row: FlowRow) -> tuple[Cell, ...]:
    return (row.account, _FLOWS[row.kind], None, None, _cents(row.amount), *[None] * 7, row.reason)


def _named(reason: str) -> str:
    """The reason as a sentence of its own, and what to do beside the trade."""
    return f"{ended(reason)} {NAME_THE_LOT}"


def _cents(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount.quantize(CENT, ROUND_HALF_UP)


def _written(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case Decimal():
            return f"{cell:f}"
        case _:
            return harmless(cell)
