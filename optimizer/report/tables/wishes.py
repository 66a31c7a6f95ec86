"""What was binding and what it cost, and how far simpler rules of choosing lots would have been."""

from typing import TYPE_CHECKING

from optimizer.plan import Plan
from optimizer.report.table import Column, DataTable, Kind, table

if TYPE_CHECKING:
    from optimizer.questions.frontier import Frontier

_WISHES = (
    Column("wish", "Wish or order"),
    Column("step", "Loosened by", Kind.SHARES),
    Column("unit", "Unit"),
    Column("saving", "Would save", Kind.CENTS),
    Column("sentence", "In words"),
)
_RULES = (
    Column("rule", "Lots chosen by"),
    Column("tax", "Tax this year", Kind.CENTS),
    Column("more_tax", "More than the plan", Kind.CHANGE),
    Column("more_cost", "More cost, later years counted", Kind.CHANGE),
)


def wishes_table(plan: Plan) -> DataTable:
    """Every binding wish with what a step less of it would save; empty unless the plan was explained."""
    rows = ((row.wish, row.step, row.unit, row.saving, row.sentence) for row in plan.prices_of_wishes)
    return table("wishes", "What was binding, and what each wish costs, the dearest first", _WISHES, rows)


def lot_rules_table(plan: Plan) -> DataTable:
    """The same shares sold by simpler rules; empty unless the plan was explained."""
    rows = ((row.rule, row.tax, row.more_tax, row.more_cost) for row in plan.lot_orders)
    return table("lot-rules", "The same shares sold from lots that a simpler rule picks", _RULES, rows)


def frontier_table(frontier: "Frontier") -> DataTable:
    """The plans of the frontier in the order of their drift, and the household's own below them."""
    columns = (
        Column("plan", "Plan"),
        Column("drift", "Away from target", Kind.PERCENT),
        Column("tax", "Added to this year's tax", Kind.CHANGE),
        Column("cost", "Cost, later years counted", Kind.CENTS),
        Column("outside", "Outside bands", Kind.CENTS),
    )
    ordered = sorted(frontier.points, key=lambda point: point.drift)
    named = [*((f"point {number}", point) for number, point in enumerate(ordered, start=1)), ("this plan", frontier.own_plan)]
    rows = ((name, point.drift, point.added_tax, point.cost, point.outside) for name, point in named)
    return table("frontier", "What nearness to the targets costs", columns, rows)
