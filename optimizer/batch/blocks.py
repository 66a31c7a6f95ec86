"""Block trades: what all plans of a run trade in one security, in one order, and whose shares they are."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from lots.units import ZERO, Money, Shares
from optimizer.batch.answer import Answer
from optimizer.plan import Plan

Side = Literal["SELL", "BUY"]


@dataclass(frozen=True, slots=True)
class Allocation:
    """One household's part of a block: shares of one lot sold, or shares bought in one account."""

    symbol: str
    side: Side
    household: str
    account: str
    lot: str
    shares: Shares
    dollars: Money


@dataclass(frozen=True, slots=True)
class Block:
    """One order for the whole book; sales come before purchases."""

    symbol: str
    side: Side
    shares: Shares
    dollars: Money
    allocations: tuple[Allocation, ...]

    @property
    def n_households(self) -> int:
        """Households that take part."""
        return len({each.household for each in self.allocations})


def blocks_of(answers: Iterable[Answer]) -> tuple[Block, ...]:
    """Sum the plans' trades by security and side; gifts and payments are no orders and stay with their household."""
    found: dict[tuple[Side, str], list[Allocation]] = {}
    for answer in answers:
        if answer.plan is not None:
            for each in _allocations(answer.household, Plan.from_json(answer.plan)):
                found.setdefault((each.side, each.symbol), []).append(each)
    return tuple(_block(side, symbol, found[side, symbol]) for side, symbol in sorted(found, key=lambda k: (k[0] == "BUY", k[1])))


def _block(side: Side, symbol: str, parts: list[Allocation]) -> Block:
    shares, dollars = sum((each.shares for each in parts), ZERO), sum((each.dollars for each in parts), ZERO)
    return Block(symbol, side, shares, dollars, tuple(parts))


def _allocations(household: str, plan: Plan) -> Iterator[Allocation]:
    for sale in plan.sales:
        yield Allocation(sale.symbol, "SELL", household, sale.account, sale.lot, sale.shares, sale.proceeds)
    for buy in plan.buys:
        yield Allocation(buy.symbol, "BUY", household, buy.account, "", buy.shares, buy.cost)
