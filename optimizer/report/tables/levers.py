"""The ladder of levers, and the rule most people follow beside it."""

from optimizer.plan import Comparison, LeverRow
from optimizer.report.levers import MEANINGS
from optimizer.report.table import Column, DataTable, Kind, Row

_COLUMNS = (
    Column("step", "Step"),
    Column("tax", "Tax now", Kind.CENTS),
    Column("later", "Later tax", Kind.CENTS),
    Column("trading", "Trading", Kind.CENTS),
    Column("total", "Total", Kind.CENTS, "{tax}+{later}+{trading}"),
    Column("saved", "Saved by this step", Kind.CENTS),
    Column("carried", "Loss kept", Kind.CENTS),
    Column("breach", "Outside bands", Kind.CENTS),
    Column("meaning", "What the lever does"),
)


def ladder_table(comparison: Comparison) -> DataTable:
    """One row a step, from no lever to all that are on; the last row is the usual rule."""
    rows = [_row(step_name(row), row, place > 0) for place, row in enumerate(comparison.ladder)]
    rows.append(_row("The usual rule", comparison.usual_rule, is_step=False))
    caption = "What the household costs with the levers up to and including each, later years counted at their value today"
    return DataTable("levers", caption, _COLUMNS, tuple(rows), strong=frozenset((len(rows) - 2,)))


def step_name(row: LeverRow) -> str:
    """What a step of the ladder is called."""
    return "No lever" if row.lever is None else f"+ {row.lever}"


def _row(name: str, row: LeverRow, is_step: bool) -> Row:
    meaning = "" if row.lever is None else MEANINGS[row.lever]
    if name == "The usual rule":
        meaning = "sell the overweight pro rata, first in first out, straight to target"
    saved = row.saved if is_step else None
    return (name, row.tax, row.later_tax, row.trading, row.total, saved, row.carryforward, row.breach, meaning)
