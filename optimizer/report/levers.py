"""What each way around the tax saved, one step at a time, with the usual rule beside them."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from optimizer.plan import Comparison, LeverRow
from optimizer.problem import Lever
from optimizer.report.figures import CENT, TENTH, change, dollars
from optimizer.report.layout import figure_table

MEANINGS = {
    Lever.CONTRIBUTIONS: "new money buys what is short",
    Lever.INCOME: "pooled dividends buy what is short",
    Lever.WITHDRAWALS: "money comes out of what is over",
    Lever.LOCATION: "each security where it is taxed least",
    Lever.HARVESTING: "losses are taken where they help",
    Lever.DONATIONS: "gifts are shares that gained most",
}

WIDE = 96
"""Columns of text from which a lever's meaning fits beside its name."""

Column = tuple[str, Callable[[LeverRow], str]]


def levers_section(comparison: Comparison, width: int) -> Iterator[RenderableType]:
    """The ladder from no lever to all of them, and the rule most people follow."""
    yield _ladder(comparison, width >= WIDE)
    yield Text(_summary(comparison), style="bold")


def _ladder(comparison: Comparison, explained: bool) -> Table:
    rows = (*comparison.ladder, comparison.usual_rule)
    columns = _columns(rows)
    table = figure_table("One lever added at a time", *(heading for heading, _ in columns))
    for row in comparison.ladder:
        table.add_row(_label(row, explained), *(written(row) for _, written in columns))
    table.add_section()
    table.add_row("The usual rule", *(written(comparison.usual_rule) for _, written in columns), style="dim")
    return table


def _columns(rows: tuple[LeverRow, ...]) -> list[Column]:
    """What to show of every step; a column that would hold nothing but zeros is left out."""
    columns: list[Column] = [
        ("Tax this year", lambda row: dollars(row.tax)),
        ("Saved", lambda row: "" if row.lever is None else change(row.tax_saved)),
        ("Drag, bp", lambda row: str(row.drag.quantize(TENTH))),
    ]
    if any(row.carryforward >= CENT for row in rows):
        columns.append(("Loss kept", lambda row: dollars(row.carryforward)))
    if any(row.breach >= CENT for row in rows):
        columns.append(("Off band", lambda row: dollars(row.breach)))
    columns.append(("Plan cost", lambda row: dollars(row.cost)))
    return columns


def _label(row: LeverRow, explained: bool) -> Text:
    if row.lever is None:
        return Text("No lever")
    return Text.assemble(f"+ {row.lever}", (f": {MEANINGS[row.lever]}" if explained else "", "dim"))


def _summary(comparison: Comparison) -> str:
    first, last = comparison.ladder[0], comparison.ladder[-1]
    basis_points = abs(first.drag - last.drag).quantize(TENTH)
    levers = f"All levers together {_saved(first.tax - last.tax)} this year ({basis_points} bp of the household)"
    return f"{levers}; against the usual rule they {_saved(comparison.usual_rule.tax - last.tax)}."


def _saved(amount: Decimal) -> str:
    if abs(amount) < CENT:
        return "neither save nor cost tax"
    return f"save {dollars(amount)} of tax" if amount > 0 else f"cost {dollars(-amount)} more tax"
