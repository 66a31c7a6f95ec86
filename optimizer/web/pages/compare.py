"""Two plans side by side: the files', the draft's, or questions that were kept under a name."""

from collections.abc import Mapping
from decimal import Decimal

from fastapi import APIRouter, Request
from starlette.responses import Response

from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.report.figures import change, dollars, percent
from optimizer.web.desk import Desk
from optimizer.web.draft import differences
from optimizer.web.pages.lots import money_of
from optimizer.web.view import DeskNow, DeskRead, FormNow, answer_or_refusal, page, seen
from optimizer.web.worker import Refusal

router = APIRouter()
FILES, DRAFT = "your files", "this draft"
Row = tuple[str, str, str, str]


@router.get("/compare")
def compare(request: Request, desk: DeskRead, left: str = FILES, right: str = DRAFT) -> Response:
    """Two plans beside each other."""
    known = questions(desk)
    left, right = (name if name in known else fallback for name, fallback in ((left, FILES), (right, DRAFT)))
    sides = [answer_or_refusal(desk.plan(known[name])) for name in (left, right)]
    refusals = [f"{name}: {refusal.title}" for name, (_, refusal) in zip((left, right), sides, strict=True) if refusal]
    one, other = sides[0][0], sides[1][0]
    is_whole = not refusals
    return page(
        request,
        "compare.html.j2",
        title="Compare two plans",
        names=list(known),
        variants=list(desk.variants()),
        left=left,
        right=right,
        refusals=refusals,
        figures=figures(one, other) if is_whole else [],
        bands=bands(one, other) if is_whole else [],
        trades=trades(one, other) if is_whole else [],
        differences=differences(known[left], known[right]) if len(known[left].segments) == len(known[right].segments) else [],
        is_drafted=desk.is_drafted(),
    )


@router.post("/compare/keep")
def keep(desk: DeskNow, form: FormNow) -> Response:
    """Keep the draft under a name."""
    name = str(form.get("name", "")).strip()[:60]
    if not name or name in (FILES, DRAFT):
        raise Refusal("A variant needs a name of its own.")
    desk.keep_variant(name, desk.draft())
    return seen("/compare")


@router.post("/compare/take")
def take(desk: DeskNow, form: FormNow) -> Response:
    """Make a variant the draft."""
    variant = desk.variants().get(str(form.get("name", "")))
    if variant is not None:
        desk.put(variant)
    return seen("/compare")


@router.post("/compare/remove")
def remove(desk: DeskNow, form: FormNow) -> Response:
    """Forget a variant."""
    desk.remove_variant(str(form.get("name", "")))
    return seen("/compare")


def questions(desk: Desk) -> Mapping[str, Problem]:
    """Every question that may stand on a side, by its name."""
    return {FILES: desk.household(), DRAFT: desk.draft(), **desk.variants()}


def figures(one: Plan, other: Plan) -> list[Row]:
    """What the plans come to."""

    def outside(plan: Plan) -> Decimal:
        return Decimal(sum(row.breach > 0 for row in plan.bands))

    def dollar_row(words: str, a: Decimal, b: Decimal) -> Row:
        return words, dollars(a), dollars(b), change(b - a)

    def traded(plan: Plan) -> Decimal:
        return sum((each.proceeds for each in plan.sales), Decimal(0)) + sum((each.cost for each in plan.buys), Decimal(0))

    return [
        dollar_row("This year's tax", one.tax.with_plan.total, other.tax.with_plan.total),
        dollar_row("Net short-term gain", one.tax.with_plan.short, other.tax.with_plan.short),
        dollar_row("Net long-term gain", one.tax.with_plan.long, other.tax.with_plan.long),
        dollar_row("Change in later years' tax, at its value today", one.cost.future_tax, other.cost.future_tax),
        dollar_row("Cost of trading", one.cost.trading, other.cost.trading),
        dollar_row("What the plan makes least, in money", money_of(one), money_of(other)),
        dollar_row("Bought and sold together", traded(one), traded(other)),
        (
            "Segments left outside",
            f"{outside(one)}",
            f"{outside(other)}",
            f"{outside(other) - outside(one):+}".replace("+0", "0"),
        ),
        dollar_row("Gap of the proof", one.certificate.gap, other.certificate.gap),
    ]


def bands(one: Plan, other: Plan) -> list[Row]:
    """Every segment's weight after either plan."""
    after = {row.segment: row.weight_after for row in other.bands}
    return [
        (
            row.name or row.segment,
            f"{percent(row.weight_after)} %",
            f"{percent(after[row.segment])} %",
            f"{percent(after[row.segment] - row.weight_after)}",
        )
        for row in one.bands
        if row.segment in after
    ]


def trades(one: Plan, other: Plan) -> list[Row]:
    """Dollars sold, given and bought of every security in every account, where the plans differ."""
    totals = [_totals(plan) for plan in (one, other)]
    rows = []
    for key in sorted(set(totals[0]) | set(totals[1])):
        a, b = (each.get(key, Decimal(0)) for each in totals)
        if abs(a - b) >= 1:
            rows.append((" ".join(key), dollars(a), dollars(b), change(b - a)))
    return rows


def _totals(plan: Plan) -> dict[tuple[str, str, str], Decimal]:
    found: dict[tuple[str, str, str], Decimal] = {}
    moves = [("sell", s.symbol, s.account, s.proceeds) for s in plan.sales]
    moves += [("give", g.symbol, g.account, g.value) for g in plan.gifts]
    moves += [("buy", b.symbol, b.account, b.cost) for b in plan.buys]
    for action, symbol, account, amount in moves:
        key = (action, symbol, f"in {account}")
        found[key] = found.get(key, Decimal(0)) + amount
    return found
