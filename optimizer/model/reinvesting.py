"""Reinvestments of dividends that are still to come: purchases of securities that a loss of today must not meet.

A harvest is planned as if a reinvestment that can be switched off were off; the plan says where and until when. One that
cannot be is a purchase of as many shares as its dividend pays for, and washes as many of the shares sold at a loss.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lots.accounts import AccountKind
from lots.units import Money, Shares
from lots.wash.window import blocked_until
from optimizer.problem import Problem, Reinvestment

SMALLEST = Decimal("0.0001")
"""The part of a share to which brokers state what a dividend bought."""


@dataclass(frozen=True, slots=True)
class ComingShares:
    """Shares that a reinvestment is going to buy whatever the plan does, at today's price."""

    account: str
    symbol: str
    day: date
    amount: Money
    shares: Shares


def coming_shares(problem: Problem) -> tuple[ComingShares, ...]:
    """Purchases that cannot be switched off and fall into the window of a loss realised today, the earliest first.

    Where the pay day is not known it counts as the last one of the window.
    """
    price = {security.symbol: security.price for security in problem.securities}
    last = blocked_until(problem.as_of)
    own = {account.id for account in problem.accounts if account.kind is not AccountKind.DONOR_ADVISED}
    found = []
    for each in problem.reinvestments:
        if each.can_be_switched_off or each.amount is None or each.account not in own:
            continue
        shares = (each.amount / price[each.symbols[0]]).quantize(SMALLEST)
        day = each.next_pay or last
        if shares > 0 and day <= last:
            found.append(ComingShares(each.account, each.symbols[0], day, each.amount, shares))
    return tuple(sorted(found, key=lambda each: each.day))


def reinvested(problem: Problem) -> Iterator[tuple[Reinvestment, str]]:
    """Every reinvestment with each security that it buys."""
    for each in problem.reinvestments:
        held = dict.fromkeys(lot.symbol for lot in problem.lots if lot.account == each.account)
        yield from ((each, symbol) for symbol in each.symbols or held)
