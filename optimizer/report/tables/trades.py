"""The trades: one table of each kind for the workbook, and account by account, reason by reason, for the page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from lots.units import ZERO
from optimizer.explain.washed import where_it_goes
from optimizer.plan import BuyRow, FlowRow, GiftRow, Plan, SaleRow
from optimizer.problem import Problem
from optimizer.report.figures import cents, plain
from optimizer.report.lines import accounts_of, flow_reason, moved, trading_cost
from optimizer.report.table import Column, DataTable, Kind, Row, table, without
from optimizer.report.tables.allocation import account_names
from optimizer.report.trades import KINDS

_LOT = (Column("account", "Account"), Column("symbol", "Symbol"), Column("lot", "Lot"), Column("acquired", "Acquired", Kind.DATE))
_SHARES = (Column("shares", "Shares", Kind.SHARES), Column("price", "Price", Kind.PRICE))
_NEXT_BEST = (
    Column("runner_up", "Next best lot"),
    Column("runner_up_costs", "More cost without this one", Kind.CENTS),
)
"""Known only of a plan that was explained."""
_DISALLOWED = Column("disallowed", "Loss not allowed", Kind.CENTS, is_summed=True)
"""What the wash-sale rule takes from a loss; only where it takes something."""
UNDATED = "no date"
"""What stands for the day of a lot that the household does not state."""
_WASHED = "{proceeds}-{basis}+{disallowed}"

_SALES = (
    *_LOT,
    *_SHARES,
    Column("proceeds", "Proceeds", Kind.CENTS, "ROUND({shares}*{price},2)", is_summed=True),
    Column("basis", "Basis", Kind.CENTS, is_summed=True),
    _DISALLOWED,
    Column("gain", "Gain", Kind.CHANGE, _WASHED, is_summed=True),
    Column("term", "Term"),
    Column("goes", "Where the loss goes"),
    *_NEXT_BEST,
    Column("reason", "Why"),
)
_GIFTS = (
    *_LOT,
    *_SHARES,
    Column("value", "Value", Kind.CENTS, "ROUND({shares}*{price},2)", is_summed=True),
    Column("basis", "Basis", Kind.CENTS, is_summed=True),
    Column("untaxed", "Gain never taxed", Kind.CHANGE, "{value}-{basis}", is_summed=True),
    Column("deduction", "Counts as deduction", Kind.CENTS, is_summed=True),
    Column("term", "Term"),
    *_NEXT_BEST,
    Column("reason", "Why"),
)
_BUYS = (
    *_LOT[:2],
    *_SHARES,
    Column("cost", "Cost", Kind.CENTS, "ROUND({shares}*{price},2)", is_summed=True),
    Column("reason", "Why"),
)
_FLOWS = (
    Column("kind", "Kind"),
    _LOT[0],
    Column("paid_by", "Paid by"),
    Column("amount", "Amount", Kind.CENTS),
    Column("taxable", "Added to income", Kind.CHANGE, is_summed=True),
    Column("penalty", "Penalty", Kind.CENTS, is_summed=True),
    Column("reason", "Why"),
)
_CASH = (
    _LOT[0],
    Column("kind", "Kind"),
    Column("before", "Cash before", Kind.CENTS, is_summed=True),
    Column("sold", "Sold", Kind.CENTS, is_summed=True),
    Column("put_in", "Put in", Kind.CENTS, is_summed=True),
    Column("bought", "Bought", Kind.CENTS, is_summed=True),
    Column("taken", "Taken out or given", Kind.CENTS, is_summed=True),
    Column("trading", "Trading cost", Kind.CENTS, is_summed=True),
    Column("after", "Cash after", Kind.CENTS, "{before}+{sold}+{put_in}-{bought}-{taken}-{trading}", is_summed=True),
)
LINE_COLUMNS = (
    Column("lot", "Acquired", Kind.DATE),
    *_SHARES,
    Column("amount", "Amount", Kind.CENTS),
    Column("basis", "Basis", Kind.CENTS),
    _DISALLOWED,
    Column("gain", "Gain", Kind.CHANGE),
    Column("term", "Term"),
)
"""Columns of the page's trades: what is the same for all lots of a group stands above them."""


