"""The page and the table of a frontier."""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby

from rich.console import RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from optimizer.questions.frontier import Frontier, FrontierPoint
from optimizer.report.figures import change, dollars, listed, percent, plain, plural
from optimizer.report.layout import figure_table
from optimizer.report.plot import plot

COLUMNS = ("limit", "drift", "net_gain", "added_tax", "cost", "outside", "next_dollar", "is_proven", "missing")


def frontier_csv(answer: Frontier) -> str:
    """The points as a table, one row each, in the words of the document; one that is missing has its limit and the reason."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for point in answer.points:
        writer.writerow([*("" if getattr(point, name) is None else getattr(point, name) for name in COLUMNS[:-1]), None])
    for gone in answer.missing:
        writer.writerow([gone.limit, *[""] * (len(COLUMNS) - 2), gone.reason])
    return text.getvalue()


def frontier_page(answer: Frontier, width: int) -> Iterator[RenderableType]:
    """What the curve says in two sentences, the curve, and the table."""
    by_drift = answer.against == "drift"
    yield Text()
    yield Text.assemble((plain(answer.household), "bold"), f", {dollars(answer.value)} after flows")
    yield Text(
        "Cost against drift from the targets, no bands" if by_drift else "Cost against the year's net gain, bands as they are",
        "bold",
    )
    yield Rule(style="dim")
    yield Text(_summary(answer))
    yield Text()
    for line in _drawn(answer, min(width, 88)):
        yield Text(line)
    yield Text(
        "o a point, * the plan with the bands as they are" if by_drift else "o a point, * the plan without a limit", style="dim"
    )
    yield Text()
    yield _table(answer)
    yield Text(_legend(by_drift), style="dim")
    for reason, group in groupby(answer.missing, key=lambda gone: gone.reason):
        limits = listed(_limit(answer, gone.limit) for gone in group)
        yield Text(f"Without a plan: {limits}: {plain(reason)}.", style="yellow")


def _summary(answer: Frontier) -> str:
    if not answer.points:
        return "There is no plan at any of the points asked for; the reasons are below."
    first, last = answer.points[0], answer.points[-1]
    added = last.cost - first.cost
    more = f"costs {dollars(added)}" if added >= 0 else f"saves {dollars(-added)}"
    proven = sum(point.is_proven for point in answer.points)
    held = f" {proven} of {len(answer.points)} points are proven."
    if answer.missing:
        held += (
            f" {plural(len(answer.missing), 'point')} more {'has' if len(answer.missing) == 1 else 'have'} no plan, see below."
        )
    if answer.against == "drift":
        return (
            f"From {percent(first.drift)} % of the household away from its targets to {percent(last.drift)} % {more}, later"
            f" years at today's value, and {dollars(last.added_tax - first.added_tax)} of this year's tax.{held}"
        )
    return (
        f"From a net gain of {dollars(first.net_gain)} down to {dollars(last.net_gain)} {more}, later years at today's"
        f" value, and leaves {dollars(last.outside)} outside the bands.{held}"
    )


def _drawn(answer: Frontier, width: int) -> list[str]:
    points = [(float(_x(answer, point)), float(point.cost)) for point in answer.points]
    own = (float(_x(answer, answer.own_plan)), float(answer.own_plan.cost))
    costs = [Decimal(repr(y)) for _, y in (*points, own)]
    xs = [Decimal(repr(x)) for x, _ in (*points, own)]
    ends = [f"{percent(x)} % drift" if answer.against == "drift" else f"{dollars(x)} gain" for x in (min(xs), max(xs))]
    return plot(points, (dollars(min(costs)), dollars(max(costs)), ends[0], ends[1]), width, own)


def _x(answer: Frontier, point: FrontierPoint) -> Decimal:
    return point.drift if answer.against == "drift" else point.net_gain


def _limit(answer: Frontier, limit: Decimal) -> str:
    return f"{percent(limit, 2)} %" if answer.against == "drift" else dollars(limit)


def _table(answer: Frontier) -> Table:
    table = figure_table("Limit", "Drift, %", "Net gain", "Added tax", "Cost", "Off band", "Next dollar")
    for point in (*answer.points, answer.own_plan):
        name = "The plan itself" if point is answer.own_plan else _limit(answer, point.limit)
        price = "–" if point.next_dollar is None else f"{point.next_dollar * 100:.1f} ¢"
        figures = (percent(point.drift, 2), dollars(point.net_gain), change(point.added_tax), dollars(point.cost))
        table.add_row(name, *figures, dollars(point.outside), price, style="bold" if point is answer.own_plan else "")
    return table


def _legend(by_drift: bool) -> str:
    room = "of room away from its targets" if by_drift else "of gain"
    return (
        f"Next dollar: what one more dollar {room} saves at that point, from the solver's multiplier. Cost: tax now and later,"
        " trading and place, before rounding. A dash: there the next dollar buys bands or investing instead of money."
    )
