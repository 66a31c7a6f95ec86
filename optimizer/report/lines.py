"""The plan's trades as the lines and groups that a page and a ticket show, account by account."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from lots.lot import Term
from lots.units import ZERO
from optimizer.plan import BuyRow, CashRow, FlowRow, GiftRow, Plan, SaleRow
from optimizer.report.figures import CENT, DOLLAR, dollars, plural

Trade = SaleRow | GiftRow | BuyRow

_Row = Trade | FlowRow | CashRow


@dataclass(frozen=True, slots=True)
class Line:
    """One lot, purchase or flow as it stands on the page; what does not apply is None."""

    reason: str
    amount: Decimal
    shares: Decimal | None = None
    acquired: date | None = None
    gain: Decimal | None = None
    term: Term | None = None
    disallowed: Decimal | None = None
    """What the wash-sale rule takes from the loss; None where it takes nothing."""
    paid_by: str = ""
    """The security that paid an income."""


@dataclass(frozen=True, slots=True)
class Run:
    """Lines that happen for the same reason."""

    reason: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One action on one security, or one kind of flow: its lines in the order of their dates, grouped by reason."""

    title: str
    noun: str
    """What one line is: a lot, a payment."""
    runs: tuple[Run, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines of all runs."""
        return tuple(line for run in self.runs for line in run.lines)

    @property
    def sum(self) -> Line:
        """All lines together."""
        gains = [line.gain for line in self.lines if line.gain is not None]
        return Line(
            reason="",
            amount=sum((line.amount for line in self.lines), ZERO),
            shares=sum((line.shares for line in self.lines if line.shares is not None), ZERO) or None,
            gain=sum(gains, ZERO) if gains else None,
            disallowed=sum((line.disallowed for line in self.lines if line.disallowed), ZERO) or None,
        )


def accounts_of(plan: Plan) -> list[str]:
    """Every account the plan names: those of the cash table in its order, then any that has trades alone."""
    tables: tuple[tuple[_Row, ...], ...] = (plan.cash, plan.sales, plan.gifts, plan.buys, plan.flows)
    return list(dict.fromkeys(row.account for rows in tables for row in rows))


def blocks_of(plan: Plan, account: str) -> list[Block]:
    """The account's trades in an order that its cash allows: money in, sales, gifts, buys, money out."""
    flows = [row for row in plan.flows if row.account == account]
    return [
        *_flows("income", "Income", flows),
        *_flows("contribution", "Contribute", flows),
        *_trades("Sell", [row for row in plan.sales if row.account == account]),
        *_trades("Give", [row for row in plan.gifts if row.account == account]),
        *_trades("Buy", [row for row in plan.buys if row.account == account]),
        *_flows("cash gift", "Give cash", flows),
        *_flows("withdrawal", "Withdraw", flows),
    ]


def moved(plan: Plan, account: str | None = None) -> str:
    """What was sold, given, bought and moved in words: to the cent in one account, in whole dollars, for None, in all of them.

    In an account the amounts, with its cash before and the cost of trading, add up to its cash after.
    """
    step = DOLLAR if account is None else CENT
    sales = [row for row in plan.sales if account in (None, row.account)]
    gifts = [row for row in plan.gifts if account in (None, row.account)]
    buys = [row for row in plan.buys if account in (None, row.account)]
    flows = [row for row in plan.flows if account in (None, row.account)]
    parts = []
    if sales:
        parts.append(f"sold {_total((row.proceeds for row in sales), step)} in {plural(len(sales), 'lot')}{_gains(sales)}")
    if gifts:
        parts.append(f"gave {_total((row.value for row in gifts), step)} in {plural(len(gifts), 'lot')}")
    if buys:
        parts.append(f"bought {_total((row.cost for row in buys), step)}")
    for kind, verb in (("contribution", "put in"), ("withdrawal", "took out"), ("cash gift", "gave in cash")):
        amounts = [row.amount for row in flows if row.kind == kind]
        parts += [f"{verb} {_total(iter(amounts), step)}"] if amounts else []
    spent = trading_cost(plan, account)
    if abs(spent) >= CENT:
        parts.append(f"trading cost {dollars(spent, step)}")
    return ", ".join(parts) or "nothing to trade"


def trading_cost(plan: Plan, account: str | None = None) -> Decimal:
    """What the half-spreads took: the cash that is gone without having been moved, in one account or, for None, in all."""
    rows = [row for row in plan.cash if account in (None, row.account)]
    known = {row.account for row in rows}
    flows = [row for row in plan.flows if row.account in known and row.kind != "income"]  # cash before has the income in it
    came = sum((row.before for row in rows), ZERO)
    came += sum((row.proceeds for row in plan.sales if row.account in known), ZERO)
    came += sum((row.amount for row in flows if row.kind == "contribution"), ZERO)
    went = sum((row.cost for row in plan.buys if row.account in known), ZERO)
    went += sum((row.amount for row in flows if row.kind != "contribution"), ZERO)
    return came - went - sum((row.after for row in rows), ZERO)


def _trades(action: str, rows: Iterable[Trade]) -> Iterator[Block]:
    for symbol, group in groupby(sorted(rows, key=_symbol), key=_symbol):
        lines = sorted(map(_line, group), key=lambda line: line.acquired or date.min)
        yield Block(f"{action} {symbol}", "lot", _runs(lines))


def _flows(kind: str, title: str, rows: list[FlowRow]) -> Iterator[Block]:
    lines = [Line(flow_reason(row), row.amount, paid_by=row.paid_by or "") for row in rows if row.kind == kind]
    if lines:
        yield Block(title, "payment", _runs(lines))


def _runs(lines: list[Line]) -> tuple[Run, ...]:
    """Group lines by reason; the reason of the earliest line comes first."""
    runs: dict[str, list[Line]] = {}
    for line in lines:
        runs.setdefault(line.reason, []).append(line)
    return tuple(Run(reason, tuple(group)) for reason, group in runs.items())


def _symbol(row: Trade) -> str:
    return row.symbol


def _line(row: Trade) -> Line:
    match row:
        case SaleRow():
            washed = row.disallowed_loss or None
            return Line(row.reason, row.proceeds, row.shares, row.acquired, row.gain, row.term, washed)
        case GiftRow():
            return Line(row.reason, row.value, row.shares, row.acquired, None, row.term)
        case BuyRow():
            return Line(row.reason, row.cost, row.shares)


def flow_reason(row: FlowRow) -> str:
    """Why cash moves, and what it does to the year's income."""
    facts = []
    if row.taxable > 0:
        facts.append(f"adds {dollars(row.taxable)} to this year's income")
    elif row.taxable < 0:
        facts.append(f"lowers this year's income by {dollars(-row.taxable)}")
    if row.penalty:
        facts.append(f"penalty {dollars(row.penalty)}")
    return f"{row.reason} ({', '.join(facts)})" if facts else row.reason


def _total(amounts: Iterator[Decimal], step: Decimal) -> str:
    return dollars(sum(amounts, ZERO), step)


def _gains(sales: list[SaleRow]) -> str:
    """Gains and losses by term, as far as they are taxed."""
    parts = []
    for term in Term:
        gains = [row.gain for row in sales if row.gain is not None and row.term is term]
        won, lost = sum((gain for gain in gains if gain > 0), ZERO), sum((gain for gain in gains if gain < 0), ZERO)
        parts += [f"{term}-term gains {dollars(won)}"] if won else []
        parts += [f"{term}-term losses {dollars(-lost)}"] if lost else []
    return f" ({', '.join(parts)})" if parts else ""
