"""The bands before and after, one line per segment, parts indented under the whole they belong to."""

from collections.abc import Iterator
from decimal import Decimal

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from optimizer.plan import BandRow, Plan
from optimizer.problem import Band
from optimizer.report.figures import dollars, ended, percent, plain, points
from optimizer.report.layout import figure_table
from optimizer.report.verdict import NO_BAND, side_after, still_outside

MOST_ROWS = 60
"""Rows of a table that are still read."""
PICTURE_CELLS = 23
WIDE = 96
"""Columns of text from which a picture of the band fits beside the figures."""

_ASCII = str.maketrans(
    {"├": "[", "┤": "]", "│": "|", "─": "-", "·": " ", "○": "o", "●": "*", "◉": "@", "–": "-", "▲": "", "▼": ""}
)


def bands_section(plan: Plan, width: int, ascii_only: bool) -> Iterator[RenderableType]:
    """The table, what the segments that were out had to reach, and what keeps any of them out."""
    table = figure_table("Segment", "Target", "Band", "Now", "After")
    table.add_column("Was", no_wrap=True)
    if width >= WIDE:
        table.add_column(_translated("○ now  ● after", ascii_only), no_wrap=True)
    shown, left_out = _that_matter(plan.bands)
    for depth, row in in_tree_order(shown):
        table.add_row(*_cells(row, depth, width >= WIDE, ascii_only))
    yield table
    if left_out:
        yield Text(f"{left_out:,} more segments are inside their bands and end there.", style="dim")
    yield from _moved_to(plan, ascii_only)
    for row in still_outside(plan):
        why = f": {plain(row.note)}" if row.note else ""
        yield Text(ended(f"{segment_name(row)} {missing(row)}{why}"), style="yellow")


def _that_matter(rows: tuple[BandRow, ...]) -> tuple[tuple[BandRow, ...], int]:
    """All rows of a page's length; of hundreds those outside their bands and wholes, and how many others there are."""
    if len(rows) <= MOST_ROWS:
        return rows, 0
    wholes = {row.parent for row in rows}
    kept = tuple(row for row in rows if row.was != "inside" or row.breach > 0 or side_after(row) or row.segment in wholes)
    return kept, len(rows) - len(kept)


def in_tree_order(rows: tuple[BandRow, ...]) -> Iterator[tuple[int, BandRow]]:
    """Every row once with its depth, each part after its whole; a row whose whole is not listed stands at the left."""
    known = {row.segment for row in rows}
    parts: dict[str | None, list[BandRow]] = {}
    for row in rows:
        parts.setdefault(row.parent if row.parent in known else None, []).append(row)

    def walk(parent: str | None, depth: int) -> Iterator[tuple[int, BandRow]]:
        for row in parts.get(parent, []):
            yield depth, row
            yield from walk(row.segment, depth + 1)

    return walk(None, 0)


def picture(row: BandRow) -> str:
    """The trigger band with the weight now and after marked in it, drawn to the row's own scale."""
    low, high = row.trigger.lower, row.trigger.upper
    margin = max((high - low) / 2, Decimal("0.002"))
    left = min(low - margin, row.weight_before, row.weight_after)
    right = max(high + margin, row.weight_before, row.weight_after)

    def cell(weight: Decimal) -> int:
        return int(((weight - left) / (right - left) * (PICTURE_CELLS - 1)).to_integral_value())

    first = min(max(cell(low), 1), PICTURE_CELLS - 4)
    edges = first, min(max(cell(high), first + 2), PICTURE_CELLS - 2)
    signs = ["·"] * PICTURE_CELLS
    signs[edges[0] : edges[1] + 1] = ["├", *["─"] * (edges[1] - edges[0] - 1), "┤"]
    now = _drawn(cell(row.weight_before), -1 if row.was == "below" else int(row.was == "above"), edges)
    after = _drawn(cell(row.weight_after), side_after(row), edges)
    signs[now], signs[after] = "○", "◉" if now == after else "●"
    return "".join(signs)


def missing(row: BandRow) -> str:
    """How far the plan leaves a segment from where it had to be, and whether that is outside its band at all."""
    if not side_after(row):
        return f"is back inside its band, {dollars(row.breach)} short of where it had to be brought"
    if row.was == "inside":
        return f"is inside its band today and ends {dollars(row.breach)} outside"
    return f"still misses its band by {dollars(row.breach)}"


def _drawn(cell: int, side: int, edges: tuple[int, int]) -> int:
    """Where to draw a weight: however near to an edge, the picture must not say inside where the words say outside."""
    if side < 0:
        return min(cell, edges[0] - 1)
    if side > 0:
        return max(cell, edges[1] + 1)
    return min(max(cell, edges[0] + 1), edges[1] - 1)


def _cells(row: BandRow, depth: int, pictured: bool, ascii_only: bool) -> list[RenderableType]:
    out = row.was != "inside"
    accent = "yellow" if out else ""
    cells = [
        Text(percent(row.target)),
        Text(edges_of(row.trigger), style="dim"),
        Text(percent(row.weight_before), style=accent),
        Text(percent(row.weight_after), style="green" if out and not row.breach else ""),
        Text(standing_of(row), style=accent),
    ]
    if pictured:
        drawn = "" if row.trigger == NO_BAND else picture(row)
        cells.append(Text(drawn, style=accent or "dim"))
    name = Padding(Text(segment_name(row), style="bold" if depth == 0 else ""), (0, 0, 0, 2 * depth))
    return [name, *(Text(_translated(cell.plain, ascii_only), style=cell.style) for cell in cells)]


def edges_of(band: Band) -> str:
    """The edges of a band in per cent, in words."""
    return "none" if band == NO_BAND else f"{percent(band.lower)}–{percent(band.upper)}"


def standing_of(row: BandRow) -> str:
    """Where a segment stood, in percentage points from its band."""
    if row.was == "above":
        return f"▲ {points(row.weight_before - row.trigger.upper)} above"
    if row.was == "below":
        return f"▼ {points(row.trigger.lower - row.weight_before)} below"
    return "" if row.trigger == NO_BAND else "inside"


def _moved_to(plan: Plan, ascii_only: bool) -> Iterator[Text]:
    """Where the segments that were out had to go, when that is narrower than the band that called."""
    reached = [row for row in plan.bands if row.allowed != row.trigger]
    if reached and plan.scope.bands == "reach":
        goals = "; ".join(f"{segment_name(row)} {edges_of(row.allowed)}" for row in reached)
        yield Text(_translated(f"Had to be brought to: {goals}.", ascii_only), style="dim")


def segment_name(row: BandRow) -> str:
    """What a segment is called on a page."""
    return plain(row.name or row.segment)


def _translated(text: str, ascii_only: bool) -> str:
    return text.translate(_ASCII) if ascii_only else text
