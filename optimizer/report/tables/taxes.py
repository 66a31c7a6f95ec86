"""The year's tax with the plan and without it, and what the plan weighs."""

from optimizer.plan import Plan
from optimizer.report.costs import COST_LINES, TAX_LINES, signed
from optimizer.report.figures import CENT, dollars, listed
from optimizer.report.returns import margin_label, return_rows
from optimizer.report.table import Column, DataTable, Kind, Row, table

_ALWAYS = ("gains_tax", "withdrawal_tax")
"""Lines that stand there even at zero, so that the total is a sum one can follow."""

_UNDONE = (("outside", "outside the bands"), ("idle", "in idle cash"))


def _beside(is_summed: bool) -> tuple[Column, ...]:
    return (
        Column("line", "Line"),
        Column("before", "Without plan", Kind.CENTS, is_summed=is_summed),
        Column("after", "With plan", Kind.CENTS, is_summed=is_summed),
        Column("change", "Change", Kind.CHANGE, "{after}-{before}", is_summed),
    )


def tax_table(plan: Plan) -> DataTable:
    """What is owed this year, line by line, adding up to the year's tax."""
    rows = _lines(plan, tuple(line for line in TAX_LINES[1] if line[0] != "total"))
    return table("tax", "Tax this year; the lines add up to the total", _beside(is_summed=True), rows)


def tax_facts_table(plan: Plan) -> DataTable:
    """What the tax is worked out from, and what is left for next year."""
    rows = _lines(plan, TAX_LINES[0] + TAX_LINES[2])
    return table("tax-facts", "What the tax is worked out from, and what is carried to next year", _beside(is_summed=False), rows)


def return_lines_table(plan: Plan) -> DataTable:
    """Lines of the whole return; empty at flat rates."""
    rows = ((label, old, new, (new or CENT * 0) - (old or CENT * 0)) for label, old, new in return_rows(plan.tax))
    return table(
        "return", "The return, line by line: what the plan changes, and what adds the tax up", _beside(is_summed=False), rows
    )


def margins_table(plan: Plan) -> DataTable:
    """What one more dollar of each kind costs; empty at flat rates."""
    after = {row.kind: row.federal + row.state for row in plan.tax.with_plan.marginal}
    before = {row.kind: row.federal + row.state for row in plan.tax.without_plan.marginal}
    columns = (
        Column("kind", "One more dollar of"),
        Column("before", "Without plan", Kind.PERCENT),
        Column("after", "With plan", Kind.PERCENT),
    )
    rows = ((margin_label(kind), before.get(kind), after.get(kind)) for kind in before | after)
    return table("margins", "What one more dollar of each kind is taxed, federal and state together", columns, rows)


def costs_table(plan: Plan) -> DataTable:
    """The parts of what the plan makes least."""
    columns = (Column("part", "Part"), Column("amount", "Dollars", Kind.CENTS, is_summed=True), Column("meaning", "What it is"))
    rows: list[Row] = [(label, getattr(plan.cost, name), meaning) for name, label, meaning in COST_LINES]
    shown = [row for row in rows if abs(row[1]) >= CENT]  # type: ignore[arg-type]
    undone = plan.certificate.undone_rounded
    left = [f"{dollars(getattr(undone, name))} {word}" for name, word in _UNDONE if getattr(undone, name) >= CENT]
    after = f", once the dollars left undone are: {listed(left)}" if left else ""
    return table("costs", f"What the plan weighs; it makes the total least{after}", columns, shown)


def _lines(plan: Plan, lines: tuple[tuple[str, str], ...]) -> list[Row]:
    rows: list[Row] = []
    for name, label in lines:
        before, after = signed(plan.tax.without_plan, name), signed(plan.tax.with_plan, name)
        if name in _ALWAYS or max(abs(before), abs(after)) >= CENT:
            rows.append((label, before, after, after - before))
    return rows