@dataclass(frozen=True, slots=True)
class TradeGroup:
    """Lots of one security that move for the same reason, or one kind of cash."""

    title: str
    reason: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class AccountTrades:
    """One account with all that happens in it, in an order that its cash allows; rows have a cell for each of `columns`,
    which are those that say something in this account."""

    name: str
    kind: str
    totals: str
    groups: tuple[TradeGroup, ...]
    columns: tuple[Column, ...]


def trades_by_account(plan: Plan, problem: Problem | None) -> list[AccountTrades]:
    """Every account that the plan names, with what to do there and why."""
    names, kinds = account_names(plan, problem), {cash.account: KINDS[cash.kind] for cash in plan.cash}
    found = []
    for account in accounts_of(plan):
        done = moved(plan, account)
        cash = [f" Cash {cents(row.before)} before, {cents(row.after)} after." for row in plan.cash if row.account == account]
        totals = f"{done[:1].upper()}{done[1:]}.{''.join(cash)}"
        whole = list(_groups(plan, account))
        rows = [row for group in whole for row in group.rows]
        shown = [place for place in range(len(LINE_COLUMNS)) if any(row[place] is not None for row in rows)]
        groups = tuple(_cut(group, shown) for group in whole)
        columns = tuple(LINE_COLUMNS[place] for place in shown)
        found.append(AccountTrades(names.get(account, plain(account)), kinds.get(account, ""), totals, groups, columns))
    return found


def _cut(group: TradeGroup, shown: list[int]) -> TradeGroup:
    return TradeGroup(group.title, group.reason, tuple(tuple(row[place] for place in shown) for row in group.rows))


def sales_table(plan: Plan, names: dict[str, str]) -> DataTable:
    """Every lot sold, whole or in part."""
    rows = (
        (
            *(*_lot(row, names), row.proceeds, row.cost_basis, _disallowed(row), row.gain, row.term, where_it_goes(row)),
            *(row.runner_up, row.runner_up_costs, row.reason),
        )
        for row in plan.sales
    )
    formula = _WASHED if any(map(_disallowed, plan.sales)) else "{proceeds}-{basis}"
    return _said(table("sales", "Lots to sell", [_with(column, formula) for column in _SALES], rows))


def gifts_table(plan: Plan, names: dict[str, str]) -> DataTable:
    """Every lot given to charity, whole or in part."""
    rows = (
        (
            *(*_lot(row, names), row.value, row.cost_basis, row.value - row.cost_basis, row.deduction, row.term),
            *(row.runner_up, row.runner_up_costs, row.reason),
        )
        for row in plan.gifts
    )
    return _said(table("gifts", "Lots to give", _GIFTS, rows))


def _said(whole: DataTable) -> DataTable:
    """The table without the columns that only some plans fill."""
    optional = {"disallowed", "goes", *(column.key for column in _NEXT_BEST)}
    places = [
        place
        for place, column in enumerate(whole.columns)
        if column.key not in optional or any(row[place] not in (None, "") for row in whole.rows)
    ]
    return table(
        whole.name,
        whole.caption,
        [whole.columns[place] for place in places],
        (tuple(row[place] for place in places) for row in whole.rows),
    )


def buys_table(plan: Plan, names: dict[str, str]) -> DataTable:
    """Every purchase."""
    rows = ((names.get(row.account, row.account), row.symbol, row.shares, row.price, row.cost, row.reason) for row in plan.buys)
    return table("buys", "What to buy", _BUYS, rows)


def flows_table(plan: Plan, names: dict[str, str]) -> DataTable:
    """Cash that enters or leaves."""
    rows = (
        (row.kind, names.get(row.account, row.account), row.paid_by, row.amount, row.taxable, row.penalty, row.reason)
        for row in plan.flows
    )
    whole = table("money", "Money in and out", _FLOWS, rows)
    return whole if any(row.paid_by for row in plan.flows) else without(whole, "paid_by")


