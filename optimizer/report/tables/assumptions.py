"""What the plan took for granted: the law's year, the days of its data, the taxpayer, and forecasts nobody can check today."""

from collections.abc import Mapping
from decimal import Decimal

from lots.law import FilingStatus
from optimizer.documents import Document
from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.report.figures import cents, day, listed, plain
from optimizer.report.table import Column, DataTable, Row, table

_STATUSES = {
    FilingStatus.SINGLE: "single",
    FilingStatus.MFJ: "married, filing jointly",
    FilingStatus.MFS: "married, filing separately",
    FilingStatus.HOH: "head of household",
    FilingStatus.QSS: "surviving spouse",
}
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


def _stated(title: str, part: Document) -> list[Row]:
    """Every field of a part that says something, those within parts named by their path, figures with their unit."""
    rows: list[Row] = []
    fields = part.schema_parts()["properties"]
    for name in type(part).model_fields:
        value: object = getattr(part, name)
        label = f"{title}: {name.replace('_', ' ')}"
        if isinstance(value, Document):
            rows += _stated(label, value)
        elif value not in (None, (), "", False) and not (isinstance(value, Decimal) and value == 0):
            rows.append((label, _shown(value, _unit(fields[name]))))
    return rows


def _unit(schema: Mapping[str, object]) -> str:
    """The unit that a field's schema states, also where the field may be left out."""
    ways = schema.get("anyOf")
    return next((str(way["unit"]) for way in (schema, *(ways if isinstance(ways, list) else ())) if "unit" in way), "")


def _shown(value: object, unit: str) -> str:
    match value:
        case Decimal() if unit.startswith("fraction"):
            return f"{(value * 100).normalize():f} %{' a year' if unit.endswith('year') else ''}"
        case Decimal() if unit == "US dollars":
            return cents(value)
        case Decimal():
            return f"{value.normalize():,f} {unit}".strip()
        case bool():
            return "yes"
        case FilingStatus():
            return _STATUSES[value]
        case tuple():
            return plain(", ".join(map(_named, value)))
        case _:
            return plain(str(value))


def _named(value: object) -> str:
    """A member of a list in words; of a part its fields that say something."""
    if not isinstance(value, Document):
        return str(value)
    return " ".join(str(each) for each in value.model_dump(mode="json").values() if each not in (None, (), [], "", False))
