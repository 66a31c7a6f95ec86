"""Orders: what a broker is told to trade, lots of one security in one account taken together."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from optimizer.plan import BuyRow, Plan, SaleRow, refuse_disowned
from optimizer.report.lines import accounts_of


@dataclass(frozen=True, slots=True)
class Order:
    """One market order.

    Parameters
    ----------
    account, symbol : where and what.
    action : which way.
    shares : of all its lots together.
    price, amount : dollars per share of the plan, and dollars that the order is estimated to move.
    """

    account: str
    action: Literal["SELL", "BUY"]
    symbol: str
    shares: Decimal
    price: Decimal
    amount: Decimal


def orders_of(plan: Plan) -> list[Order]:
    """Every order, account by account, sales before buys so that the cash is there.

    Raises
    ------
    LedgerDisagrees
        If the plan is one that must not be traded.
    """
    refuse_disowned(plan)
    found: list[Order] = []
    for account in accounts_of(plan):
        found += _orders("SELL", account, ((row, row.proceeds) for row in plan.sales if row.account == account))
        found += _orders("BUY", account, ((row, row.cost) for row in plan.buys if row.account == account))
    return found


def _orders(action: Literal["SELL", "BUY"], account: str, rows: Iterable[tuple[SaleRow | BuyRow, Decimal]]) -> Iterable[Order]:
    together: dict[str, list[tuple[SaleRow | BuyRow, Decimal]]] = {}
    for row, amount in rows:
        together.setdefault(row.symbol, []).append((row, amount))
    for symbol, parts in together.items():
        shares = sum((row.shares for row, _ in parts), Decimal(0))
        yield Order(account, action, symbol, shares, parts[0][0].price, sum((amount for _, amount in parts), Decimal(0)))
