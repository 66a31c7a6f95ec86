"""The household against its benchmark: what is measured and limited, the names farthest from their targets, the factors."""

from decimal import Decimal

from optimizer.plan import Plan
from optimizer.report.figures import plain
from optimizer.report.table import Cell, Column, DataTable, Kind, table

EXPOSURE = Decimal("0.0001")
_MEASURES = (
    Column("measure", "Measure"),
    Column("now", "Now", Kind.FINE_PERCENT),
    Column("after", "After", Kind.FINE_PERCENT),
    Column("limit", "At most", Kind.FINE_PERCENT),
)
_NAMES = (
    Column("symbol", "Name"),
    Column("target", "Target", Kind.FINE_PERCENT),
    Column("now", "Now", Kind.FINE_PERCENT),
    Column("after", "After", Kind.FINE_PERCENT),
    Column("away", "After less target", Kind.FINE_PERCENT, "{after}-{target}"),
)
_FACTORS = (
    Column("factor", "Factor"),
    Column("now", "Active exposure now", Kind.SHARES),
    Column("after", "After", Kind.SHARES),
)


def measures_table(plan: Plan) -> DataTable:
    """Tracking error and drift, now, after the plan, and the most that is asked for; empty without a benchmark."""
    rows: list[tuple[Cell, ...]] = []
    if (names := plan.tracking) is not None:
        if names.error_before is not None:
            rows.append(("Tracking error, standard deviation a year", names.error_before, names.error_after, names.max_error))
        rows.append(("Half the sum of distances from targets", names.drift_before, names.drift_after, names.max_drift))
    return table("benchmark", "How far the household is from its benchmark, now and after the plan", _MEASURES, rows)


def names_table(plan: Plan) -> DataTable:
    """The names that end farthest from their targets, the farthest first; empty without a benchmark."""
    found = plan.tracking.names if plan.tracking else ()
    rows = [(plain(n.symbol), n.target, n.weight_before, n.weight_after, n.weight_after - n.target) for n in found]
    return table("names", "The names farthest from their targets after the plan, as parts of the household", _NAMES, rows)


def factors_table(plan: Plan) -> DataTable:
    """Active exposure to every factor of the risk model; empty without one."""
    found = plan.tracking.factors if plan.tracking else ()
    rows = [(plain(row.factor), row.before.quantize(EXPOSURE), row.after.quantize(EXPOSURE)) for row in found]
    return table("factors", "Active exposure to each factor: the sum of active weights times loadings", _FACTORS, rows)
