"""Every trade of a plan, a page at a time; and the section of trades shortened where a plan has thousands of lots."""

from dataclasses import dataclass, replace
from decimal import Decimal
from math import ceil
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from lots.units import ZERO
from optimizer.plan import BuyRow, GiftRow, Plan, SaleRow
from optimizer.problem import Problem
from optimizer.questions.year_end.document import YearEnd
from optimizer.report.html.sections import Section
from optimizer.report.table import Column, DataTable, Kind, Row, table
from optimizer.report.tables.allocation import account_names
from optimizer.report.tables.trades import TradeGroup
from optimizer.web import work
from optimizer.web.view import DeskRead, page, page_asked, settled

router = APIRouter()
PER_PAGE = 50
MOST_WHOLE, FIRST_OF_GROUP = 250, 6
"""Rows of lots up to which a plan's page has all of them, and how many of each group it has otherwise."""
SORTS = {"plan": "as planned", "amount": "amount, largest first", "gain": "gain, largest first", "loss": "loss, largest first"}
ACTIONS = ("Sell", "Give", "Buy")
_COLUMNS = (
    Column("action", "Trade"),
    Column("symbol", "Symbol"),
    Column("account", "Account"),
    Column("acquired", "Acquired"),
    Column("shares", "Shares", Kind.SHARES),
    Column("price", "Price", Kind.PRICE),
    Column("amount", "Amount", Kind.CENTS),
    Column("basis", "Basis", Kind.CENTS),
    Column("gain", "Gain", Kind.CHANGE),
    Column("term", "Term"),
    Column("reason", "Why"),
)


@dataclass(frozen=True)
class Line:
    """One trade of one lot, or one purchase."""

    action: str
    account: str
    row: SaleRow | GiftRow | BuyRow

    @property
    def amount(self) -> Decimal:
        """What moves, in dollars."""
        match self.row:
            case SaleRow():
                return self.row.proceeds
            case GiftRow():
                return self.row.value
            case _:
                return self.row.cost

    @property
    def gain(self) -> Decimal:
        """What is realised; nothing of gifts and purchases."""
        return (self.row.gain or ZERO) if isinstance(self.row, SaleRow) else ZERO


@dataclass(frozen=True)
class Choice:
    """What of the trades is shown, and of which plan."""

    place: str
    account: str = ""
    symbol: str = ""
    action: str = ""
    sort: str = "plan"

    def link(self, number: int) -> str:
        """Another page of the same choice."""
        fields = {"account": self.account, "symbol": self.symbol, "action": self.action, "sort": self.sort, "page": str(number)}
        return f"{self.place}?" + urlencode({name: value for name, value in fields.items() if value})


@router.get("/plan/trades")
def of_the_plan(request: Request, desk: DeskRead) -> Response:
    """The trades of the draft's plan."""
    problem = desk.draft()
    return _shown(request, settled(desk.plan(problem)).answer, problem, "Trades", "/plan")


@router.get("/year-end/trades/{when}")
def of_a_year(request: Request, desk: DeskRead, when: str) -> Response:
    """The trades now, or those in January."""
    problem = desk.draft()
    both: YearEnd = settled(desk.job(work.year_end, "planning both years", problem)).answer
    is_later = when == "january"
    title = "Trades in January" if is_later else "Trades now"
    return _shown(request, both.next_year if is_later else both.this_year, problem, title, "/year-end")


def shortened(section: Section) -> tuple[Section, bool]:
    """The section with the first lots of every group where there are very many, and whether any were left out."""
    if sum(len(group.rows) for account in section.trades for group in account.groups) <= MOST_WHOLE:
        return section, False
    trades = tuple(replace(each, groups=tuple(_first(group) for group in each.groups)) for each in section.trades)
    return replace(section, trades=trades), trades != section.trades


def lines_of(plan: Plan) -> list[Line]:
    """Every trade in the plan's order: sales, gifts, purchases."""
    sold, given = [Line("Sell", row.account, row) for row in plan.sales], [Line("Give", row.account, row) for row in plan.gifts]
    return [*sold, *given, *(Line("Buy", row.account, row) for row in plan.buys)]


def chosen_lines(lines: list[Line], choice: Choice) -> list[Line]:
    """The trades of a choice in its order."""
    symbol = choice.symbol.upper()
    shown = [
        each
        for each in lines
        if choice.account in ("", each.account)
        and symbol in each.row.symbol.upper()
        and (choice.action not in ACTIONS or each.action == choice.action)
    ]
    match choice.sort:
        case "amount":
            return sorted(shown, key=lambda each: -each.amount)
        case "gain":
            return sorted(shown, key=lambda each: -each.gain)
        case "loss":
            return sorted(shown, key=lambda each: each.gain)
        case _:
            return shown


def _shown(request: Request, plan: Plan, problem: Problem, title: str, back: str) -> Response:
    query, names = request.query_params, account_names(plan, problem)
    account, symbol, action, sort = (query.get(name, "").strip() for name in ("account", "symbol", "action", "sort"))
    choice = Choice(request.url.path, account, symbol, action, sort if sort in SORTS else "plan")
    lines = chosen_lines(lines_of(plan), choice)
    pages = max(1, ceil(len(lines) / PER_PAGE))
    at = page_asked(request, pages)
    return page(
        request,
        "trades.html.j2",
        title=title,
        table=trades_table(lines[(at - 1) * PER_PAGE : at * PER_PAGE], names),
        count=len(lines),
        choice=choice,
        number=at,
        pages_of_trades=pages,
        accounts=[(each.id, each.name or each.id) for each in problem.accounts],
        sorts=SORTS,
        actions=ACTIONS,
        back=back,
    )


def trades_table(lines: list[Line], names: dict[str, str]) -> DataTable:
    """One page of trades."""
    return table("trades", "Trades, lot by lot", _COLUMNS, [_row(each, names) for each in lines])


def _row(line: Line, names: dict[str, str]) -> Row:
    row = line.row
    start: Row = (line.action, row.symbol, names.get(row.account, row.account))
    if isinstance(row, BuyRow):
        return (*start, "", row.shares, row.price, row.cost, None, None, "", row.reason)
    gain = row.gain if isinstance(row, SaleRow) else None
    acquired = str(row.acquired or row.lot)
    return (*start, acquired, row.shares, row.price, line.amount, row.cost_basis, gain, row.term or "", row.reason)


def _first(group: TradeGroup) -> TradeGroup:
    if len(group.rows) <= FIRST_OF_GROUP:
        return group
    title = f"{group.title}, {len(group.rows):,} lots, the first {FIRST_OF_GROUP}"
    return replace(group, title=title, rows=group.rows[:FIRST_OF_GROUP])
