"""What each way around the tax saved, one step at a time, with the usual rule beside them."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from optimizer.plan import Comparison, LeverRow
from optimizer.problem import Lever
from optimizer.report.figures import CENT, TENTH, dollars, listed
from optimizer.report.layout import figure_table

MEANINGS = {
    Lever.CONTRIBUTIONS: "new money buys what is short",
    Lever.INCOME: "pooled dividends buy what is short",
    Lever.WITHDRAWALS: "money that is needed comes out of what is over",
    Lever.LOCATION: "each security goes where it is taxed least",
    Lever.HARVESTING: "losses are taken where they help",
    Lever.DONATIONS: "gifts are made in shares instead of cash",
}

Column = tuple[str, Callable[[LeverRow], str]]

DRAG = "Drag, bp"
"""The total in another unit, and so the column that a narrow page does without."""

NAME_CELLS, GAP = 16, 2


def levers_section(comparison: Comparison, width: int) -> Iterator[RenderableType]:
    """The ladder from no lever to all that are switched on, and the rule most people follow."""
    yield _ladder(comparison, width)
    yield Text()
    yield Text(levers_sentence(comparison), style="bold")
    used = [row.lever for row in comparison.ladder if row.lever is not None]
    if used:
        yield Text(f"{'; '.join(f'{lever.capitalize()}: {MEANINGS[lever]}' for lever in used)}.", style="dim")


def _ladder(comparison: Comparison, width: int) -> Table:
    rows = (*comparison.ladder, comparison.usual_rule)
    columns = _columns(rows)
    if _width(columns, rows) > width:
        columns = [column for column in columns if column[0] != DRAG]
    table = figure_table("Lever by lever", *(heading for heading, _ in columns))
    for row in comparison.ladder:
        label = "No lever" if row.lever is None else f"+ {row.lever}"
        table.add_row(label, *(written(row) for _, written in columns))
    table.add_section()
    table.add_row("The usual rule", *(written(comparison.usual_rule) for _, written in columns))
    return table


def _columns(rows: tuple[LeverRow, ...]) -> list[Column]:
    """What to show of every step; a column that would hold nothing but zeros is left out."""
    columns: list[Column] = [
        ("Tax now", lambda row: dollars(row.tax)),
        ("Later tax", lambda row: dollars(row.later_tax)),
    ]
    if any(row.trading >= CENT for row in rows):
        columns.append(("Trading", lambda row: dollars(row.trading)))
    columns += [
        ("Total", lambda row: dollars(row.total)),
        ("Saved", lambda row: "" if row in (rows[0], rows[-1]) else "–" if row.saved is None else dollars(row.saved)),
        (DRAG, lambda row: str(row.drag.quantize(TENTH))),
    ]
    if any(row.carryforward >= CENT for row in rows):
        columns.append(("Loss kept", lambda row: dollars(row.carryforward)))
    if any(row.breach >= CENT for row in rows):
        columns.append(("Off band", lambda row: dollars(row.breach)))
    return columns


def _width(columns: list[Column], rows: tuple[LeverRow, ...]) -> int:
    """Columns of text that the table takes with these columns."""
    return NAME_CELLS + sum(GAP + max(len(heading), *(len(written(row)) for row in rows)) for heading, written in columns)


def levers_sentence(comparison: Comparison) -> str:
    """What the levers save together; nothing of it where the first or the last step misses bands that the other may reach."""
    first, last, rule = comparison.ladder[0], comparison.ladder[-1], comparison.usual_rule
    if max(first.breach, last.breach) >= CENT:
        return _not_comparable(first, last)
    basis_points = abs(first.drag - last.drag).quantize(TENTH)
    levers = f"{_which(comparison)} {_saved(first.total - last.total, 'save', 'cost')} ({basis_points} bp of the household)"
    against = f"against the usual rule the plan {_saved(rule.total - last.total, 'saves', 'costs')}"
    return f"{levers}, later years counted at their value today; {against}."


def _which(comparison: Comparison) -> str:
    """Which levers the sum is of: those between the first step, where the orders can be carried out at all, and the last."""
    first = comparison.ladder[0].lever
    if first is not None:
        return f"Before {first} the orders cannot be carried out; the levers after it together"
    used = [row.lever for row in comparison.ladder if row.lever is not None]
    return "All levers together" if len(used) == len(Lever) else "The levers that are on together"


def _not_comparable(first: LeverRow, last: LeverRow) -> str:
    """Why no sum is stated: staying outside the bands is cheaper than getting inside."""
    steps = [(first, f"with {first.lever}" if first.lever else "without levers"), (last, "at the last step")]
    outside = listed(f"{dollars(row.breach)} {when}" for row, when in steps if row.breach >= CENT)
    return f"What the levers save together is not stated, because {outside} stay outside the bands, which costs no tax."


def _saved(amount: Decimal, saves: str, costs: str) -> str:
    if abs(amount) < CENT:
        return f"{saves} nothing"
    return f"{saves} {dollars(amount)}" if amount > 0 else f"{costs} {dollars(-amount)} more"
