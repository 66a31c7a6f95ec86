"""Where each segment is held, account by account, before the plan and after it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from lots.units import ZERO
from optimizer.plan import GiftRow, Plan, SaleRow
from optimizer.problem import Problem

_Key = TypeVar("_Key")

CASH = "cash"
"""The row for dollars that are in no security."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Dollars of each segment in each account.

    Parameters
    ----------
    accounts : ids of the accounts in the problem's order.
    segments : ids of the segments that securities spread over, in the problem's order; None is cash.
    names : what each segment is called.
    before, after : dollars by (segment, account); pairs without a dollar are left out.
    """

    accounts: tuple[str, ...]
    segments: tuple[str | None, ...]
    names: dict[str | None, str]
    before: dict[tuple[str | None, str], Decimal]
    after: dict[tuple[str | None, str], Decimal]


def placement(plan: Plan, problem: Problem) -> Placement:
    """Spread holdings and cash over segments and accounts, at the problem's prices."""
    price = {security.symbol: security.price for security in problem.securities}
    held: dict[tuple[str, str], Decimal] = {}
    for lot in problem.lots:
        _add(held, (lot.account, lot.symbol), lot.shares * price[lot.symbol])
    left = dict(held)
    taken: tuple[SaleRow | GiftRow, ...] = (*plan.sales, *plan.gifts)
    for row in taken:
        _add(left, (row.account, row.symbol), -row.shares * price[row.symbol])
    for buy in plan.buys:
        _add(left, (buy.account, buy.symbol), buy.shares * price[buy.symbol])
    before, after = _spread(held, problem), _spread(left, problem)
    for cash in plan.cash:
        _add(before, (None, cash.account), cash.before)
        _add(after, (None, cash.account), cash.after)
    used = {segment for table in (before, after) for (segment, _), amount in table.items() if amount}
    known: tuple[str | None, ...] = (*(segment.id for segment in problem.segments), None)
    names: dict[str | None, str] = {segment.id: segment.name or segment.id for segment in problem.segments}
    names[None] = CASH
    return Placement(
        tuple(account.id for account in problem.accounts),
        tuple(segment for segment in known if segment in used),
        names,
        {place: amount for place, amount in before.items() if amount},
        {place: amount for place, amount in after.items() if amount},
    )


def _spread(held: dict[tuple[str, str], Decimal], problem: Problem) -> dict[tuple[str | None, str], Decimal]:
    exposures = {security.symbol: security.exposures for security in problem.securities}
    found: dict[tuple[str | None, str], Decimal] = {}
    for (account, symbol), amount in held.items():
        for segment, weight in exposures[symbol].items():
            _add(found, (segment, account), amount * weight)
    return found


def _add(table: dict[_Key, Decimal], key: _Key, amount: Decimal) -> None:
    table[key] = table.get(key, ZERO) + amount
