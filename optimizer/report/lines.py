"""The plan's trades as the lines and groups that a page and a ticket show, account by account."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from lots.lot import Term
from lots.units import ZERO
from optimizer.plan import BuyRow, CashRow, FlowRow, GiftRow, Plan, SaleRow
from optimizer.report.figures import change, dollars, plural

Trade = SaleRow | GiftRow | BuyRow

_Row = Trade | FlowRow | CashRow

_FLOWS = {"contribution": "Contribute", "withdrawal": "Withdraw", "cash gift": "Give cash", "income": "Income pooled"}


@dataclass(frozen=True, slots=True)
class Line:
    """One lot, purchase or flow as it stands on the page; what does not apply is None."""

    amount: Decimal
    shares: Decimal | None = None
    acquired: date | None = None
    gain: Decimal | None = None
    term: Term | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of one action on one security that happen for the same reason."""

    title: str
    reason: str
    lines: tuple[Line, ...]

    @property
    def sum(self) -> Line:
        """All lines together."""
        gains = [line.gain for line in self.lines if line.gain is not None]
        return Line(
            amount=sum((line.amount for line in self.lines), ZERO),
            shares=sum((line.shares for line in self.lines if line.shares is not None), ZERO) or None,
            gain=sum(gains, ZERO) if gains else None,
        )


def accounts_of(plan: Plan) -> list[str]:
    """Every account the plan names: those of the cash table in its order, then any that has trades alone."""
    tables: tuple[tuple[_Row, ...], ...] = (plan.cash, plan.sales, plan.gifts, plan.buys, plan.flows)
    return list(dict.fromkeys(row.account for rows in tables for row in rows))


def groups_of(plan: Plan, account: str) -> list[Group]:
    """The account's trades in an order that its cash allows: money in, sales, gifts, buys, money out."""
    flows = [row for row in plan.flows if row.account == account]
    return [
        *(_flow(row) for row in flows if row.kind in ("contribution", "income")),
        *_grouped("Sell", [row for row in plan.sales if row.account == account]),
        *_grouped("Give", [row for row in plan.gifts if row.account == account]),
        *_grouped("Buy", [row for row in plan.buys if row.account == account]),
        *(_flow(row) for row in flows if row.kind not in ("contribution", "income")),
    ]


def moved(plan: Plan, account: str | None = None) -> str:
    """What was sold, given, bought and moved in words, in one account or, for None, in all of them."""
    sales = [row for row in plan.sales if account in (None, row.account)]
    gifts = [row for row in plan.gifts if account in (None, row.account)]
    buys = [row for row in plan.buys if account in (None, row.account)]
    flows = [row for row in plan.flows if account in (None, row.account)]
    parts = []
    if sales:
        parts.append(f"sold {_total(row.proceeds for row in sales)} in {plural(len(sales), 'lot')}{_gains(sales)}")
    if gifts:
        parts.append(f"gave {_total(row.value for row in gifts)} in {plural(len(gifts), 'lot')}")
    if buys:
        parts.append(f"bought {_total(row.cost for row in buys)}")
    for kind, verb in (("contribution", "put in"), ("withdrawal", "took out"), ("cash gift", "gave in cash")):
        amounts = [row.amount for row in flows if row.kind == kind]
        parts += [f"{verb} {_total(iter(amounts))}"] if amounts else []
    return ", ".join(parts) or "nothing to trade"


def _grouped(action: str, rows: list[SaleRow] | list[GiftRow] | list[BuyRow]) -> Iterator[Group]:
    ordered: list[Trade] = sorted(rows, key=_key)
    for (symbol, reason), group in groupby(ordered, key=_key):
        yield Group(f"{action} {symbol}", reason, tuple(_line(row) for row in group))


def _key(row: Trade) -> tuple[str, str]:
    return row.symbol, row.reason


def _line(row: Trade) -> Line:
    match row:
        case SaleRow():
            return Line(row.proceeds, row.shares, row.acquired, row.gain, row.term)
        case GiftRow():
            return Line(row.value, row.shares, row.acquired, None, row.term)
        case BuyRow():
            return Line(row.cost, row.shares)


def _flow(row: FlowRow) -> Group:
    facts = [f"taxable {change(row.taxable)}"] if row.taxable else []
    facts += [f"penalty {dollars(row.penalty)}"] if row.penalty else []
    reason = f"{row.reason} ({', '.join(facts)})" if facts else row.reason
    return Group(_FLOWS[row.kind], reason, (Line(row.amount),))


def _total(amounts: Iterator[Decimal]) -> str:
    return dollars(sum(amounts, ZERO))


def _gains(sales: list[SaleRow]) -> str:
    """Gains and losses by term, as far as they are taxed."""
    parts = []
    for term in Term:
        gains = [row.gain for row in sales if row.gain is not None and row.term is term]
        won, lost = sum((gain for gain in gains if gain > 0), ZERO), sum((gain for gain in gains if gain < 0), ZERO)
        parts += [f"{term}-term gains {dollars(won)}"] if won else []
        parts += [f"{term}-term losses {dollars(-lost)}"] if lost else []
    return f" ({', '.join(parts)})" if parts else ""
