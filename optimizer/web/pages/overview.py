"""The first page: whose household, where it stands, what was drafted, and where to go from here."""

from decimal import Decimal

from fastapi import APIRouter, Request
from starlette.responses import Response

from lots.units import ZERO
from optimizer.problem import Problem
from optimizer.report.figures import day, dollars
from optimizer.report.table import Column, DataTable, Kind, Row, table
from optimizer.report.trades import KINDS
from optimizer.targets.drift import drifts_of, household_value
from optimizer.web.draft import differences
from optimizer.web.view import DeskNow, DeskRead, FormNow, page, seen

router = APIRouter()
TOLD = {"cancelled": "Cancelled. Nothing was changed.", "dropped": "The draft is gone; the question is that of your files."}
_ACCOUNTS = (
    Column("account", "Account"),
    Column("kind", "Kind"),
    Column("lots", "Lots", Kind.COUNT, is_summed=True),
    Column("cash", "Cash", Kind.CENTS, is_summed=True),
    Column("value", "Value", Kind.CENTS, is_summed=True),
    Column("gain", "Unrealised gain", Kind.CHANGE, is_summed=True),
)
_SEGMENTS = (
    Column("segment", "Segment"),
    Column("weight", "Now", Kind.PERCENT),
    Column("standing", "Stands"),
    Column("lower", "From", Kind.PERCENT),
    Column("target", "Target", Kind.PERCENT),
    Column("upper", "To", Kind.PERCENT),
    Column("value", "Value", Kind.DOLLARS),
)


@router.get("/")
def overview(request: Request, desk: DeskRead, told: str = "") -> Response:
    """Where the household stands before any plan."""
    problem, base = desk.draft(), desk.household()
    outside = [each for each in drifts_of(problem) if each.standing != "inside"]
    facts = [
        ("Value", dollars(household_value(problem))),
        ("As of", day(problem.as_of)),
        ("Tax year", str(problem.taxpayer.year)),
        ("Accounts", f"{len(problem.accounts):,}"),
        ("Lots", f"{len(problem.lots):,}"),
        ("Segments outside their bands", f"{len(outside):,}"),
    ]
    return page(
        request,
        "overview.html.j2",
        title=problem.household,
        facts=facts,
        accounts=accounts_table(problem),
        segments=segments_table(problem),
        differences=differences(base, problem),
        told=TOLD.get(told, ""),
        folder=str(desk.folder),
    )


@router.post("/draft/drop")
def drop(desk: DeskNow, form: FormNow) -> Response:
    """Go back to what the files say."""
    desk.drop()
    return seen("/?told=dropped")


@router.post("/draft/save")
def save(request: Request, desk: DeskNow, form: FormNow) -> Response:
    """Write the draft into household.toml, and say what it could not take."""
    saved = desk.save(str(form.get("seen", "")))
    return page(request, "saved.html.j2", title="Kept in household.toml", saved=saved)


def accounts_table(problem: Problem) -> DataTable:
    """Every account with what is in it."""
    price = {each.symbol: each.price for each in problem.securities}
    income = {account.id: ZERO for account in problem.accounts}
    for payment in problem.income:
        income[payment.account] += payment.amount
    rows: list[Row] = []
    for account in problem.accounts:
        lots = [lot for lot in problem.lots if lot.account == account.id]
        value = sum((lot.shares * price[lot.symbol] for lot in lots), ZERO)
        cash = account.cash + income[account.id]
        known = [lot for lot in lots if lot.cost_basis is not None]
        gain = sum((lot.shares * price[lot.symbol] - (lot.cost_basis or ZERO) for lot in known), ZERO)
        is_shown = bool(known) and account.kind.is_taxable
        rows.append(
            (account.name or account.id, KINDS[account.kind], Decimal(len(lots)), cash, value + cash, gain if is_shown else None)
        )
    return table("accounts", "Accounts, with waiting income counted as cash", _ACCOUNTS, rows)


def segments_table(problem: Problem) -> DataTable:
    """Every segment against its band."""
    rows = [
        (
            *(each.segment.name or each.segment.id, each.weight, each.standing, each.segment.trigger.lower),
            *(each.segment.target, each.segment.trigger.upper, each.value),
        )
        for each in drifts_of(problem)
    ]
    return table("segments", "Segments against their bands, over all accounts", _SEGMENTS, rows)
