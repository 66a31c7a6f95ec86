"""What the plan took for granted: the law's year, the days of its data, the taxpayer, and forecasts nobody can check today."""

from decimal import Decimal

from pydantic import BaseModel

from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.report.figures import day, listed, plain
from optimizer.report.table import Column, DataTable, Row, table

_COLUMNS = (Column("what", "What"), Column("value", "Taken as"))


def assumptions_table(plan: Plan, problem: Problem | None) -> DataTable:
    """Law, data and forecasts, each with its value; without the question only what the plan itself states."""
    rows: list[Row] = [
        ("Tax law of", str(plan.tax_year)),
        ("Plan made for", day(plan.as_of)),
        ("Levers on", listed(plan.levers) if plan.levers else "none"),
        ("Software", f"bandwise {plan.version}"),
        ("Question", f"SHA-256 {plan.problem}"),
    ]
    if problem is not None:
        rows.insert(2, ("Prices and lots of", day(problem.as_of)))
        rows += _stated("Taxpayer", problem.taxpayer)
        rows += _stated("Outlook", problem.outlook)
        rows += _stated("Wishes", problem.wishes)
    return table("assumptions", "What the plan took for granted", _COLUMNS, rows)


def _stated(title: str, part: BaseModel) -> list[Row]:
    """Every field of a part that says something, those within parts named by their path."""
    rows: list[Row] = []
    for name in type(part).model_fields:
        value: object = getattr(part, name)
        label = f"{title}: {name.replace('_', ' ')}"
        if isinstance(value, BaseModel):
            rows += _stated(label, value)
        elif value not in (None, (), "", False) and not (isinstance(value, Decimal) and value == 0):
            rows.append((label, _shown(value)))
    return rows


def _shown(value: object) -> str:
    match value:
        case Decimal():
            return f"{value.normalize():,f}"
        case bool():
            return "yes"
        case tuple():
            return plain(", ".join(map(str, value)))
        case _:
            return plain(str(value))