def cash_table(plan: Plan, names: dict[str, str]) -> DataTable:
    """What the plan does to the cash of every account, pooled income counted as there before."""
    rows: list[Row] = []
    for row in plan.cash:
        flows = [flow for flow in plan.flows if flow.account == row.account and flow.kind != "income"]
        sold = sum((sale.proceeds for sale in plan.sales if sale.account == row.account), ZERO)
        bought = sum((buy.cost for buy in plan.buys if buy.account == row.account), ZERO)
        put_in = sum((flow.amount for flow in flows if flow.kind == "contribution"), ZERO)
        taken = sum((flow.amount for flow in flows if flow.kind != "contribution"), ZERO)
        moves = (sold, put_in, bought, taken, trading_cost(plan, row.account))
        rows.append((names.get(row.account, row.account), KINDS[row.kind], row.before, *moves, row.after))
    return table("cash", "Cash of every account, before and after", _CASH, rows)


def _with(column: Column, formula: str) -> Column:
    return Column(column.key, column.heading, column.kind, formula, column.is_summed) if column.key == "gain" else column


def _lot(row: SaleRow | GiftRow, names: dict[str, str]) -> Row:
    return (names.get(row.account, row.account), row.symbol, row.lot, row.acquired, row.shares, row.price)


def _disallowed(row: SaleRow) -> Decimal | None:
    """What the wash-sale rule takes from a loss; None where all of it is allowed."""
    return row.disallowed_loss or None


def _groups(plan: Plan, account: str) -> Iterable[TradeGroup]:
    flows = [row for row in plan.flows if row.account == account]
    for kind, title in (("income", "Income"), ("contribution", "Contribute")):
        yield from _money(title, [row for row in flows if row.kind == kind])
    yield from _lots("Sell", [row for row in plan.sales if row.account == account])
    yield from _lots("Give", [row for row in plan.gifts if row.account == account])
    for buy in sorted((row for row in plan.buys if row.account == account), key=lambda row: row.symbol):
        yield TradeGroup(f"Buy {plain(buy.symbol)}", buy.reason, (_bought(buy),))
    for kind, title in (("cash gift", "Give cash"), ("withdrawal", "Withdraw")):
        yield from _money(title, [row for row in flows if row.kind == kind])


def _lots(verb: str, rows: Sequence[SaleRow | GiftRow]) -> Iterable[TradeGroup]:
    """One group for every security and reason, the lots in the order of their dates."""

    def group_key(row: SaleRow | GiftRow) -> tuple[str, str]:
        return row.symbol, row.reason

    ordered: list[SaleRow | GiftRow] = sorted(rows, key=lambda row: (*group_key(row), str(row.acquired or ""), row.lot))
    for (symbol, reason), group in groupby(ordered, key=group_key):
        yield TradeGroup(f"{verb} {plain(symbol)}", reason, tuple(map(_line, group)))


def _line(row: SaleRow | GiftRow) -> Row:
    if isinstance(row, GiftRow):
        return (row.acquired or UNDATED, row.shares, row.price, row.value, row.cost_basis, None, None, row.term)
    first = (row.acquired or UNDATED, row.shares, row.price, row.proceeds, row.cost_basis)
    return (*first, _disallowed(row), row.gain, row.term)


def _bought(row: BuyRow) -> Row:
    return ("new", row.shares, row.price, row.cost, *[None] * 4)


def _money(title: str, flows: list[FlowRow]) -> Iterable[TradeGroup]:
    """One group for every reason, its payments line by line."""
    reasons: dict[str, list[Row]] = {}
    for row in flows:
        reasons.setdefault(flow_reason(row), []).append((row.paid_by or "cash", None, None, row.amount, *[None] * 4))
    yield from (TradeGroup(title, reason, tuple(rows)) for reason, rows in reasons.items())
