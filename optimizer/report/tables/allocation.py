"""Segments against their bands, and where each is held."""

from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.report.bands import edges_of, in_tree_order, segment_name, standing_of
from optimizer.report.figures import plain
from optimizer.report.placement import Placement
from optimizer.report.table import Column, DataTable, Kind, Row, table
from optimizer.report.verdict import side_after

_BANDS = (
    Column("segment", "Segment"),
    Column("now", "Now", Kind.PERCENT),
    Column("after", "After", Kind.PERCENT),
    Column("band", "Band, %"),
    Column("target", "Target", Kind.PERCENT),
    Column("was", "Was"),
    Column("ends", "Ends"),
    Column("before_usd", "Now, $", Kind.DOLLARS),
    Column("after_usd", "After, $", Kind.DOLLARS),
    Column("change_usd", "Change, $", Kind.CHANGE, formula="{after_usd}-{before_usd}"),
    Column("note", "What keeps it there"),
)


def account_names(plan: Plan, problem: Problem | None) -> dict[str, str]:
    """What each account is called: by its name where the question knows one, else by its id."""
    names = {cash.account: plain(cash.account) for cash in plan.cash}
    if problem is not None:
        names |= {account.id: plain(account.name or account.id) for account in problem.accounts}
    return names


def bands_table(plan: Plan) -> DataTable:
    """Every segment with its band, before and after, parts under the whole they belong to."""
    tree = list(in_tree_order(plan.bands))
    rows: list[Row] = []
    for _, row in tree:
        ends = ("below", "inside", "above")[side_after(row) + 1]
        weights = (row.weight_before, row.weight_after, edges_of(row.trigger), row.target)
        values = (row.value_before, row.value_after, row.value_after - row.value_before)
        rows.append((segment_name(row), *weights, standing_of(row), ends, *values, row.note))
    columns = _BANDS if any(row.note for row in plan.bands) else _BANDS[:-1]
    caption = "Each segment's weight in the household against its band, before the plan and after it"
    return DataTable(
        "bands",
        caption,
        columns,
        tuple(row[: len(columns)] for row in rows),
        strong=frozenset(place for place, (depth, row) in enumerate(tree) if depth == 0 and _is_whole(plan, row.segment)),
        indent=tuple(depth for depth, _ in tree),
    )


def _is_whole(plan: Plan, segment: str) -> bool:
    return any(row.parent == segment for row in plan.bands)


def placement_table(placed: Placement, names: dict[str, str]) -> DataTable:
    """Dollars of each segment in each account, before and after."""
    columns = [Column("segment", "Segment")]
    for place, account in enumerate(placed.accounts):
        name = names.get(account, account)
        columns.append(Column(f"before{place}", f"{name}, now", Kind.DOLLARS, is_summed=True))
        columns.append(Column(f"after{place}", f"{name}, after", Kind.DOLLARS, is_summed=True))
    rows: list[Row] = []
    for segment in placed.segments:
        cells = [table.get((segment, account)) for account in placed.accounts for table in (placed.before, placed.after)]
        rows.append((placed.names[segment], *cells))
    return table("location", "Dollars of each segment in each account, now and after the plan", columns, rows)
